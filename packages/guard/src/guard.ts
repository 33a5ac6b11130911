/**
 * The door: verifies the access token of a request and says what to answer when it is not let in. Knows no framework;
 * the adapters beside it translate. Order: header → token (shape … claims, in `@tessera/jose`) → revocation → scope.
 */
import { plainToken, readBearer } from './bearer.ts'
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
import type { AccessClaims, TokenCheck, TokenVerdict } from './token-check.ts'

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

/** What `authenticate` comes to, without a promise where none is needed. */
export type Authenticate = (request: GuardRequest) => GuardResult | Promise<GuardResult>

interface Door {
  readonly refusals: Refusals
  readonly check: TokenCheck
  readonly need: CheckedRequirement
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
  const need = { ...(scopes !== undefined && { scopes }), ...(roles !== undefined && { roles }) }
  return guardOf({
    refusals,
    check: createTokenCheck(settings, refusals),
    need: checkRequirement(need),
  })
}

/** By their `authenticate`, so that a copy of a guard that has one of its own is asked by that. */
const atOnce = new WeakMap<Guard['authenticate'], Authenticate>()

function guardOf(door: Door): Guard {
  const authenticate: Authenticate = ({ headers }) => judge(door, headerValues(headers, 'authorization'))
  const guard: Guard = {
    authenticate: async (request) => authenticate(request),
    narrow: (requirement) =>
      guardOf({ ...door, need: joinRequirements(door.need, checkRequirement(requirement)) }),
  }
  atOnce.set(guard.authenticate, authenticate)
  return guard
}

/**
 * How an adapter asks a guard: at once where the guard can answer so, for a promise costs as much as a tenth of a
 * verification. A guard of the application's own, or one whose `authenticate` was replaced, is asked as it wants to be.
 */
export function authenticateOf(guard: Guard): Authenticate {
  const own = guard.authenticate
  const authenticate = atOnce.get(own)
  const ask = async (request: GuardRequest): Promise<GuardResult> => guard.authenticate(request)
  if (authenticate === undefined) return ask
  return (request) => (guard.authenticate === own ? authenticate(request) : ask(request))
}

function judge(door: Door, values: readonly string[]): GuardResult | Promise<GuardResult> {
  const token = values.length === 1 ? plainToken(values[0]) : undefined
  if (token === undefined) return judgeToTheLetter(door, values)
  const verdict = door.check(token)
  return verdict instanceof Promise
    ? concludeLater(door, values, { token, verdict })
    : concludePlain(door, values, { token, verdict })
}

/** Apart: what a closure holds is put on the heap at each call of the function that it stands in, made or not. */
function concludeLater(
  door: Door,
  values: readonly string[],
  { token, verdict }: { readonly token: string; readonly verdict: Promise<TokenVerdict> },
): Promise<GuardResult> {
  return verdict.then((later) => concludePlain(door, values, { token, verdict: later }))
}

interface Judged {
  readonly token: string
  readonly verdict: TokenVerdict
}

/** What is refused may not have been one token: a header that holds two of them is told as such. */
function concludePlain(
  door: Door,
  values: readonly string[],
  judged: Judged,
): GuardResult | Promise<GuardResult> {
  return judged.verdict.ok ? conclude(door, judged) : judgeToTheLetter(door, values, judged)
}

function judgeToTheLetter(
  door: Door,
  values: readonly string[],
  judged?: Judged,
): GuardResult | Promise<GuardResult> {
  const { refusals, check } = door
  const bearer = readBearer(values)
  if (!bearer.ok) {
    if (bearer.code === 'token_missing') return { ok: false, ...refusals.tokenMissing(bearer.detail) }
    if (bearer.code === 'request_invalid') return { ok: false, ...refusals.requestInvalid(bearer.detail) }
    return { ok: false, ...refusals.tokenRefused(bearer.code, bearer.detail) }
  }
  const { token } = bearer
  if (judged?.token === token) return conclude(door, judged)
  const verdict = check(token)
  return verdict instanceof Promise
    ? verdict.then((later) => conclude(door, { token, verdict: later }))
    : conclude(door, { token, verdict })
}

function conclude({ need, refusals }: Door, { token, verdict }: Judged): GuardResult {
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
