/**
 * Access tokens of this server as the server itself judges them: not by signature and time alone, as a guard does, but
 * by the state of what they stand for (RFC 7662 §4).
 */
import { createVerifier } from '@tessera/jose'
import type { ClaimsSet } from '@tessera/jose'
import type { SigningKeys } from '../keys/signing-keys.ts'
import { isLive } from '../sessions/end-session.ts'
import type { LiveRevocations } from '../sessions/live-revocations.ts'
import type { Store } from '../store/store.ts'
import type { AccessTokens } from './access-token.ts'

/** The claims of a token that this server made. */
export interface OwnClaims extends ClaimsSet {
  readonly sub: string
  readonly client_id: string
  readonly sid: string
  readonly jti: string
  readonly exp: number
}

export interface OwnAccessTokens {
  /** The claims of a token that this server made, that has not expired and was not revoked; else undefined. */
  verify(token: string): Promise<OwnClaims | undefined>
  /** Whether the session or client behind verified claims still stands. */
  isInForce(claims: OwnClaims): Promise<boolean>
}

export interface OwnAccessTokensOptions {
  readonly issuer: string
  readonly keys: SigningKeys
  readonly accessTokens: AccessTokens
  readonly revocations: LiveRevocations
  readonly store: Pick<Store, 'sessions' | 'clients'>
  readonly nowMs: () => number
}

export function createOwnAccessTokens(options: OwnAccessTokensOptions): OwnAccessTokens {
  const { issuer, keys, accessTokens, revocations, nowMs } = options
  const verifier = createVerifier({
    issuer,
    // Whoever it is for: the caller is judged beside it.
    audience: null,
    typ: 'at+jwt',
    keys: keys.verificationKeys,
    required: ['sub', 'client_id', 'sid', 'jti', 'exp'],
    now: () => nowMs() / 1000,
  })
  return {
    verify: async (token) => {
      const result = await verifier.safeVerify(token)
      if (!result.ok || !isOwn(result.claims) || !accessTokens.isOurs(result.claims)) return undefined
      return revocations.source.isRevoked(result.claims, result.header.kid) ? undefined : result.claims
    },
    isInForce: (claims) => isInForce(options, claims),
  }
}

function isOwn(claims: ClaimsSet): claims is OwnClaims {
  return ['sub', 'client_id', 'sid', 'jti'].every((name) => typeof claims[name] === 'string')
}

async function isInForce(
  { store, nowMs }: OwnAccessTokensOptions,
  { sub, client_id: clientId, sid }: OwnClaims,
): Promise<boolean> {
  if (sub === clientId) {
    const client = await store.clients.find(clientId)
    return client?.revokedAt === null && client.tokenSid === sid
  }
  const session = await store.sessions.find(sid)
  if (session === undefined || session.userId !== sub || !isLive(session, nowMs())) return false
  return session.user.disabledAt === null && session.user.credentialVersion === session.credentialVersion
}
