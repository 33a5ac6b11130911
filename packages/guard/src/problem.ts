/**
 * Problem details (RFC 9457): the one form of an error answer outside the OAuth endpoints. Guard and server build all
 * of them here, so that a code has one status and one title wherever it is met.
 */
import type { TokenErrorCode } from '@tessera/jose'

/** Every code of a fault of a request, beside the token codes of `@tessera/jose`. */
export const requestErrorCodes = [
  'token_missing',
  'request_invalid',
  'insufficient_scope',
  'credentials_invalid',
  'username_taken',
  'password_rejected',
  'signup_closed',
  'origin_rejected',
  'body_invalid',
  'too_large',
  'media_type_unsupported',
  'not_found',
  'method_not_allowed',
  'throttled',
  'overloaded',
  'unavailable',
  'keys_unavailable',
] as const

export type RequestErrorCode = (typeof requestErrorCodes)[number]

/** Every code that an error answer can carry. */
export type ProblemCode = RequestErrorCode | TokenErrorCode

/** The members of a problem details object (RFC 9457 §3.1), with our `code` as its one extension. */
export interface ProblemBody {
  readonly type: `urn:tessera:error:${ProblemCode}`
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  readonly [member: string]: unknown
}

/** An error answer that no framework has touched yet. Header names are in lower case. */
export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

export interface ProblemExtra {
  /** Instead of the status of the code. */
  readonly status?: number
  /** Added to the headers, or instead of those of the same name; names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the body (RFC 9457 §3.2); the standard ones cannot be replaced. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** What a client is told to wait, in seconds, when the answer says no more precise figure. */
export const retryAfterSeconds = 5

const rows: Readonly<Record<RequestErrorCode, readonly [status: number, title: string]>> = {
  token_missing: [401, 'An access token is needed'],
  request_invalid: [400, 'The request is malformed'],
  insufficient_scope: [403, 'The token does not allow this'],
  credentials_invalid: [401, 'User name or password is wrong'],
  username_taken: [409, 'The user name is taken'],
  password_rejected: [422, 'The password is not acceptable'],
  signup_closed: [403, 'Sign-up is closed'],
  origin_rejected: [403, 'The page may not do this'],
  body_invalid: [400, 'The body is not what was expected'],
  too_large: [413, 'The request is too large'],
  media_type_unsupported: [415, 'The media type is not supported'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'The method is not allowed'],
  throttled: [429, 'Too many attempts'],
  overloaded: [503, 'The server is overloaded'],
  unavailable: [503, 'The service is unavailable'],
  keys_unavailable: [503, 'The verification keys are unavailable'],
}

const tokenRow = [401, 'The access token was refused'] as const

const unstored = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } as const

/** The headers that the status of a request code demands: RFC 9110 §11.6.1 for 401, §10.2.3 for 429 and 503. */
function headersOf(status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' }
  if (status === 429 || status === 503) return { 'retry-after': String(retryAfterSeconds) }
  return {}
}

function isRequestErrorCode(code: ProblemCode): code is RequestErrorCode {
  return Object.hasOwn(rows, code)
}

/**
 * Builds the error answer for a code: status, headers and the RFC 9457 body. 401 carries `WWW-Authenticate`, 429 and
 * 503 carry `Retry-After`, and no error answer may be stored by a cache. A code of both groups (`too_large`,
 * `keys_unavailable`) is taken as a code of requests; every other token code answers as `tokenProblem` does.
 *
 * @param detail One sentence or two for the person who reads it: what was expected, what came, what to do. Never a
 *   token, a key or the value of a claim.
 */
export function problem(code: ProblemCode, detail: string, extra: ProblemExtra = {}): ProblemAnswer {
  if (!isRequestErrorCode(code)) return tokenProblem(code, detail, extra)
  const [rowStatus, title] = rows[code]
  const status = extra.status ?? rowStatus
  return {
    status,
    headers: { ...unstored, ...headersOf(status), ...extra.headers },
    body: { ...extra.members, type: `urn:tessera:error:${code}`, title, status, detail, code },
  }
}

/** Builds the answer to a token that was presented and refused: 401 with `error="invalid_token"` (RFC 6750 §3.1). */
export function tokenProblem(code: TokenErrorCode, detail: string, extra: ProblemExtra = {}): ProblemAnswer {
  const [rowStatus, title] = tokenRow
  const status = extra.status ?? rowStatus
  return {
    status,
    headers: { ...unstored, 'www-authenticate': 'Bearer error="invalid_token"', ...extra.headers },
    body: { ...extra.members, type: `urn:tessera:error:${code}`, title, status, detail, code },
  }
}
