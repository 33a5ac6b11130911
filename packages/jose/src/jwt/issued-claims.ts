/** The claims of a token that is about to be issued, signed or encrypted: the caller's own and those that options stand for. */
import { toJsonObject } from '../encoding/json-value.ts'
import { JoseError } from '../errors.ts'
import { badOption } from '../options.ts'
import type { ClaimsSet, NumericDate } from './claims-set.ts'
import { type Clock, type Duration, durationSeconds, readClock } from './numeric-date.ts'
import { type ProfileName, profileRow } from './profiles.ts'

/** The options that stand for claims. */
export interface IssueOptions {
  readonly issuer?: string
  readonly audience?: string | readonly string[]
  readonly subject?: string
  readonly jwtId?: string
  readonly expiresIn?: Duration | null
  readonly notBefore?: Duration
  readonly now?: Clock
  readonly profile?: ProfileName
}

/**
 * The whole claims set, with `iat` and a lifetime.
 *
 * @throws {JoseError} `claim_invalid` for values that JSON cannot hold; `option_invalid` for a claim given twice and for
 *   no lifetime
 */
export function issueClaims(claims: unknown, given: IssueOptions, where: string): ClaimsSet {
  const own: ClaimsSet = toJsonObject(claims, 'claims set')
  const issued = optionClaims(given, where)
  for (const claim of Object.keys(issued)) {
    // The caller's own iat stands; every other claim given twice is a contradiction.
    if (claim !== 'iat' && Object.hasOwn(own, claim)) {
      throw new JoseError(
        'option_invalid',
        `${where}: "${claim}" is in the claims and in the options: give one of them`,
      )
    }
  }
  checkLifetime(own, given, where)
  // Spread into one object, the two take ten times as long on Node 20.
  return Object.assign(issued, own)
}

/** The header's `typ`. @throws {JoseError} `option_invalid` */
export function readTyp(typ: unknown, where: string): string {
  if (typ === undefined) return 'JWT'
  if (typeof typ === 'string' && typ !== '') return typ
  throw badOption(where, 'typ', 'text', typ)
}

/** The claims that the options stand for. */
function optionClaims(given: IssueOptions, where: string): Record<string, unknown> {
  const now = Math.floor(readClock(given.now, where))
  const later = (duration: Duration, option: string): NumericDate =>
    now + Math.ceil(durationSeconds(duration, option, where))
  const { issuer, audience, subject, jwtId, expiresIn, notBefore } = given
  const set: Record<string, unknown> = {}
  if (issuer !== undefined) set['iss'] = issuer
  if (audience !== undefined) set['aud'] = audience
  if (subject !== undefined) set['sub'] = subject
  if (jwtId !== undefined) set['jti'] = jwtId
  set['iat'] = now
  if (expiresIn !== undefined && expiresIn !== null) set['exp'] = later(expiresIn, 'expiresIn')
  if (notBefore !== undefined) set['nbf'] = later(notBefore, 'notBefore')
  return set
}

function checkLifetime(own: ClaimsSet, { expiresIn, profile }: IssueOptions, where: string): void {
  const hasExp = Object.hasOwn(own, 'exp')
  if (expiresIn === null && hasExp) {
    throw new JoseError(
      'option_invalid',
      `${where}: "exp" is in the claims and expiresIn: null in the options: give one of them`,
    )
  }
  // A security event token is about the past and has no lifetime (RFC 8417 §2.2).
  const needsLifetime = profileRow(profile)?.required.includes('exp') ?? true
  if (expiresIn === undefined && !hasExp && needsLifetime) {
    throw new JoseError(
      'option_invalid',
      `${where}: expected a lifetime: expiresIn: '15m', or the claim exp; expiresIn: null waives it`,
    )
  }
}
