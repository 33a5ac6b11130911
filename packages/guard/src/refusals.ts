/** The answers of a guard that does not let a request through: one function per kind, the realm known ahead. */
import type { TokenErrorCode } from '@tessera/jose'
import { challenge } from './challenge.ts'
import type { ChallengeParameters } from './challenge.ts'
import { problem, tokenProblem } from './problem.ts'
import type { ProblemAnswer } from './problem.ts'

export interface Refusals {
  /** 401: the request presented no token. */
  tokenMissing(detail: string): ProblemAnswer
  /** 400: the `Authorization` header cannot be read, or holds two tokens. */
  requestInvalid(detail: string): ProblemAnswer
  /** 401: the token was read and refused. */
  tokenRefused(code: TokenErrorCode, detail: string): ProblemAnswer
  /** 403: the token is good and does not allow this. */
  scopeMissing(scopes: readonly string[], detail: string): ProblemAnswer
  /** 503: nobody can tell now whether the token is good. */
  undecided(code: 'keys_unavailable' | 'unavailable', detail: string): ProblemAnswer
}

/** Lets a page of another origin read these two (Fetch §3.3.2); without `Access-Control-Allow-Origin` it does nothing. */
const exposed = { 'access-control-expose-headers': 'WWW-Authenticate, Retry-After' } as const

/** Makes the answers. @throws {JoseError} `option_invalid` for a realm that no header may carry */
export function createRefusals(realm?: string): Refusals {
  const base: ChallengeParameters = realm === undefined ? {} : { realm }
  const challenged = (parameters: ChallengeParameters): { headers: Record<string, string> } => ({
    headers: { 'www-authenticate': challenge({ ...base, ...parameters }), ...exposed },
  })
  const missing = challenged({})
  const invalidRequest = challenged({ error: 'invalid_request' })
  const invalidToken = challenged({ error: 'invalid_token' })
  return {
    tokenMissing: (detail) => problem('token_missing', detail, missing),
    requestInvalid: (detail) => problem('request_invalid', detail, invalidRequest),
    tokenRefused: (code, detail) => tokenProblem(code, detail, invalidToken),
    scopeMissing: (scopes, detail) =>
      problem(
        'insufficient_scope',
        detail,
        challenged({ error: 'insufficient_scope', ...(scopes.length > 0 && { scope: scopes.join(' ') }) }),
      ),
    undecided: (code, detail) => problem(code, detail, { headers: exposed }),
  }
}
