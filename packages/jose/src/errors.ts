/**
 * The one vocabulary of errors. Library, guard, client, command line and console all speak these codes;
 * `docs/errors/` has a page for each. A message says what was expected, then what came, then where. It names kinds only:
 * never a token, a key or the value of a claim.
 */

/** Every code of a token fault or of a caller's mistake with tokens and keys. */
export const tokenErrorCodes = [
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

export type TokenErrorCode = (typeof tokenErrorCodes)[number]

/** Codes that are the caller's own mistake. The `safe…` functions throw them; they are not token faults. */
export type CallerErrorCode = 'option_invalid' | 'key_invalid' | 'weak_key'

/** Codes that can be raised only after the signature was found good. */
export type AuthenticErrorCode =
  | 'typ_mismatch'
  | 'expired'
  | 'not_yet_valid'
  | 'too_old'
  | 'claim_missing'
  | 'claim_invalid'
  | 'schema_invalid'
  | 'replayed'
  | 'revoked'

export interface JoseErrorDetails {
  /** The claim or header parameter that the error is about. */
  readonly claim?: string
  readonly cause?: unknown
}

/** The only error class of the library. Branch on `code`, a literal union. */
export class JoseError<Code extends TokenErrorCode = TokenErrorCode> extends Error {
  override readonly name = 'JoseError'
  readonly code: Code
  /** The claim that the error is about, where there is one. Declared, so that it is absent where there is none. */
  declare readonly claim?: string

  constructor(code: Code, message: string, details: JoseErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    if (details.claim !== undefined) this.claim = details.claim
  }
}

const codes: ReadonlySet<unknown> = new Set(tokenErrorCodes)

/** Whether a value is a `JoseError`, also one of another realm or of a second copy of this library. */
export function isJoseError(value: unknown): value is JoseError {
  if (value instanceof JoseError) return true
  if (typeof value !== 'object' || value === null) return false
  const { name, code } = value as { name?: unknown; code?: unknown }
  return name === 'JoseError' && codes.has(code)
}
