/** Client authentication (RFC 6749 §2.3): which registered client a request comes from, proven. */
import type { TokenErrorCode } from '@tessera/jose'
import type { Throttle } from '../accounts/throttle.ts'
import type { Form } from '../http/form.ts'
import type { Client, ClientStore } from '../store/client-store.ts'
import type { Assertions } from './client-assertion.ts'
import { claimedClientId } from './client-assertion.ts'
import { isClientSecret } from './client-secret.ts'
import { readCredentials } from './presented-credentials.ts'

export type ClientVerdict =
  | { readonly ok: true; readonly client: Client }
  /** The request names no client, or one without proof. */
  | { readonly ok: false; readonly error: 'none' }
  | {
      readonly ok: false
      readonly error: 'invalid_request' | 'invalid_client'
      readonly code: 'request_invalid' | 'credentials_invalid' | TokenErrorCode
      readonly why: string
    }
  | { readonly ok: false; readonly error: 'throttled'; readonly retryAfterSeconds: number }

export interface ClientAttempt {
  /** The `Authorization` header. */
  readonly authorization: string | null
  readonly form: Form
  /** Asked of those who have to be throttled by it, who are few. */
  addressPrefix(): string
}

export interface ClientAuthentication {
  /** At once where there is no proof to check. */
  authenticate(attempt: ClientAttempt): ClientVerdict | Promise<ClientVerdict>
}

export interface ClientAuthenticationOptions {
  readonly clients: ClientStore
  readonly assertions: Assertions
  readonly throttle: Throttle
}

/** One wording for an unknown client, a revoked one and a wrong secret. */
const wrong = {
  ok: false,
  error: 'invalid_client',
  code: 'credentials_invalid',
  why: 'the client is unknown, or did not prove itself',
} as const satisfies ClientVerdict

const none: ClientVerdict = { ok: false, error: 'none' }

export function createClientAuthentication(options: ClientAuthenticationOptions): ClientAuthentication {
  return {
    authenticate: (attempt) => {
      const presented = readCredentials(attempt.authorization, attempt.form)
      if (presented.kind === 'none') return none
      if (presented.kind === 'broken') {
        const code = presented.error === 'invalid_client' ? 'credentials_invalid' : 'request_invalid'
        return { ok: false, error: presented.error, code, why: presented.why }
      }
      if (presented.kind === 'assertion') return byAssertion(options, presented)
      return bySecret(options, presented, attempt.addressPrefix())
    },
  }
}

/** A right secret is never throttled: whoever guesses cannot keep a service from its tokens. */
async function bySecret(
  { clients, throttle }: ClientAuthenticationOptions,
  { clientId, secret }: { readonly clientId: string; readonly secret: string },
  addressPrefix: string,
): Promise<ClientVerdict> {
  const client = await findLive(clients, clientId)
  if (isClientSecret(secret, client?.secretHash ?? null) && client !== undefined) return { ok: true, client }
  const charge = await throttle.charge(`client ${clientId}`, addressPrefix)
  return charge.ok ? wrong : { ok: false, error: 'throttled', retryAfterSeconds: charge.retryAfterSeconds }
}

async function byAssertion(
  { clients, assertions }: ClientAuthenticationOptions,
  presented: { readonly assertion: string; readonly clientId: string | undefined },
): Promise<ClientVerdict> {
  const clientId = presented.clientId ?? claimedClientId(presented.assertion)
  const client = clientId === undefined ? undefined : await findLive(clients, clientId)
  if (client === undefined || client.jwkSet === null) return wrong
  const verdict = await assertions.verify(presented.assertion, client)
  if (!verdict.ok) {
    return { ok: false, error: 'invalid_client', code: verdict.code, why: `client_assertion: ${verdict.why}` }
  }
  const { jti, expiresAt } = verdict
  const isNew = await clients.useAssertion({ clientId: client.clientId, jti, expiresAt })
  if (isNew) return { ok: true, client }
  const why = 'client_assertion: expected one with a new jti, got one that was used before'
  return { ok: false, error: 'invalid_client', code: 'replayed', why }
}

/** An id that no client can have is not looked for. */
async function findLive(clients: ClientStore, clientId: string): Promise<Client | undefined> {
  if (clientId.length > 255 || clientId.includes('\0')) return undefined
  const client = await clients.find(clientId)
  return client?.revokedAt === null ? client : undefined
}
