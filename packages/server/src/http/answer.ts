/** Answers as values: status, headers, text. One place turns them into a `Response`, with what every answer carries. */
import type { ProblemAnswer } from '@tessera/guard'
import { problem } from '@tessera/guard'

/** Bytes that an answer can hold, as every version of TypeScript from 5.4 on can say it. */
type AnswerBytes = ReturnType<InstanceType<typeof TextEncoder>['encode']>

export interface Answer {
  readonly status: number
  /** Names in lower case. Where they are those of many answers, they are frozen, and put together with the others' once. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | AnswerBytes | ReadableStream<AnswerBytes> | null
}

const jsonType = { 'content-type': 'application/json' } as const
const jsonHeaders = Object.freeze({ ...jsonType, 'cache-control': 'no-store' } as const)
const tokenHeaders = Object.freeze({ ...jsonHeaders, pragma: 'no-cache' } as const)

/** JSON that no cache may store. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: jsonHeaders, body: JSON.stringify(value) }
}

/** Tokens (RFC 6749 §5.1). */
export function tokenAnswer(status: number, tokens: unknown): Answer {
  return { status, headers: tokenHeaders, body: JSON.stringify(tokens) }
}

export const noContent: Answer = {
  status: 204,
  headers: Object.freeze({ 'cache-control': 'no-store' }),
  body: null,
}

/** An RFC 9457 answer. */
export function problemAnswer({ status, headers, body }: ProblemAnswer): Answer {
  return { status, headers, body: JSON.stringify(body) }
}

export type OAuthError =
  | 'invalid_request'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_client'
  | 'invalid_target'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable'

/** An RFC 6749 §5.2 answer, with our `code` beside it. */
export function oauthAnswer(error: OAuthError, code: string, detail: string): Answer {
  return jsonAnswer(400, { error, error_description: describe(detail), code })
}

/** The most common of them. */
export function invalidRequest(detail: string): Answer {
  return oauthAnswer('invalid_request', 'request_invalid', detail)
}

/** A client that did not prove itself: 401 with the way of proving (RFC 6749 §5.2, RFC 9110 §11.6.1). */
export function clientChallenge(code: string, detail: string, issuer: string): Answer {
  const { headers, body } = oauthAnswer('invalid_client', code, detail)
  const challenge = `Basic realm="${issuer.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')}", charset="UTF-8"`
  return { status: 401, headers: { ...headers, 'www-authenticate': challenge }, body }
}

/** The same fault at an OAuth endpoint, which speaks RFC 6749 §5.2 in the place of RFC 9457. */
export function asOAuthAnswer({ status, headers, body }: ProblemAnswer): Answer {
  const error: OAuthError = status === 503 || status === 429 ? 'temporarily_unavailable' : 'invalid_request'
  const answer = { error, error_description: describe(body.detail), code: body.code }
  return { status, headers: { ...headers, ...jsonType }, body: JSON.stringify(answer) }
}

/** RFC 6749 §5.2: visible ASCII and space, without `"` and `\`. */
function describe(detail: string): string {
  return detail.replace(/"/g, "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, '?')
}

/** 429 or 503 with the time to wait. */
export function waitProblem(
  code: 'throttled' | 'overloaded' | 'unavailable',
  detail: string,
  retryAfterSeconds: number,
): ProblemAnswer {
  return problem(code, detail, { headers: { 'retry-after': String(Math.max(1, retryAfterSeconds)) } })
}
