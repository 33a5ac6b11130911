/** The route table of the server, and what every answer of it has in common. */
import { problem } from '@tessera/guard'
import type { ProblemAnswer } from '@tessera/guard'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { HasherBusy } from './accounts/hash-pool.ts'
import type { CheckedConfig } from './config/check-config.ts'
import type { Answer } from './http/answer.ts'
import { asOAuthAnswer, problemAnswer, waitProblem } from './http/answer.ts'
import { clientAddress, isLocalRequest } from './http/client-address.ts'
import { createCors } from './http/cors.ts'
import type { Finish } from './http/finish.ts'
import { createFinish } from './http/finish.ts'
import type { Gauge, LabelledCounter, Metrics } from './http/metrics.ts'
import { createMetrics } from './http/metrics.ts'
import type { SigningKeys } from './keys/signing-keys.ts'
import type { Desk, Endpoint } from './routes/desk.ts'
import { addClient, listClients, revokeClient } from './routes/admin/clients.ts'
import { listAudit, listKeys, revokeKey, rotateKeys } from './routes/admin/keys-and-audit.ts'
import {
  addUser,
  disableUser,
  endAnySession,
  endUserSessions,
  listUsers,
  listUserSessions,
  removeUser,
  showUser,
} from './routes/admin/users.ts'
import { deleteAccount } from './routes/delete-account.ts'
import { healthz, readyz } from './routes/health.ts'
import { introspect } from './routes/introspect.ts'
import { login } from './routes/login.ts'
import { logout } from './routes/logout.ts'
import { metricsEndpoint } from './routes/metrics.ts'
import { me } from './routes/me.ts'
import { forgotPassword, resetPassword, verifyEmail } from './routes/one-time.ts'
import { changePassword } from './routes/password.ts'
import { feedKeysEndpoint, revocationsEndpoint } from './routes/revocations.ts'
import { docsEndpoint, openApiEndpoint } from './routes/reference/endpoints.ts'
import { oauthPaths } from './routes/reference/token-operations.ts'
import { revoke } from './routes/revoke.ts'
import { endOtherSessions, endSession, listSessions } from './routes/sessions.ts'
import { signup } from './routes/signup.ts'
import { issueTicket, redeemTicket } from './routes/ticket.ts'
import { token } from './routes/token.ts'
import { jwkSetEndpoint, metadataEndpoint } from './routes/well-known.ts'
import { addressPrefix } from './sessions/address-prefix.ts'
import { NoUsableSecret } from './keys/server-secrets.ts'
import { SessionGroupBusy } from './sessions/session-group.ts'
import { StoreError } from './store/store-error.ts'

type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Endpoint>>>

interface TableParts {
  readonly config: CheckedConfig
  readonly keys: SigningKeys
  readonly feedKeys: SigningKeys
  readonly metrics: Metrics
}

const metadataPath = '/.well-known/oauth-authorization-server'

/** Every path that the server answers, and the methods of each. */
export function routeTable({
  config,
  keys,
  feedKeys,
  metrics,
}: TableParts): Readonly<Record<string, Methods>> {
  return {
    '/signup': { POST: signup },
    '/login': { POST: login },
    '/token': { POST: token },
    '/revoke': { POST: revoke },
    '/introspect': { POST: introspect },
    '/logout': { POST: logout },
    '/me': { GET: me, DELETE: deleteAccount },
    '/password': { POST: changePassword },
    '/password/forgot': { POST: forgotPassword },
    '/password/reset': { POST: resetPassword },
    '/email/verify': { POST: verifyEmail },
    '/sessions': { GET: listSessions },
    '/sessions/revoke-others': { POST: endOtherSessions },
    '/sessions/:id': { DELETE: endSession },
    '/revocations': { GET: revocationsEndpoint() },
    '/revocations/jwks.json': { GET: feedKeysEndpoint(feedKeys) },
    '/.well-known/jwks.json': { GET: jwkSetEndpoint(keys) },
    [metadataPath]: { GET: metadataEndpoint(config) },
    '/ticket': { POST: issueTicket },
    '/ticket/redeem': { POST: redeemTicket },
    '/admin/users': { GET: listUsers, POST: addUser },
    '/admin/users/:id': { GET: showUser, DELETE: removeUser },
    '/admin/users/:id/disable': { POST: disableUser },
    '/admin/users/:id/sessions': { GET: listUserSessions, DELETE: endUserSessions },
    '/admin/sessions/:id': { DELETE: endAnySession },
    '/admin/clients': { GET: listClients, POST: addClient },
    '/admin/clients/:id': { DELETE: revokeClient },
    '/admin/keys': { GET: listKeys },
    '/admin/keys/rotate': { POST: rotateKeys },
    '/admin/keys/:kid': { DELETE: revokeKey },
    '/admin/audit': { GET: listAudit },
    '/metrics': { GET: metricsEndpoint(metrics) },
    '/openapi.json': { GET: openApiEndpoint(config.issuer) },
    '/docs': { GET: docsEndpoint(config.issuer) },
    '/healthz': { GET: healthz },
    '/readyz': { GET: readyz },
  }
}

/** What the host of the server knows of a request, and its `Request` does not say. */
export interface RequestInfo {
  /** The peer of the connection. */
  readonly remoteAddress?: string
}

interface Bindings {
  readonly info: RequestInfo
}

export type App = (request: Request, info: RequestInfo) => Promise<Response>

/** What answers where the table has no route: the console, in the stand-alone server. */
export type Fallback = (request: Request, path: string) => Answer | undefined

