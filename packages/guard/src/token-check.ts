/** Judges a token under the policy of its issuer, from its shape to its revocation. */
import { createRemoteJwkSet, createVerifier } from '@tessera/jose'
import type { ClaimsSet, Clock, KeySet, NumericDate, PublicKey, RefusedJwt, SecretKey } from '@tessera/jose'
import { keysInForce } from './keys-in-force.ts'
import type { GuardSettings, TrustedIssuer } from './options.ts'
import type { ProblemAnswer } from './problem.ts'
import type { Refusals } from './refusals.ts'

/** The claims of a token that a guard let in. */
export type AccessClaims = ClaimsSet & {
  readonly iss: string
  readonly aud: string | readonly string[]
  readonly exp: NumericDate
}

type VerifierResult =
  | { readonly ok: true; readonly claims: AccessClaims; readonly header: { readonly kid?: string } }
  | RefusedJwt

export type TokenVerdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly answer: ProblemAnswer }

/** At once where no promise is needed. Never throws or rejects, whatever the token is. */
export type TokenCheck = (token: string) => TokenVerdict | Promise<TokenVerdict>

/** @throws {JoseError} `option_invalid`, `key_invalid` */
export function createTokenCheck(settings: GuardSettings, refusals: Refusals): TokenCheck {
  const { issuers, isList, now } = settings
  const report = reporter(settings.onError)
  const policies = issuers.map((one) => policyOf(one, now))
  const verifier = createVerifier(isList ? policies : policies[0]!)
  const revocationChecks = new Map(
    issuers
      .filter(({ revocations }) => revocations !== undefined)
      .map((one) => [one.issuer, createRevocationCheck(one, refusals, report)]),
  )
  const undecided = (error: unknown): TokenVerdict => {
    report(error)
    const detail =
      'the keys that verify tokens could not be loaded; the token was not judged, try again later'
    return { ok: false, answer: refusals.undecided('keys_unavailable', detail) }
  }
  const judge = (result: VerifierResult): TokenVerdict => {
    if (!result.ok) {
      if (result.code === 'keys_unavailable') return undecided(result.error)
      return { ok: false, answer: refusals.tokenRefused(result.code, result.message) }
    }
    if (revocationChecks.size === 0) return result
    // Verified by now: it is the issuer that the token was judged under.
    const revoked = revocationChecks.get(result.claims.iss)?.(result.claims, result.header.kid)
    return revoked === undefined ? result : { ok: false, answer: revoked }
  }
  return (token) => {
    try {
      const result = verifier.safeVerifyNow(token)
      return result instanceof Promise ? result.then(judge).catch(undecided) : judge(result)
    } catch (error) {
      // A key set of the application's own that fails is no fault of the token.
      return undecided(error)
    }
  }
}

interface Policy extends Omit<TrustedIssuer, 'revocations' | 'onStale'> {
  readonly keys: SecretKey | PublicKey | KeySet
  readonly typ: string | readonly string[] | null
  readonly now?: Clock
}

function policyOf({ issuer, audience, revocations, ...one }: TrustedIssuer, now: Clock | undefined): Policy {
  const { typ = 'at+jwt', keys = createRemoteJwkSet({ issuer }) } = one
  const { algorithms, required, maxAgeSeconds, clockToleranceSeconds, cache, signatures } = one
  const isSet = revocations !== undefined && 'selectKeys' in keys
  return {
    issuer,
    audience,
    typ,
    keys: isSet ? keysInForce(keys, revocations) : keys,
    ...(algorithms !== undefined && { algorithms }),
    ...(required !== undefined && { required }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(clockToleranceSeconds !== undefined && { clockToleranceSeconds }),
    ...(cache !== undefined && { cache }),
    ...(signatures !== undefined && { signatures }),
    ...(now !== undefined && { now }),
  }
}

type Report = (error: unknown) => void

/** A hook that throws must not turn an answer into a 500. */
function reporter(onError: GuardSettings['onError']): Report {
  return (error) => {
    try {
      onError?.(error)
    } catch {
      // The hook is for diagnosis only; there is nobody else to tell.
    }
  }
}

type RevocationCheck = (claims: ClaimsSet, kid: string | undefined) => ProblemAnswer | undefined

function createRevocationCheck(
  { revocations, onStale = 'closed', keys }: TrustedIssuer,
  refusals: Refusals,
  report: Report,
): RevocationCheck {
  if (revocations === undefined) return () => undefined
  // A single key verifies whatever ID the token names.
  const ownKid = keys !== undefined && 'kid' in keys ? keys.kid : undefined
  return (claims, kid) => {
    try {
      if (revocations.isRevoked(claims, ownKid ?? kid)) {
        return refusals.tokenRefused(
          'revoked',
          'expected a token in force, got one that was revoked; sign in again',
        )
      }
      if (onStale === 'open' || revocations.isCurrent()) return undefined
    } catch (error) {
      report(error)
    }
    return refusals.undecided('unavailable', 'the list of revoked tokens is not current; try again later')
  }
}
