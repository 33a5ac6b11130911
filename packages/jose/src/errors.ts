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
  /** When the token expired: with `expired`, and there alone. */
  readonly expiredAt?: Date
}

/** What goes along with a code: `expired` never comes without its time, and no other code with it. */
type DetailsArgument<Code> = [Code] extends ['expired']
  ? [details: JoseErrorDetails & { readonly expiredAt: Date }]
  : 'expired' extends Code
    ? [details?: JoseErrorDetails]
    : [details?: JoseErrorDetails & { readonly expiredAt?: never }]

/** The only error class of the library. Branch on `code`, a literal union. */
export class JoseError<Code extends TokenErrorCode = TokenErrorCode> extends Error {
  override readonly name = 'JoseError'
  declare readonly code: Code
  /** The claim that the error is about, where there is one. Declared, so that it is absent where there is none. */
  declare readonly claim?: string
  /** When the token expired, of an error of the code `expired`; absent from every other. */
  declare readonly expiredAt: Code extends 'expired' ? Date : undefined

  constructor(code: Code, message: string, ...details: DetailsArgument<Code>)
  constructor(code: Code, message: string, details?: JoseErrorDetails) {
    super(message, details)
    // What is not given is no member.
    Object.assign(this, details, { code })
  }
}

/** A `JoseError` of any one code, so that a look at `code` tells what else the error has. */
export type AnyJoseError = { [Code in TokenErrorCode]: JoseError<Code> }[TokenErrorCode]

/** Whether a value is a `JoseError`, also one of another realm or of a second copy of this library. */
export function isJoseError(value: unknown): value is AnyJoseError {
  return isOurs(value) && (tokenErrorCodes as readonly unknown[]).includes(value.code)
}

/** `isJoseError` without a look at the code: what is thrown inside the library is its own. */
function isOurs(value: unknown): value is AnyJoseError {
  return value instanceof JoseError || (value as Error | null | undefined)?.name === 'JoseError'
}

/**
 * A refusal that is no error yet. Making an error costs several times a verification, nearly all of it for its stack, so
 * that a flood of bad tokens would cost more than good ones; a refusal costs next to nothing, and is an error when asked.
 */
export class Refusal {
  readonly ok = false
  readonly code: TokenErrorCode
  /** What was expected, then what came, then where; never a token, a key or the value of a claim. */
  readonly message: string
  /** The claim that the refusal is about, where there is one. */
  declare readonly claim?: string
  /** The claims of a token whose signature was good and that failed a later check. */
  declare authentic?: object
  #details: JoseErrorDetails | undefined
  #error: JoseError | undefined

  constructor(code: TokenErrorCode, message: string, details?: JoseErrorDetails) {
    this.code = code
    this.message = message
    if (details?.claim !== undefined) this.claim = details.claim
    this.#details = details
  }

  /** The same as an error; the same one each time. */
  get error(): JoseError {
    this.#error ??= new JoseError(this.code, this.message, this.#details)
    return this.#error
  }

  /** `orThrow`, in here so that nothing stands between it and the error: each function is a frame of the stack. */
  static orThrow<T extends object | string>(this: void, value: T | Refusal): T {
    if (!(value instanceof Refusal)) return value
    if (value.#error !== undefined || frames.stackTraceLimit !== usualFrames) throw value.error
    // Not an assignment: it would throw where Error is frozen.
    Reflect.set(frames, 'stackTraceLimit', framesOfRefusal)
    try {
      value.#error = new JoseError(value.code, value.message, value.#details)
    } finally {
      Reflect.set(frames, 'stackTraceLimit', usualFrames)
    }
    // Not from inside: what is thrown there is caught and thrown once more.
    throw value.#error
  }

  /** The refusal that an error stands for. Whatever is no error of this library is thrown again. */
  static of(error: unknown): Refusal {
    if (!isOurs(error)) throw error
    const refusal = new Refusal(error.code, error.message)
    if (error.claim !== undefined) (refusal as { claim?: string }).claim = error.claim
    refusal.#error = error
    return refusal
  }
}

/** V8's own settings of errors. */
const frames = Error as { stackTraceLimit?: number }
/** What V8 takes as long as nobody tells it otherwise, and what a refusal has: two of them are ours. */
const [usualFrames, framesOfRefusal] = [10, 5]

/**
 * The value of a check, or the error of its refusal. Each frame of a stack takes as long as a third of a verification, and
 * bad tokens come in floods: the nearest are taken, and more where somebody set `Error.stackTraceLimit` himself.
 *
 * @throws {JoseError}
 */
export const orThrow: <T extends object | string>(value: T | Refusal) => T = /* @__PURE__ */ thrower()

/** A call that bundlers may leave out, where reading a member of a class is taken for an effect. */
function thrower(): typeof Refusal.orThrow {
  return Refusal.orThrow
}
