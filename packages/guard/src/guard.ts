/**
 * The door: verifies the access token of a request and says what to answer when it is not let in. Knows no framework;
 * the adapters beside it translate. Order: header → token (shape … claims, in `@tessera/jose`) → revocation → scope.
 */
import { readBearer } from './bearer.ts'
import { readGuardOptions } from './options.ts'
import type { GuardOptions, SeveralIssuersOptions } from './options.ts'
import type { ProblemAnswer } from './problem.ts'
import { createRefusals } from './refusals.ts'
import type { Refusals } from './refusals.ts'
import { headerValues } from './request-headers.ts'
import type { GuardRequest } from './request-headers.ts'
import { checkRequirement, joinRequirements, scopesOf, unmetPart } from './scope.ts'
import type { CheckedRequirement, Requirement } from './scope.ts'
import { createTokenCheck } from './token-check.ts'
import type { AccessClaims, TokenCheck } from './token-check.ts'

/** What a route learns about the request that was let in. */
export interface Auth {
  /** The verified claims, deeply frozen. */
  readonly claims: AccessClaims
  /** The token itself, to hand on to another service; never to be logged. */
  readonly token: string
  /** The scopes in the token's `scope` claim. */
  readonly scopes: readonly string[]
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

interface Parts {
  readonly refusals: Refusals
  readonly check: TokenCheck
}

/**
 * Makes a guard, for one issuer or for several. Everything that can be prepared is prepared here; nothing is fetched until a
 * token needs a key.
 *
 * @throws {JoseError} `option_invalid` for an unknown or undefined option, or two entries of one issuer; `key_invalid` for
 *   what is no key
 */
export function createGuard(options: GuardOptions | SeveralIssuersOptions): Guard {
  const settings = readGuardOptions(options)
  const refusals = createRefusals(settings.realm)
  const { scopes, roles } = settings
  return guardWith(
    { refusals, check: createTokenCheck(settings, refusals) },
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
  const bearer = readBearer(headerValues(request.headers, 'authorization'))
  if (!bearer.ok) {
    if (bearer.code === 'token_missing') return { ok: false, ...refusals.tokenMissing(bearer.detail) }
    if (bearer.code === 'request_invalid') return { ok: false, ...refusals.requestInvalid(bearer.detail) }
    return { ok: false, ...refusals.tokenRefused(bearer.code, bearer.detail) }
  }
  const { token } = bearer
  const verdict = await parts.check(token)
  if (!verdict.ok) return { ok: false, ...verdict.answer }
  const { claims } = verdict
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

/** The guard that an adapter was given, or was given the options of. */
export function guardFrom(guardOrOptions: Guard | GuardOptions | SeveralIssuersOptions): Guard {
  return 'authenticate' in guardOrOptions ? guardOrOptions : createGuard(guardOrOptions)
}
