/**
 * The rules for claims (RFC 7519 §4.1). Guard, command line, console and server all call this file, and none has a rule of
 * its own; it calls `profile-rules.ts` for what one kind of token alone asks. The order is fixed: types, typ, times,
 * issuer, audience, subject, required names, profile.
 */
import { type JsonObject, shownName } from '../encoding/json.ts'
import { Refusal } from '../errors.ts'
import { isTextList, mismatch, missing, wrongKind } from './claim-faults.ts'
import type { ClaimsSet, NumericDate } from './claims-set.ts'
import { dateFault, isDate } from './numeric-date.ts'
import { issuedProfileFault, profileFault, type ProfilePolicy } from './profile-rules.ts'
import type { ProfileRow } from './profiles.ts'

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
  readonly profile: ProfilePolicy | undefined
}

/** `iat` may lie this far ahead: clocks of two machines differ by seconds, and nobody gains by it. */
const issuedAheadSeconds = 60

/**
 * Checks the registered claims' types, whoever signs or verifies.
 *
 * @throws {JoseError} `claim_invalid`
 */
export function checkClaimTypes(claims: ClaimsSet): void {
  throwFault(typesFault(ownClaims(claims)))
}

/**
 * Checks verified claims against a policy.
 *
 * @param now - the present, in seconds
 * @throws {JoseError} `claim_invalid`, `typ_mismatch`, `claim_missing`, `expired`, `not_yet_valid`, `too_old`
 */
export function checkClaims(
  header: { readonly typ?: string },
  claims: ClaimsSet,
  policy: ClaimsPolicy,
  now: NumericDate,
): void {
  throwFault(claimsFault(header, claims, policy, now))
}

/** What `checkClaims` throws, as a value; undefined when nothing is wrong. */
export function claimsFault(
  header: { readonly typ?: string },
  given: ClaimsSet,
  policy: ClaimsPolicy,
  now: NumericDate,
): Refusal | undefined {
  const claims = ownClaims(given)
  const fault =
    typesFault(claims) ??
    typeFault(header.typ, policy.types) ??
    timesFault(claims, policy, now) ??
    issuerFault(claims, policy.issuers) ??
    audienceFault(claims, policy.audiences) ??
    subjectFault(claims, policy.subject) ??
    absenceFault(claims, policy.required)
  if (fault !== undefined || policy.profile === undefined) return fault
  const { audiences, clockToleranceSeconds } = policy
  return profileFault(claims, policy.profile, { audiences, now: now - clockToleranceSeconds })
}

/**
 * Checks the claims of a token that is about to be signed as one of a kind, as far as they do not depend on who verifies.
 *
 * @throws {JoseError} `claim_missing`, `claim_invalid`
 */
export function checkProfileClaims(claims: ClaimsSet, row: ProfileRow): void {
  throwFault(issuedProfileFault(claims, row))
}

function throwFault(fault: Refusal | undefined): void {
  if (fault !== undefined) throw fault.error
}

function typesFault({ exp, nbf, iat, iss, sub, jti, aud }: ClaimsSet): Refusal | undefined {
  if (exp !== undefined && !isDate(exp)) return dateFault(exp, 'exp')
  if (nbf !== undefined && !isDate(nbf)) return dateFault(nbf, 'nbf')
  if (iat !== undefined && !isDate(iat)) return dateFault(iat, 'iat')
  if (iss !== undefined && typeof iss !== 'string') return wrongKind('iss', 'text', iss)
  if (sub !== undefined && typeof sub !== 'string') return wrongKind('sub', 'text', sub)
  if (jti !== undefined && typeof jti !== 'string') return wrongKind('jti', 'text', jti)
  if (aud === undefined || isAudience(aud)) return undefined
  return wrongKind('aud', 'text or a non-empty array of text', aud)
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
  throwFault(typeFault(typ, types))
}

/** The last type that was accepted, and by which list: the tokens of one issuer have one. */
let accepted: { readonly typ: string | undefined; readonly types: readonly string[] } | undefined

