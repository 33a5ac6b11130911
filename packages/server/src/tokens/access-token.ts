/** Access tokens: JWTs after RFC 9068, signed when the session's change has been committed. */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { signJwt } from '@tessera/jose'
import type { ClaimsSet } from '@tessera/jose'
import type { ClaimsContext, ClaimsHook } from '../config/server-config.ts'
import { reservedClaims } from '../config/server-config.ts'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Client } from '../store/client-store.ts'
import type { Session } from '../store/store.ts'

export interface IssueAccessToken {
  readonly session: Session
  readonly roles: readonly string[]
  /** Scopes, separated by one space: those of the session, or fewer. */
  readonly scope: string
  /** Default the first of the server. */
  readonly audience?: string
  /** Default the server's own; a longer one counts as that. */
  readonly lifeSeconds?: number
}

/** A token that a client gets for itself (RFC 6749 §4.4). */
export interface IssueClientToken {
  readonly client: Client
  readonly scope: string
  readonly audience: string
}

export interface AccessToken {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface AccessTokens {
  issue(request: IssueAccessToken): Promise<AccessToken>
  issueToClient(request: IssueClientToken): Promise<AccessToken>
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
  /** By how many parts in a hundred of its life a token may end earlier. Default 0. */
  readonly jitterPercent?: number
  readonly keys: SigningKeys
  readonly secrets: ServerSecrets
  readonly claims: ClaimsHook | undefined
  readonly nowMs: () => number
}

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { issuer, audience, lifeSeconds, jitterPercent = 0, keys, secrets, claims: hook, nowMs } = options
  // Whether the secret is shared does not change while the server runs; the key does.
  const isShared = keys.signingKey.type === 'secret'
  const sign = async ({ own, context }: TokenParts, { aud, iat, exp }: Registered): Promise<AccessToken> => {
    // Most servers have no hook to wait for.
    const claims = hook === undefined ? own : { ...(await privateClaims(hook, context)), ...own }
    const sealed = isShared ? { ...claims, seal: seal(claims, secrets.current.sealKey) } : claims
    const key = keys.signingKeyFor(aud)
    const token = await signJwt(sealed, key, { typ: 'at+jwt' })
    return { token, expiresInSeconds: exp - iat }
  }
  return {
    issue: (request) => {
      const iat = Math.floor(nowMs() / 1000)
      const life = Math.min(lifeSeconds, request.lifeSeconds ?? lifeSeconds)
      const exp = Math.min(iat + shortened(life, jitterPercent), request.session.absoluteExpiresAt)
      const registered = { iss: issuer, aud: request.audience ?? audience, iat, exp }
      return sign(ofSession(request, registered), registered)
    },
    issueToClient: (request) => {
      const iat = Math.floor(nowMs() / 1000)
      const exp = iat + shortened(lifeSeconds, jitterPercent)
      const registered = { iss: issuer, aud: request.audience, iat, exp }
      return sign(ofClient(request, registered), registered)
    },
    isOurs: (claims) => !isShared || hasSeal(claims, secrets),
  }
}

/** A life that ends up to so many parts in a hundred earlier, so that what began together does not end together. */
function shortened(lifeSeconds: number, percent: number): number {
  const most = Math.floor((lifeSeconds * percent) / 100)
  return most === 0 ? lifeSeconds : lifeSeconds - randomInt(most + 1)
}

/** Claims that the moment decides (RFC 7519 §4.1). */
interface Registered {
  readonly iss: string
  readonly aud: string
  readonly iat: number
  readonly exp: number
}

interface TokenParts {
  /** Every claim but those of the hook. */
  readonly own: ClaimsSet
  readonly context: ClaimsContext
}

// Each set of claims is one literal: on Node 20 every name that is added to a copy costs as much as ten in a literal.

function ofSession({ session, roles, scope }: IssueAccessToken, registered: Registered): TokenParts {
  const { userId, clientId, sid, sessionVersion, authTime } = session
  const { iss, aud, iat, exp } = registered
  return {
    own: {
      iss,
      sub: userId,
      aud,
      iat,
      exp,
      jti: randomId(),
      client_id: clientId,
      scope,
      sid,
      sv: sessionVersion,
      roles,
      auth_time: authTime,
    },
    context: { subject: 'user', userId, sessionId: sid, clientId, scope, roles },
  }
}

/** RFC 9068 §2.2: where no person is involved, the subject is the client. Its `sid` is what a revocation names. */
function ofClient({ client, scope }: IssueClientToken, { iss, aud, iat, exp }: Registered): TokenParts {
  const { clientId, tokenSid, roles } = client
  const registered = { iss, sub: clientId, aud, iat, exp, jti: randomId() }
  const granted = scope === '' ? {} : { scope }
  return {
    own: { ...registered, client_id: clientId, ...granted, sid: tokenSid, sv: 1, roles },
    context: { subject: 'client', clientId, scope, roles },
  }
}

async function privateClaims(hook: ClaimsHook, context: ClaimsContext): Promise<ClaimsSet> {
  const claims = await hook(context)
  const reserved = reservedClaims.find((name) => Object.hasOwn(claims, name))
  if (reserved !== undefined) {
    throw new Error(`claims hook: expected private claims, got "${reserved}", which the server alone sets`)
  }
  return claims
}

function seal(claims: ClaimsSet, key: ServerSecrets['current']['sealKey']): string {
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
