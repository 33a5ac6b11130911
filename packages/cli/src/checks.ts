/**
 * The checks of a token one by one, in the order of the library (docs/decisions/0005-fixed-order-of-checks.md). No rule
 * stands here: each check is a verification that asks for it alone.
 */
import {
  type ClaimsSet,
  type JoseError,
  type KeySet,
  safeVerifyJwt,
  type TokenErrorCode,
  type VerificationKey,
  type VerifyJwtOptions,
} from '@tessera/jose'

/** In the order in which they are made. */
export const checkNames = [
  'shape',
  'header',
  'algorithm',
  'key',
  'signature',
  'claims',
  'typ',
  'exp',
  'nbf',
  'iat',
  'iss',
  'aud',
  'sub',
] as const

export type CheckName = (typeof checkNames)[number]

/** `not_asked`: neither the token nor the options say anything of it. `not_reached`: a check before it failed. */
export type Outcome =
  | { readonly outcome: 'passed' | 'not_asked' | 'not_reached' }
  | { readonly outcome: 'failed'; readonly error: JoseError }

export interface Checks {
  readonly outcomes: Readonly<Record<CheckName, Outcome>>
  /** The claims, where the signature was good: nothing else is believed. */
  readonly claims: ClaimsSet | undefined
}

/** Which check each code of a token that is not authentic belongs to. Codes of claims name their claim instead. */
const checkOfCode: Partial<Record<TokenErrorCode, CheckName>> = {
  malformed: 'shape',
  too_large: 'shape',
  crit_unsupported: 'header',
  unsupported: 'algorithm',
  alg_not_allowed: 'algorithm',
  key_not_found: 'key',
  key_ambiguous: 'key',
  keys_unavailable: 'key',
}

const passed: Outcome = { outcome: 'passed' }
const notAsked: Outcome = { outcome: 'not_asked' }
const notReached: Outcome = { outcome: 'not_reached' }

/** Asks for nothing but a good signature. */
const nothing = { issuer: null, audience: null, typ: null, requireExp: false } as const

/**
 * Makes every check of a token.
 *
 * @param options - as `verifyJwt` takes them, with the present as a number
 * @throws {JoseError} `key_invalid`, `weak_key`, `option_invalid`: the caller's own mistakes
 */
export async function checkToken(
  token: string,
  keys: VerificationKey | KeySet,
  options: VerifyJwtOptions & { readonly now: number },
): Promise<Checks> {
  const { algorithms, now } = options
  const bare = { ...nothing, now, ...(algorithms !== undefined && { algorithms }) }
  const verified = await safeVerifyJwt(token, keys, bare)
  if (!verified.ok && !('authentic' in verified)) {
    const failed = checkOfCode[verified.code] ?? 'signature'
    return { outcomes: stoppedAt(failed, verified.error), claims: undefined }
  }
  const claims = verified.ok ? verified.claims : verified.authentic
  // Nothing was asked of any claim, so this is about what a claim of this name may be at all.
  if (!verified.ok && verified.code === 'claim_invalid')
    return { outcomes: stoppedAt('claims', verified.error), claims }
  const about = async (name: CheckName, asked: Partial<VerifyJwtOptions>): Promise<Outcome> =>
    outcomeOf(name, await safeVerifyJwt(token, keys, { ...bare, ...asked }))
  return { outcomes: { ...allPassed, ...(await claimOutcomes(claims, options, about)) }, claims }
}

const allPassed = Object.fromEntries(checkNames.map((name) => [name, passed])) as Checks['outcomes']

/** What comes after the check that failed is not looked at. */
function stoppedAt(failed: CheckName, error: JoseError): Checks['outcomes'] {
  const at = checkNames.indexOf(failed)
  const behind = Object.fromEntries(checkNames.slice(at).map((name) => [name, notReached]))
  return { ...allPassed, ...behind, [failed]: { outcome: 'failed', error } }
}

/** A fault of another claim hides whether this one is as it should be. */
function outcomeOf(name: CheckName, result: Awaited<ReturnType<typeof safeVerifyJwt>>): Outcome {
  if (result.ok) return passed
  const { error } = result
  const faulty = error.code === 'typ_mismatch' ? 'typ' : error.claim
  return faulty === name ? { outcome: 'failed', error } : notReached
}

async function claimOutcomes(
  claims: ClaimsSet,
  options: VerifyJwtOptions & { readonly now: number },
  about: (name: CheckName, asked: Partial<VerifyJwtOptions>) => Promise<Outcome>,
): Promise<Partial<Checks['outcomes']>> {
  const { issuer, audience, typ, subject, requireExp = true, maxAgeSeconds, now } = options
  const tolerance = { clockToleranceSeconds: options.clockToleranceSeconds ?? 0 }
  // A token that is too old, or not valid yet, can be for somebody else as well.
  const inTime = { ...tolerance, now: momentInTime(claims, now) }
  const dated = (name: 'nbf' | 'iat', asked: Partial<VerifyJwtOptions>, isAsked: boolean) =>
    claims[name] === undefined && !isAsked ? notAsked : about(name, { ...tolerance, ...asked })
  return {
    typ: typ === null ? notAsked : await about('typ', { ...inTime, ...(typ !== undefined && { typ }) }),
    exp:
      claims.exp === undefined && !requireExp ? notAsked : await about('exp', { ...tolerance, requireExp }),
    nbf: await dated('nbf', {}, false),
    iat: await dated(
      'iat',
      maxAgeSeconds === undefined ? {} : { maxAgeSeconds },
      maxAgeSeconds !== undefined,
    ),
    iss: issuer === null ? notAsked : await about('iss', { ...inTime, issuer }),
    aud: audience === null ? notAsked : await about('aud', { ...inTime, audience }),
    sub: subject === undefined ? notAsked : await about('sub', { ...inTime, subject }),
  }
}

/** A moment at which the token's dates are right, the present if they are; where there is none, they stay wrong. */
function momentInTime({ exp, nbf, iat }: ClaimsSet, now: number): number {
  const latest = typeof exp === 'number' ? exp - 1 : now
  const earliest = Math.max(...[nbf, iat].map((date) => (typeof date === 'number' ? date : 0)))
  return Math.max(Math.min(now, latest), earliest)
}
