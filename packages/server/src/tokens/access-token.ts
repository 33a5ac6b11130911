/** Access tokens: JWTs after RFC 9068, signed when the session's change has been committed. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { signJwt } from '@tessera/jose'
import type { ClaimsSet } from '@tessera/jose'
import type { ClaimsHook } from '../config/server-config.ts'
import { reservedClaims } from '../config/server-config.ts'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Session } from '../store/store.ts'

export interface IssueAccessToken {
  readonly session: Session
  readonly roles: readonly string[]
  /** Scopes, separated by one space: those of the session, or fewer. */
  readonly scope: string
}

export interface AccessToken {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface AccessTokens {
  issue(request: IssueAccessToken): Promise<AccessToken>
  /**
   * Whether this server issued a token whose signature was verified. Always so for asymmetric keys; where API servers
   * hold the signing secret, only the seal tells (P1).
   */
  isOurs(claims: ClaimsSet): boolean
}

export interface AccessTokensOptions {
  readonly issuer: string
  readonly audience: string
  readonly lifeSeconds: number
  readonly keys: SigningKeys
  readonly secrets: ServerSecrets
  readonly claims: ClaimsHook | undefined
  readonly nowMs: () => number
}

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { issuer, audience, lifeSeconds, keys, secrets, claims: hook, nowMs } = options
  // Whether the secret is shared does not change while the server runs; the key does.
  const isShared = keys.signingKey.type === 'secret'
  return {
    issue: async ({ session, roles, scope }) => {
      const iat = Math.floor(nowMs() / 1000)
      const exp = Math.min(iat + lifeSeconds, session.absoluteExpiresAt)
      const registered = { iss: issuer, sub: session.userId, aud: audience, iat, exp, jti: randomId() }
      const own = {
        client_id: session.clientId,
        scope,
        sid: session.sid,
        sv: session.sessionVersion,
        roles,
        auth_time: session.authTime,
      }
      const claims: ClaimsSet = {
        ...(await privateClaims(hook, session, { roles, scope })),
        ...registered,
        ...own,
      }
      const sealed = isShared ? { ...claims, seal: seal(claims, secrets.newest.sealKey) } : claims
      const token = await signJwt(sealed, keys.signingKey, { typ: 'at+jwt' })
      return { token, expiresInSeconds: exp - iat }
    },
    isOurs: (claims) => !isShared || hasSeal(claims, secrets),
  }
}

async function privateClaims(
  hook: ClaimsHook | undefined,
  { userId, sid, clientId }: Session,
  { roles, scope }: { roles: readonly string[]; scope: string },
): Promise<ClaimsSet> {
  if (hook === undefined) return {}
  const claims = await hook({ userId, sessionId: sid, clientId, scope, roles })
  const reserved = reservedClaims.find((name) => Object.hasOwn(claims, name))
  if (reserved !== undefined) {
    throw new Error(`claims hook: expected private claims, got "${reserved}", which the server alone sets`)
  }
  return claims
}

function seal(claims: ClaimsSet, key: ServerSecrets['newest']['sealKey']): string {
  const { jti, sub, aud, iat, exp } = claims
  const input = JSON.stringify([jti, claims['sid'], sub, aud, claims['scope'], claims['roles'], iat, exp])
  return createHmac('sha256', key).update(input).digest('base64url')
}

function hasSeal(claims: ClaimsSet, secrets: ServerSecrets): boolean {
  const given = claims['seal']
  if (typeof given !== 'string' || given.length !== 43) return false
  const bytes = Buffer.from(given)
  return secrets.all.some(({ sealKey }) => {
    const expected = Buffer.from(seal(claims, sealKey))
    return bytes.length === expected.length && timingSafeEqual(bytes, expected)
  })
}

// One call to the system's random source serves many tokens.
let pool = Buffer.alloc(0)

/** 128 random bits as base64url. */
export function randomId(): string {
  if (pool.length < 16) pool = randomBytes(4096)
  const id = pool.toString('base64url', 0, 16)
  pool = pool.subarray(16)
  return id
}
