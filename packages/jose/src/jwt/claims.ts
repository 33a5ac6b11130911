/**
 * The rules for claims (RFC 7519 §4.1). This is the only file that knows them; guard, command line, console and server
 * all call it. The order is fixed: types, typ, times, issuer, audience, subject, required names.
 */
import { type JsonObject, kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { ClaimsSet, NumericDate } from './claims-set.ts'
import { checkNumericDate } from './numeric-date.ts'

/** What is expected of a claims set. `null` waives a check, and nothing else does. */
export interface ClaimsPolicy {
  /** Accepted issuers. */
  readonly issuers: readonly string[] | null
  /** Accepted audiences, any of which must match; undefined: a token that names an audience is refused. */
  readonly audiences: readonly string[] | null | undefined
  /** Accepted `typ` values, in their short lower-case form (`at+jwt`); '' stands for an absent one. */
  readonly types: readonly string[] | null
  readonly subject: string | undefined
  readonly required: readonly string[]
  readonly maxAgeSeconds: number | undefined
  readonly clockToleranceSeconds: number
}

/** `iat` may lie this far ahead: clocks of two machines differ by seconds, and nobody gains by it. */
const issuedAheadSeconds = 60

/**
 * Checks the registered claims' types, whoever signs or verifies.
 *
 * @throws {JoseError} `claim_invalid`
 */
export function checkClaimTypes(given: ClaimsSet): void {
  const claims = ownClaims(given)
  if (claims.exp !== undefined) checkNumericDate(claims.exp, 'exp')
  if (claims.nbf !== undefined) checkNumericDate(claims.nbf, 'nbf')
  if (claims.iat !== undefined) checkNumericDate(claims.iat, 'iat')
  if (claims.iss !== undefined && typeof claims.iss !== 'string') throw wrongKind('iss', 'text', claims.iss)
  if (claims.sub !== undefined && typeof claims.sub !== 'string') throw wrongKind('sub', 'text', claims.sub)
  if (claims.jti !== undefined && typeof claims.jti !== 'string') throw wrongKind('jti', 'text', claims.jti)
  if (claims.aud !== undefined && !isAudience(claims.aud)) {
    throw wrongKind('aud', 'text or a non-empty array of text', claims.aud)
  }
}

/**
 * Checks verified claims against a policy.
 *
 * @param now - the present, in seconds
 * @throws {JoseError} `claim_invalid`, `typ_mismatch`, `claim_missing`, `expired`, `not_yet_valid`, `too_old`
 */
export function checkClaims(
  header: { readonly typ?: string },
  given: ClaimsSet,
  policy: ClaimsPolicy,
  now: NumericDate,
): void {
  const claims = ownClaims(given)
  checkClaimTypes(claims)
  checkType(header.typ, policy.types)
  checkTimes(claims, policy, now)
  checkIssuer(claims, policy.issuers)
  checkAudience(claims, policy.audiences)
  if (policy.subject !== undefined && requireClaim(claims, 'sub') !== policy.subject)
    throw mismatch('sub', 'the expected subject')
  for (const name of policy.required) requireClaim(claims, name)
}

/**
 * The claims with own members only: an Object.prototype that somebody polluted must not give a token claims. JSON has no
 * undefined, so without inherited names a member that reads as undefined is absent; measured, asking `hasOwn` for each
 * costs more than the checks.
 */
function ownClaims(claims: ClaimsSet): ClaimsSet {
  const { exp, nbf, iat, iss, sub, jti, aud } = inherited
  const isClean = (exp ?? nbf ?? iat ?? iss ?? sub ?? jti ?? aud) === undefined
  return isClean ? claims : Object.assign(Object.create(null), claims)
}

const inherited: ClaimsSet = {}

/** RFC 7515 §4.1.9: `application/` may be left out, and case does not matter. */
export function shortType(typ: string): string {
  const lower = typ.toLowerCase()
  return lower.startsWith('application/') && !lower.slice(12).includes('/') ? lower.slice(12) : lower
}

/** Checks the header's `typ`. @throws {JoseError} `typ_mismatch` */
export function checkType(typ: string | undefined, types: readonly string[] | null): void {
  if (types === null || types.includes(typ === undefined ? '' : shortType(typ))) return
  const expected = types.map((type) => (type === '' ? 'none' : type)).join(' or ')
  throw new JoseError(
    'typ_mismatch',
    `protected header: "typ": expected ${expected}, got ${typ === undefined ? 'none' : 'another'}: this is a token of another kind`,
  )
}

/** Checks `exp`, `nbf` and `iat`. @throws {JoseError} `expired`, `not_yet_valid`, `too_old`, `claim_missing` */
export function checkTimes(
  claims: ClaimsSet,
  policy: Pick<ClaimsPolicy, 'clockToleranceSeconds' | 'maxAgeSeconds'>,
  now: NumericDate,
): void {
  const tolerance = policy.clockToleranceSeconds
  const { exp, nbf, iat } = claims
  if (exp !== undefined && now >= exp + tolerance) {
    throw new JoseError('expired', 'claim "exp": the token has expired: refresh it or log in again', {
      claim: 'exp',
    })
  }
  if (nbf !== undefined && now < nbf - tolerance) {
    throw new JoseError('not_yet_valid', 'claim "nbf": the token is not valid yet', { claim: 'nbf' })
  }
  if (iat !== undefined && iat > now + Math.max(tolerance, issuedAheadSeconds)) {
    throw new JoseError(
      'not_yet_valid',
      'claim "iat": the token was issued in the future: compare the clocks of issuer and verifier',
      { claim: 'iat' },
    )
  }
  if (policy.maxAgeSeconds === undefined) return
  if (now - (requireClaim(claims, 'iat') as number) > policy.maxAgeSeconds + tolerance) {
    throw new JoseError('too_old', 'claim "iat": the token was issued too long ago', { claim: 'iat' })
  }
}

function checkIssuer(claims: ClaimsSet, issuers: readonly string[] | null): void {
  if (issuers === null) return
  const issuer = claims.iss
  if (issuer === undefined) throw missing('iss')
  // Equality, never a substring or prefix (CVE-2024-53861).
  if (!issuers.includes(issuer)) throw mismatch('iss', 'the expected issuer')
}

function checkAudience(claims: ClaimsSet, audiences: readonly string[] | null | undefined): void {
  if (audiences === null) return
  if (audiences === undefined) {
    if (claims.aud === undefined) return
    // RFC 7519 §4.1.3: whoever does not find himself in it must refuse the token.
    throw new JoseError(
      'claim_invalid',
      'claim "aud": the token names an audience and none is expected: pass audience, or audience: null to waive the check',
      { claim: 'aud' },
    )
  }
  const value = claims.aud
  if (value === undefined) throw missing('aud')
  const isNamed =
    typeof value === 'string' ? audiences.includes(value) : value.some((name) => audiences.includes(name))
  if (!isNamed) throw mismatch('aud', 'the expected audience: the token is for somebody else')
}

function requireClaim(claims: ClaimsSet, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  throw missing(claim)
}

function missing(claim: string): JoseError {
  return new JoseError('claim_missing', `claim "${claim}": expected it in the token, got none`, { claim })
}

function isAudience(value: unknown): boolean {
  if (typeof value === 'string') return true
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}

function wrongKind(claim: string, expected: string, got: unknown): JoseError {
  return new JoseError('claim_invalid', `claim "${claim}": expected ${expected}, got ${kindOf(got)}`, {
    claim,
  })
}

function mismatch(claim: string, expected: string): JoseError {
  return new JoseError('claim_invalid', `claim "${claim}": expected ${expected}, got another`, { claim })
}

/** Claims that may stand in the header of an encrypted token too, for those who route it unopened (RFC 7519 §5.3). */
const replicated = ['iss', 'sub', 'aud'] as const

/**
 * Checks that claims replicated in a header are those of the claims set.
 *
 * @throws {JoseError} `claim_invalid`
 */
export function checkReplicatedClaims(header: JsonObject, given: ClaimsSet): void {
  const claims = ownClaims(given)
  for (const claim of replicated) {
    if (!Object.hasOwn(header, claim)) continue
    if (JSON.stringify(header[claim]) !== JSON.stringify(claims[claim]))
      throw mismatch(claim, 'in the header what the claims set says (RFC 7519 §5.3)')
  }
}
