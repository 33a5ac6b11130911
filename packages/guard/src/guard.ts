/**
 * The door: verifies the access token of a request and says what to answer when it is not let in. Knows no framework;
 * the adapters beside it translate. Order: header → token (shape … claims, in `@tessera/jose`) → revocation → scope.
 */
import { createRemoteJwkSet, createVerifier } from '@tessera/jose'
import type { ClaimsSet, NumericDate } from '@tessera/jose'
import { authorizationValues, readBearer } from './bearer.ts'
import type { RequestHeaders } from './bearer.ts'
import { checkGuardOptions } from './options.ts'
import type { GuardOptions } from './options.ts'
import type { ProblemAnswer } from './problem.ts'
import { createRefusals } from './refusals.ts'
import type { Refusals } from './refusals.ts'
import { checkRequirement, joinRequirements, scopesOf, unmetPart } from './scope.ts'
import type { CheckedRequirement, Requirement } from './scope.ts'

/** The claims of a token that a guard let in. */
export type AccessClaims = ClaimsSet & {
  readonly iss: string
  readonly aud: string | readonly string[]
  readonly exp: NumericDate
}

/** What a route learns about the request that was let in. */
export interface Auth {
  /** The verified claims, deeply frozen. */
  readonly claims: AccessClaims
  /** The token itself, to hand on to another service; never to be logged. */
  readonly token: string
  /** The scopes in the token's `scope` claim. */
  readonly scopes: readonly string[]
}

/** A request as the guard sees it. */
export interface GuardRequest {
  readonly method: string
  readonly url: string
  readonly headers: RequestHeaders
}

export type GuardResult =
  | { readonly ok: true; readonly auth: Auth }
  | ({ readonly ok: false } & ProblemAnswer)

export interface Guard {
  /** Verifies the token of one request. Never rejects because of the request, whatever it holds. */
  authenticate(request: GuardRequest): Promise<GuardResult>
  /** A guard with the same keys that asks for more: `api.narrow({ scopes: 'orders:write' })`. */
  narrow(requirement: Requirement): Guard
}

type Verdict =
  | { readonly ok: true; readonly claims: AccessClaims; readonly kid: string | undefined }
  | { readonly ok: false; readonly answer: ProblemAnswer }

interface Parts {
  readonly refusals: Refusals
  readonly verify: (token: string) => Promise<Verdict>
  readonly checkRevoked: (claims: ClaimsSet, kid: string | undefined) => ProblemAnswer | undefined
}

/**
 * Makes a guard. Everything that can be prepared is prepared here; nothing is fetched until a token needs a key.
 *
 * @throws {JoseError} `option_invalid` for an unknown or undefined option; `key_invalid` for what is no key
 */
export function createGuard(options: GuardOptions): Guard {
  checkGuardOptions(options)
  const refusals = createRefusals(options.realm)
  const report = reporter(options.onError)
  const parts: Parts = {
    refusals,
    verify: createTokenCheck(options, refusals, report),
    checkRevoked: createRevocationCheck(options, refusals, report),
  }
  const { scopes, roles } = options
  return guardWith(
    parts,
    checkRequirement({ ...(scopes !== undefined && { scopes }), ...(roles !== undefined && { roles }) }),
  )
}

function guardWith(parts: Parts, need: CheckedRequirement): Guard {
  return {
    authenticate: (request) => authenticate(parts, need, request),
    narrow: (requirement) => guardWith(parts, joinRequirements(need, checkRequirement(requirement))),
  }
}

async function authenticate(
  parts: Parts,
  need: CheckedRequirement,
  request: GuardRequest,
): Promise<GuardResult> {
  const { refusals } = parts
  const bearer = readBearer(authorizationValues(request.headers))
  if (!bearer.ok) {
    if (bearer.code === 'token_missing') return { ok: false, ...refusals.tokenMissing(bearer.detail) }
    if (bearer.code === 'request_invalid') return { ok: false, ...refusals.requestInvalid(bearer.detail) }
    return { ok: false, ...refusals.tokenRefused(bearer.code, bearer.detail) }
  }
  const { token } = bearer
  const verdict = await parts.verify(token)
  if (!verdict.ok) return { ok: false, ...verdict.answer }
  const { claims, kid } = verdict
  const revoked = parts.checkRevoked(claims, kid)
  if (revoked !== undefined) return { ok: false, ...revoked }
  const scopes = scopesOf(claims)
  const unmet = unmetPart(need, claims, scopes)
  if (unmet !== undefined) return { ok: false, ...refusals.scopeMissing(need.scopes, unmetDetail(unmet)) }
  return { ok: true, auth: { claims, token, scopes } }
}

function unmetDetail(unmet: 'scopes' | 'roles'): string {
  return unmet === 'scopes'
    ? 'expected a token with every scope that WWW-Authenticate names, got fewer; ask the issuer for them'
    : 'expected a token of somebody with a role that this resource needs, got none of them'
}

type Report = (error: unknown) => void

/** A hook that throws must not turn an answer into a 500. */
function reporter(onError: GuardOptions['onError']): Report {
  return (error) => {
    try {
      onError?.(error)
    } catch {
      // The hook is for diagnosis only; there is nobody else to tell.
    }
  }
}

function createTokenCheck(options: GuardOptions, refusals: Refusals, report: Report): Parts['verify'] {
  const { issuer, audience, typ = 'at+jwt', keys = createRemoteJwkSet({ issuer }) } = options
  const { algorithms, required, maxAgeSeconds, clockToleranceSeconds, cache, now } = options
  const verifier = createVerifier({
    issuer,
    audience,
    typ,
    keys,
    ...(algorithms !== undefined && { algorithms }),
    ...(required !== undefined && { required }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(clockToleranceSeconds !== undefined && { clockToleranceSeconds }),
    ...(cache !== undefined && { cache }),
    ...(now !== undefined && { now }),
  })
  const undecided = (error: unknown): Verdict => {
    report(error)
    const detail =
      'the keys that verify tokens could not be loaded; the token was not judged, try again later'
    return { ok: false, answer: refusals.undecided('keys_unavailable', detail) }
  }
  return async (token) => {
    try {
      const result = await verifier.safeVerify(token)
      if (result.ok) return { ok: true, claims: result.claims, kid: result.header.kid }
      if (result.code === 'keys_unavailable') return undecided(result.error)
      return { ok: false, answer: refusals.tokenRefused(result.code, result.error.message) }
    } catch (error) {
      // A key set of the application's own that fails is no fault of the token.
      return undecided(error)
    }
  }
}

function createRevocationCheck(
  options: GuardOptions,
  refusals: Refusals,
  report: Report,
): Parts['checkRevoked'] {
  const { revocations, onStale = 'closed' } = options
  if (revocations === undefined) return () => undefined
  return (claims, kid) => {
    try {
      if (revocations.isRevoked(claims, kid)) {
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

/** The guard that an adapter was given, or was given the options of. */
export function guardFrom(guardOrOptions: Guard | GuardOptions): Guard {
  return 'authenticate' in guardOrOptions ? guardOrOptions : createGuard(guardOrOptions)
}
