/**
 * What a kind of token asks of its claims beyond its row (`profiles.ts`), called by `claims.ts` after every other rule for
 * claims (RFC 8725 §3.12).
 */
import { isObject } from '../encoding/json.ts'
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import type { Hashing } from '../crypto/hashing.ts'
import { Refusal } from '../errors.ts'
import { accessTokenHash } from './access-token-hash.ts'
import { isTextList, mismatch, missing, wrongKind } from './claim-faults.ts'
import type { ClaimsSet, NumericDate } from './claims-set.ts'
import { dateFault } from './numeric-date.ts'
import { logoutEvent, profileClaimKinds, type ProfileRow } from './profiles.ts'

/** A kind of token, and what is expected of the claims that it alone has. */
export interface ProfilePolicy {
  readonly row: ProfileRow
  /** The nonce that was sent; undefined: a token that has one is refused. */
  readonly nonce: string | null | undefined
  /** Accepted values of `azp`; undefined: any. `null` waives its presence beside several audiences, too. */
  readonly authorizedParties: readonly string[] | null | undefined
  /** The access token that `at_hash` has to fit. */
  readonly accessToken: string | undefined
  readonly maxAuthenticationAgeSeconds: number | undefined
}

/** What the rules need to know beside the claims. */
export interface ProfileCircumstances {
  readonly audiences: readonly string[] | null | undefined
  /** The present, in seconds, less what clocks may be off. */
  readonly now: NumericDate
}

/** What is wrong with the claims of a token of this kind, the required ones being there; undefined when nothing is. */
export function profileFault(
  claims: ClaimsSet,
  profile: ProfilePolicy,
  { audiences, now }: ProfileCircumstances,
): Refusal | undefined {
  return (
    rowFault(claims, profile.row) ??
    audienceFault(claims, profile, audiences) ??
    nonceFault(claims, profile) ??
    authenticationFault(claims, profile.maxAuthenticationAgeSeconds, now)
  )
}

/** What is wrong with the claims of a token of this kind whoever verifies it: kinds, forbidden ones, events, parties. */
export function issuedProfileFault(claims: ClaimsSet, row: ProfileRow): Refusal | undefined {
  const absent = row.required.find((name) => !has(claims, name))
  if (absent !== undefined) return missing(absent)
  return rowFault(claims, row) ?? (row.wholeAudience === true ? partyFault(claims, undefined) : undefined)
}

/** Own members only: what somebody put on Object.prototype is no claim. */
const has = (claims: ClaimsSet, claim: string): boolean => Object.hasOwn(claims, claim)

function rowFault(claims: ClaimsSet, row: ProfileRow): Refusal | undefined {
  for (const [claim, kind] of profileClaimKinds) {
    const fault = has(claims, claim) ? kindFault(claim, kind, claims[claim]) : undefined
    if (fault !== undefined) return fault
  }
  const empty = row.required.find((claim) => claims[claim] === '')
  if (empty !== undefined) return wrongKind(empty, 'text', '')
  const unwanted = row.forbidden.find((claim) => has(claims, claim))
  if (unwanted !== undefined) return foreign(unwanted, row)
  return row.required.includes('events') ? eventsFault(claims, row) : undefined
}

function kindFault(claim: string, kind: 'text' | 'date' | 'texts', value: unknown): Refusal | undefined {
  if (kind === 'date') return dateFault(value, claim)
  if (kind === 'texts')
    return isTextList(value) ? undefined : wrongKind(claim, 'a non-empty array of text', value)
  return typeof value === 'string' ? undefined : wrongKind(claim, 'text', value)
}

/** RFC 8417 §2.2: an object of at least one event, each an object; a logout token is told by one of them (OIDC BCL §2.4). */
function eventsFault(claims: ClaimsSet, row: ProfileRow): Refusal | undefined {
  const events = claims['events']
  if (!isObject(events) || Object.keys(events).length === 0 || !Object.values(events).every(isObject))
    return wrongKind('events', 'an object of events', events)
  const isLogout = Object.hasOwn(events, logoutEvent)
  if (isLogout !== (row.typ === 'logout+jwt'))
    return mismatch('events', isLogout ? 'events other than a logout' : `the event ${logoutEvent}`)
  return isLogout && !has(claims, 'sub') && !has(claims, 'sid') ? missing('sid') : undefined
}

/** OpenID Connect Core §3.1.3.7, items 3 to 5: nobody else is named, or only those that are trusted. */
function audienceFault(
  claims: ClaimsSet,
  { row, authorizedParties }: ProfilePolicy,
  audiences: readonly string[] | null | undefined,
): Refusal | undefined {
  if (row.wholeAudience !== true) return undefined
  const { aud } = claims
  if (Array.isArray(aud) && Array.isArray(audiences) && !aud.every((name) => audiences.includes(name)))
    return mismatch('aud', 'none but expected audiences')
  return authorizedParties === null ? undefined : partyFault(claims, authorizedParties)
}

function partyFault(claims: ClaimsSet, parties: readonly string[] | undefined): Refusal | undefined {
  const { aud } = claims
  if (!has(claims, 'azp')) return Array.isArray(aud) && aud.length > 1 ? missing('azp') : undefined
  const isExpected = parties === undefined || parties.includes(claims['azp'] as string)
  return isExpected ? undefined : mismatch('azp', 'the expected authorized party')
}

/** OpenID Connect Core §3.1.3.7, item 11: the nonce of the request comes back, so that nobody plays a token in again. */
function nonceFault(claims: ClaimsSet, { row, nonce }: ProfilePolicy): Refusal | undefined {
  if (nonce === null || !row.options.includes('nonce')) return undefined
  if (nonce === undefined) return has(claims, 'nonce') ? unasked() : undefined
  if (!has(claims, 'nonce')) return missing('nonce')
  return claims['nonce'] === nonce ? undefined : mismatch('nonce', 'the nonce of the request')
}

/** How long ago the person signed in (OpenID Connect Core §3.1.3.7, item 13; RFC 9470 §6.1). */
function authenticationFault(
  claims: ClaimsSet,
  mostSeconds: number | undefined,
  now: NumericDate,
): Refusal | undefined {
  if (mostSeconds === undefined) return undefined
  if (!has(claims, 'auth_time')) return missing('auth_time')
  if (now - (claims['auth_time'] as NumericDate) <= mostSeconds) return undefined
  return new Refusal('too_old', 'claim "auth_time": the person signed in too long ago', {
    claim: 'auth_time',
  })
}

/**
 * OpenID Connect Core §3.1.3.8: the access token that came along is the one that the ID token was issued with. The last
 * rule, and apart from the others: its digest may take a promise.
 */
export function accessTokenFault(
  claims: ClaimsSet,
  { accessToken }: ProfilePolicy,
  { alg, digest }: { readonly alg: unknown; readonly digest: Hashing['digest'] },
): Awaitable<Refusal | undefined> {
  if (accessToken === undefined) return undefined
  if (!has(claims, 'at_hash')) return missing('at_hash')
  return chain(accessTokenHash(accessToken, alg, digest), (hash) =>
    claims['at_hash'] === hash ? undefined : mismatch('at_hash', 'the hash of the access token'),
  )
}

function unasked(): Refusal {
  return new Refusal(
    'claim_invalid',
    'claim "nonce": expected none, got one: pass nonce, or nonce: null to waive the check',
    { claim: 'nonce' },
  )
}

function foreign(claim: string, { typ }: ProfileRow): Refusal {
  return new Refusal('claim_invalid', `claim "${claim}": expected none in a ${typ}, got one`, { claim })
}
