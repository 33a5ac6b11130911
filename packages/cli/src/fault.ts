/** How a command fails: one or two clear lines and an exit code, never a stack. */
import { isJoseError, type JoseError, type TokenErrorCode } from '@tessera/jose'

/** Exit codes of every command. */
export const exitCodes = {
  ok: 0,
  /** The token was refused. */
  refused: 1,
  /** The command line, or what it names, is wrong. */
  usage: 2,
  /** Keys or the server could not be reached. */
  unreachable: 3,
} as const

export type Failure = Exclude<keyof typeof exitCodes, 'ok'>

/** A failure that the user can do something about. */
export class CliFault extends Error {
  override readonly name = 'CliFault'
  readonly failure: Failure
  /** The code of the library, where the failure has one. */
  readonly code: TokenErrorCode | undefined
  /** What to do next. */
  readonly hint: string | undefined

  constructor(failure: Failure, message: string, details: { hint?: string; code?: TokenErrorCode } = {}) {
    super(message)
    this.failure = failure
    this.hint = details.hint
    this.code = details.code
  }
}

/** Which failure an error of the library is: the token's fault, the caller's own, or an outage. */
export function failureOf(error: JoseError): Failure {
  if (error.code === 'keys_unavailable') return 'unreachable'
  const own = error.code === 'option_invalid' || error.code === 'key_invalid' || error.code === 'weak_key'
  return own || error.code === 'unsupported' ? 'usage' : 'refused'
}

const makingHints: Partial<Record<TokenErrorCode, string>> = {
  weak_key: 'Make a proper one: tessera keygen HS256 --format text',
  option_invalid: 'On the command line the option "algorithm" is --alg, and "passphrase" is --passphrase.',
}

/** Runs what makes something from what the user gave: every refusal is then about that, and so about the usage. */
export async function making<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isJoseError(error)) throw error
    const hint = makingHints[error.code]
    throw new CliFault('usage', error.message, { code: error.code, ...(hint !== undefined && { hint }) })
  }
}
