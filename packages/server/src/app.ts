/** The route table of the server, and what every answer of it has in common. */
import { problem } from '@tessera/guard'
import type { ProblemAnswer } from '@tessera/guard'
import { HasherBusy } from './accounts/hash-pool.ts'
import type { CheckedConfig } from './config/check-config.ts'
import type { Answer } from './http/answer.ts'
import { asOAuthAnswer, problemAnswer, waitProblem } from './http/answer.ts'
import { createBound } from './http/bounded.ts'
import { clientAddress, isLocalRequest } from './http/client-address.ts'
import { createCors } from './http/cors.ts'
import type { Finish, FinishedAnswer, FinishRequest } from './http/finish.ts'
import { createFinish } from './http/finish.ts'
import type { Incoming } from './http/incoming.ts'
import type { Gauge, LabelledCounter, Metrics } from './http/metrics.ts'
import { createMetrics } from './http/metrics.ts'
import { createRoutesByPath } from './http/routes-by-path.ts'
import type { SigningKeys } from './keys/signing-keys.ts'
import type { Desk, Endpoint, Exchange, PublicEndpoint } from './routes/desk.ts'
import { addClient, listClients, revokeClient, rotateClientSecret } from './routes/admin/clients.ts'
import { listAudit, listKeys, revokeKey, rotateKeys } from './routes/admin/keys-and-audit.ts'
import {
  addUser,
  changeRoles,
  disableUser,
  enableUser,
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
import { revocationsEndpoint } from './routes/revocations.ts'
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

type Methods = Readonly<Partial<Record<'GET' | 'POST' | 'DELETE', Endpoint | PublicEndpoint>>>

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
    '/revocations/jwks.json': { GET: jwkSetEndpoint(feedKeys) },
    '/.well-known/jwks.json': { GET: jwkSetEndpoint(keys) },
    [metadataPath]: { GET: metadataEndpoint(config) },
    '/ticket': { POST: issueTicket },
    '/ticket/redeem': { POST: redeemTicket },
    '/admin/users': { GET: listUsers, POST: addUser },
    '/admin/users/:id': { GET: showUser, DELETE: removeUser },
    '/admin/users/:id/disable': { POST: disableUser },
    '/admin/users/:id/enable': { POST: enableUser },
    '/admin/users/:id/roles': { POST: changeRoles },
    '/admin/users/:id/sessions': { GET: listUserSessions, DELETE: endUserSessions },
    '/admin/sessions/:id': { DELETE: endAnySession },
    '/admin/clients': { GET: listClients, POST: addClient },
    '/admin/clients/:id': { DELETE: revokeClient },
    '/admin/clients/:id/rotate-secret': { POST: rotateClientSecret },
    '/admin/keys': { GET: listKeys },
    '/admin/keys/rotate': { POST: rotateKeys(keys) },
    '/admin/keys/:kid': { DELETE: revokeKey([keys, feedKeys]) },
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

/** Answers one request; at once where nothing has to be waited for. Never rejects. */
export type App = (request: Incoming, info: RequestInfo) => FinishedAnswer | Promise<FinishedAnswer>

/** What answers where the table has no route: the console, in the stand-alone server. */
export type Fallback = (request: Incoming, path: string) => Answer | undefined

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
  const withinBound = createBound()
  const table = Object.entries(routeTable({ config, keys, feedKeys, metrics }))
  const find = createRoutesByPath(
    Object.fromEntries(table.map(([pattern, methods]) => [pattern, routeOf(pattern, methods)])),
  )
  return (request, info) => {
    const startedMs = performance.now()
    const path = pathOf(request.url, config.basePath)
    const found = find(path)
    if (found === undefined) {
      const about = { request, route: undefined, startedMs }
      return answerBy(finish, about, () => fallback?.(request, path) ?? nothing)
    }
    const { route, params } = found
    return answerBy(finish, { request, route: route.pattern, startedMs }, () => {
      const endpoint = route.endpoints.get(request.method)
      if (endpoint === undefined) return cors.preflight(request, route.allowed) ?? route.wrongMethod
      if (typeof endpoint === 'object') return endpoint.document(request)
      // No id holds it, and PostgreSQL takes no text that does.
      const hasNul = Object.values(params).some((part) => part.includes('\0'))
      if (hasNul) return nothing
      const exchange = exchangeOf(request, { path: params, info, config })
      return withinBound(() => endpoint(desk, exchange), route.overloaded)
    })
  }
}

const nothing: Answer = problemAnswer(problem('not_found', 'there is no such path'))

interface Route {
  readonly pattern: string
  readonly endpoints: ReadonlyMap<string, Endpoint | PublicEndpoint>
  readonly allowed: readonly string[]
  readonly wrongMethod: Answer
  readonly overloaded: Answer
}

function routeOf(pattern: string, methods: Methods): Route {
  const endpoints = new Map(Object.entries(methods))
  const get = methods.GET
  if (typeof get === 'object') endpoints.set('HEAD', get)
  if (typeof get === 'function') {
    endpoints.set('HEAD', async (desk, exchange) => withoutStream(await get(desk, exchange)))
  }
  const allowed = Object.keys(methods).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const allow = allowed.join(', ')
  const refusal = problem('method_not_allowed', `expected ${allow}, got another method`, {
    headers: { allow },
  })
  const overload = waitProblem('overloaded', 'too many requests are being answered: try again shortly', 2)
  const overloaded = shape(pattern, overload)
  return { pattern, endpoints, allowed, wrongMethod: shape(pattern, refusal), overloaded }
}

/** The answer to HEAD: whoever sends it leaves the body out, and a stream has no end to wait for. */
function withoutStream(answer: Answer): Answer {
  if (!(answer.body instanceof ReadableStream)) return answer
  void answer.body.cancel()
  return { ...answer, body: null }
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

/** The path below the issuer's own, which a proxy in front may have taken off or not. RFC 8414 §3.1 puts it last. */
function pathOf(url: string, basePath: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = start < 0 ? -1 : url.slice(start).search(/[?#]/)
  const path = start < 0 ? '/' : url.slice(start, end < 0 ? undefined : start + end)
  if (basePath === '') return path
  if (path === `${metadataPath}${basePath}`) return metadataPath
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
}

interface ExchangeParts {
  readonly path: Exchange['path']
  readonly info: RequestInfo
  readonly config: CheckedConfig
}

/** Where a request came from is found out for whoever asks. */
function exchangeOf(request: Incoming, { path, info, config }: ExchangeParts): Exchange {
  const { trustProxy } = config
  const { remoteAddress } = info
  return {
    request,
    path,
    get addressPrefix() {
      return addressPrefix(clientAddress(request.headers, remoteAddress, trustProxy))
    },
    get isLocal() {
      // Where proxies are expected, what comes from here is theirs.
      return trustProxy === 0 && isLocalRequest(request.headers, remoteAddress)
    },
  }
}

function answerBy(
  finish: Finish,
  about: FinishRequest,
  act: () => Answer | Promise<Answer>,
): FinishedAnswer | Promise<FinishedAnswer> {
  const refuse = (error: unknown): FinishedAnswer =>
    finish(shape(about.route, refusalOf(error)), { ...about, error })
  try {
    const answer = act()
    return answer instanceof Promise
      ? answer.then((settled) => finish(settled, about), refuse)
      : finish(answer, about)
  } catch (error) {
    return refuse(error)
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
