/**
 * The client's errors: one class, with a `code` of the vocabulary that library, guard, server and console share.
 * A message says what was expected, what came, and what to do next. It never holds a token, a password or an answer's body.
 */

/** Codes with which a guard or a server refuses a token. The same list as in `@tessera/jose`; a test compares them. */
export const tokenCodes = [
  'malformed',
  'too_large',
  'unsupported',
  'alg_not_allowed',
  'key_invalid',
  'weak_key',
  'key_not_found',
  'key_ambiguous',
  'keys_unavailable',
  'bad_signature',
  'decrypt_failed',
  'crit_unsupported',
  'typ_mismatch',
  'expired',
  'not_yet_valid',
  'too_old',
  'claim_missing',
  'claim_invalid',
  'schema_invalid',
  'replayed',
  'revoked',
  'option_invalid',
] as const

/** Codes with which a server refuses a request around tokens. The same list as in `@tessera/guard`. */
export const requestCodes = [
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

/**
 * Every code of a `ClientError`. The client itself raises three of them: `unavailable` (no usable answer, or a storage
 * that fails), `token_missing` (nobody is signed in) and `option_invalid` (the caller's mistake).
 */
export type ClientErrorCode = (typeof tokenCodes)[number] | (typeof requestCodes)[number]

export interface ClientErrorDetails {
  readonly status?: number
  readonly retryAfterSeconds?: number
  readonly detail?: string
  readonly cause?: unknown
}

/** The only error class of the client. Branch on `code`. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** The HTTP status, where the server answered. */
  declare readonly status?: number
  /** How long to wait before another attempt, where that is known. */
  declare readonly retryAfterSeconds?: number
  /** What the server said of this case, in English, such as why it rejected a password. At most 300 characters. */
  declare readonly detail?: string

  constructor(code: ClientErrorCode, message: string, details: ClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.status !== undefined) this.status = details.status
    if (details.retryAfterSeconds !== undefined) this.retryAfterSeconds = details.retryAfterSeconds
    if (details.detail !== undefined) this.detail = details.detail
  }
}

const codes: ReadonlySet<unknown> = new Set([...tokenCodes, ...requestCodes])

/** Whether a value from outside is one of our codes. */
export function isCode(value: unknown): value is ClientErrorCode {
  return codes.has(value)
}

/** Whether a value is a `ClientError`, also one of another realm or of a second copy of this library. */
export function isClientError(value: unknown): value is ClientError {
  if (value instanceof ClientError) return true
  if (typeof value !== 'object' || value === null) return false
  const { name, code } = value as { name?: unknown; code?: unknown }
  return name === 'ClientError' && isCode(code)
}

const next: Partial<Record<ClientErrorCode, string>> = {
  credentials_invalid: 'Check the user name and the password, then log in again.',
  username_taken: 'Choose another user name, or log in.',
  password_rejected: 'Choose another password.',
  signup_closed: 'Ask whoever runs the server for an account.',
  origin_rejected: 'Have the exact origin of this page added to TESSERA_ORIGINS of the server.',
  not_found: 'Check that `issuer` is the address of the token server.',
  method_not_allowed: 'Check that `issuer` is the address of the token server.',
  overloaded: 'Try again in a moment.',
  unavailable: 'Try again in a moment.',
  expired: 'Log in again.',
  revoked: 'Log in again.',
  replayed: 'Log in again, and change the password if this was unexpected.',
  malformed: 'Log in again.',
}

/** What the caller or the user can do about a code. */
export function nextStep(code: ClientErrorCode, retryAfterSeconds?: number): string {
  if (retryAfterSeconds !== undefined) return `Try again in ${Math.ceil(retryAfterSeconds)} s.`
  return next[code] ?? `See docs/errors/${code}.md.`
}
