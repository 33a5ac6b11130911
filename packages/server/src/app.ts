/** The route table of the server. */
import type { CheckedConfig } from './config/check-config.ts'
import { createCors } from './http/cors.ts'
import { createFinish } from './http/finish.ts'
import type { Metrics } from './http/metrics.ts'
import { createMetrics } from './http/metrics.ts'
import type { SigningKeys } from './keys/signing-keys.ts'
import { addClient, listClients, revokeClient, rotateClientSecret } from './routes/admin/clients.ts'
import { listAudit, listKeys, revokeKey, rotateKeys } from './routes/admin/keys-and-audit.ts'
import {
  addUser,
  changeRoles,
  disableUser,
  enableUser,
  endAnySession,
  endUserSessions,
  listAllSessions,
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
import type { Desk } from './routes/desk.ts'
import type { App, Fallback } from './routes/dispatch.ts'
import { createDispatch } from './routes/dispatch.ts'
import { createFaultMemory } from './routes/fault-memory.ts'
import { countersOf, gaugesOf } from './routes/figures.ts'
import { docsEndpoint, openApiEndpoint } from './routes/reference/endpoints.ts'
import { revoke } from './routes/revoke.ts'
import { endOtherSessions, endSession, listSessions } from './routes/sessions.ts'
import { metadataPath } from './routes/request-path.ts'
import type { Methods } from './routes/route.ts'
import { signup } from './routes/signup.ts'
import { issueTicket, redeemTicket } from './routes/ticket.ts'
import { token } from './routes/token.ts'
import { jwkSetEndpoint, metadataEndpoint } from './routes/well-known.ts'

interface TableParts {
  readonly config: CheckedConfig
  readonly keys: SigningKeys
  readonly feedKeys: SigningKeys
  readonly metrics: Metrics
}

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
    '/admin/sessions': { GET: listAllSessions },
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

export interface AppOptions {
  readonly desk: Desk
  readonly keys: SigningKeys
  readonly feedKeys: SigningKeys
  readonly fallback?: Fallback
}

export function createApp({ desk, keys, feedKeys, fallback }: AppOptions): App {
  const { config, monotonicMs } = desk
  const { log, issuer } = config
  const cors = createCors(config.origins)
  const metrics = createMetrics(gaugesOf(desk), countersOf(desk))
  return createDispatch({
    desk,
    table: routeTable({ config, keys, feedKeys, metrics }),
    cors,
    finish: createFinish({ cors, log, issuer, metrics, isNews: createFaultMemory(monotonicMs) }),
    fallback,
  })
}