export interface AppOptions {
  readonly desk: Desk
  readonly keys: SigningKeys
  readonly feedKeys: SigningKeys
  readonly fallback?: Fallback
}

export function createApp({ desk, keys, feedKeys, fallback }: AppOptions): App {
  const { config } = desk
  const cors = createCors(config.origins)
  const metrics = createMetrics(gaugesOf(desk), [refreshCounter(desk)])
  const finish = createFinish({ cors, log: config.log, issuer: config.issuer, metrics })
  const app = new Hono<{ Bindings: Bindings }>({ getPath: (request) => pathOf(request, config.basePath) })

  for (const [path, methods] of Object.entries(routeTable({ config, keys, feedKeys, metrics }))) {
    const allowed = allowedMethods(methods)
    app.all(path, (context) =>
      respond(context, finish, path, async () => {
        const { method } = context.req.raw
        const endpoint = methods[(method === 'HEAD' ? 'GET' : method) as keyof Methods]
        if (endpoint === undefined) {
          return cors.preflight(context.req.raw, allowed) ?? shape(path, wrongMethod(allowed))
        }
        const exchange = exchangeOf(context, config)
        // No id holds it, and PostgreSQL takes no text that does.
        if (Object.values(exchange.path).some((part) => part.includes('\0'))) {
          return shape(path, problem('not_found', 'there is no such path'))
        }
        return endpoint(desk, exchange)
      }),
    )
  }
  app.notFound((context) => {
    const path = pathOf(context.req.raw, config.basePath)
    const nothing = problemAnswer(problem('not_found', 'there is no such path'))
    return respond(context, finish, undefined, async () => fallback?.(context.req.raw, path) ?? nothing)
  })
  return async (request, info) => app.fetch(withKnownMethod(request), { info })
}

function gaugesOf({ revocations, feed, registry }: Desk): readonly Gauge[] {
  return [
    {
      name: 'tessera_revocations_current',
      help: 'Whether every revocation that a live token could meet is known (1) or not (0).',
      read: () => (revocations.source.isCurrent() && !feed.isClosed ? 1 : 0),
    },
    {
      name: 'tessera_server_secrets_missing',
      help: 'Server secrets in use that this process lacks: it answers 503 where they are needed.',
      read: () => registry.missing.length,
    },
    {
      name: 'tessera_server_secret_waiting',
      help: 'Whether a new server secret waits for processes that lack it (1) or not (0).',
      read: () => (registry.isWaiting ? 1 : 0),
    },
  ]
}

function refreshCounter({ refreshCounts }: Desk): LabelledCounter {
  return {
    name: 'tessera_refresh_status_total',
    help: 'Refreshes by what they came to: first, replay, clashed, reuse and more.',
    label: 'status',
    read: refreshCounts.read,
  }
}

const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
])

/** The router looks methods up as members of objects: one of the client's own making stands for one that no route has. */
function withKnownMethod(request: Request): Request {
  if (knownMethods.has(request.method)) return request
  return new Request(request.url, { method: 'PATCH', headers: request.headers })
}

/** The path below the issuer's own, which a proxy in front may have taken off or not. RFC 8414 §3.1 puts it last. */
function pathOf({ url }: Request, basePath: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.slice(start).search(/[?#]/)
  const path = start < 0 ? '/' : end < 0 ? url.slice(start) : url.slice(start, start + end)
  if (basePath === '') return path
  if (path === `${metadataPath}${basePath}`) return metadataPath
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
}

function allowedMethods(methods: Methods): readonly string[] {
  return Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

function wrongMethod(allowed: readonly string[]): ProblemAnswer {
  const allow = allowed.join(', ')
  return problem('method_not_allowed', `expected ${allow}, got another method`, { headers: { allow } })
}

function exchangeOf(context: Context<{ Bindings: Bindings }>, { trustProxy }: CheckedConfig) {
  const request = context.req.raw
  const address = clientAddress(request.headers, context.env.info.remoteAddress, trustProxy)
  // Where proxies are expected, what comes from here is theirs.
  const isLocal = trustProxy === 0 && isLocalRequest(request.headers, context.env.info.remoteAddress)
  return { request, path: context.req.param(), addressPrefix: addressPrefix(address), isLocal }
}

async function respond(
  context: Context<{ Bindings: Bindings }>,
  finish: Finish,
  route: string | undefined,
  act: () => Promise<Answer>,
): Promise<Response> {
  const exchange = finish.begin(context.req.raw, route)
  try {
    return exchange.answer(await act())
  } catch (error) {
    return exchange.answer(shape(route, refusalOf(error)), error)
  }
}

/** What the server could not do is never the fault of the request, and never a reason to drop a session. */
function refusalOf(error: unknown): ProblemAnswer {
  if (error instanceof HasherBusy) {
    return waitProblem('overloaded', 'too many passwords are being checked: try again shortly', 2)
  }
  if (error instanceof SessionGroupBusy) {
    return waitProblem('overloaded', 'too many sessions are being refreshed: try again shortly', 2)
  }
  if (error instanceof NoUsableSecret) {
    return waitProblem('unavailable', 'the server secrets are being changed: try again shortly', 5)
  }
  const detail =
    error instanceof StoreError
      ? error.databaseCode === 'MOVED'
        ? 'this database was handed over to another server'
        : 'the database is not available: try again shortly'
      : 'the server could not do this: try again shortly'
  return waitProblem('unavailable', detail, 5)
}

function shape(route: string | undefined, refusal: ProblemAnswer): Answer {
  return route !== undefined && oauthPaths.has(route) ? asOAuthAnswer(refusal) : problemAnswer(refusal)
}