function typeFault(typ: string | undefined, types: readonly string[] | null): Refusal | undefined {
  if (types === null || (accepted?.types === types && accepted.typ === typ)) return undefined
  const short = typ === undefined ? '' : shortType(typ)
  // An empty one is not an absent one.
  if (types.includes(short) && (short !== '' || typ === undefined)) {
    accepted = { typ, types }
    return undefined
  }
  const expected = types.map((type) => (type === '' ? 'none' : shownName(type))).join(' or ')
  return new Refusal(
    'typ_mismatch',
    `protected header: "typ": expected ${expected}, got ${typ === undefined ? 'none' : 'another'}`,
  )
}

/** The part of a policy that time passes under. */
export type TimesPolicy = Pick<ClaimsPolicy, 'clockToleranceSeconds' | 'maxAgeSeconds'>

/** Checks `exp`, `nbf` and `iat`. @throws {JoseError} `expired`, `not_yet_valid`, `too_old`, `claim_missing` */
export function checkTimes(claims: ClaimsSet, policy: TimesPolicy, now: NumericDate): void {
  throwFault(timesFault(ownClaims(claims), policy, now))
}

function timesFault(
  { exp, nbf, iat }: ClaimsSet,
  policy: TimesPolicy,
  now: NumericDate,
): Refusal | undefined {
  const tolerance = policy.clockToleranceSeconds
  if (exp !== undefined && now >= exp + tolerance) return expired(exp)
  if (nbf !== undefined && now < nbf - tolerance)
    return new Refusal('not_yet_valid', 'claim "nbf": the token is not valid yet', { claim: 'nbf' })
  if (iat !== undefined && iat > now + Math.max(tolerance, issuedAheadSeconds)) {
    return new Refusal(
      'not_yet_valid',
      'claim "iat": the token was issued in the future: compare the clocks',
      { claim: 'iat' },
    )
  }
  if (policy.maxAgeSeconds === undefined) return undefined
  if (iat === undefined) return missing('iat')
  if (now - iat <= policy.maxAgeSeconds + tolerance) return undefined
  return new Refusal('too_old', 'claim "iat": the token was issued too long ago', { claim: 'iat' })
}

function expired(exp: NumericDate): Refusal {
  return new Refusal('expired', 'claim "exp": the token has expired', {
    claim: 'exp',
    // No earlier than a Date can be.
    expiredAt: new Date(Math.max(exp * 1000, -8.64e15)),
  })
}

function issuerFault({ iss }: ClaimsSet, issuers: readonly string[] | null): Refusal | undefined {
  if (issuers === null) return undefined
  if (iss === undefined) return missing('iss')
  // Equality, never a substring or prefix (CVE-2024-53861).
  return isAmong(issuers, iss) ? undefined : mismatch('iss', 'the expected issuer')
}

function audienceFault(
  { aud }: ClaimsSet,
  audiences: readonly string[] | null | undefined,
): Refusal | undefined {
  if (audiences === null) return undefined
  if (audiences === undefined) {
    if (aud === undefined) return undefined
    // RFC 7519 §4.1.3: whoever does not find himself in it must refuse the token.
    return new Refusal(
      'claim_invalid',
      'claim "aud": expected none, got one: pass audience, or audience: null to waive the check',
      { claim: 'aud' },
    )
  }
  if (aud === undefined) return missing('aud')
  const isNamed =
    typeof aud === 'string' ? isAmong(audiences, aud) : aud.some((name) => audiences.includes(name))
  return isNamed ? undefined : mismatch('aud', 'the expected audience')
}

/** Nearly always there is one name, and a loop costs more than the comparison. */
function isAmong(names: readonly string[], name: string): boolean {
  return names.length === 1 ? names[0] === name : names.includes(name)
}

function subjectFault({ sub }: ClaimsSet, subject: string | undefined): Refusal | undefined {
  if (subject === undefined) return undefined
  if (sub === undefined) return missing('sub')
  return sub === subject ? undefined : mismatch('sub', 'the expected subject')
}

function absenceFault(claims: ClaimsSet, required: readonly string[]): Refusal | undefined {
  // Nearly always `exp` alone, which `ownClaims` made sure is no inherited one: looking for it by its name costs more.
  for (const name of required)
    if (name === 'exp' ? claims.exp === undefined : !Object.hasOwn(claims, name)) return missing(name)
  return undefined
}

function isAudience(value: unknown): boolean {
  return typeof value === 'string' || isTextList(value)
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
      throw mismatch(claim, 'in the header what the claims set says (RFC 7519 §5.3)').error
  }
}
