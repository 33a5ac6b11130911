/** What a verifier made of one token. */
import { kindOf } from '../encoding/json.ts'

/**
 * A verifier as a test hands it in. It refuses by throwing, by a promise that is rejected, or by giving `null`, `undefined`,
 * `false` or an object with `ok: false`; whatever else it gives counts as acceptance.
 */
export type VerifierUnderTest = (token: string) => unknown

export interface Verdict {
  readonly isAccepted: boolean
  /** How it was refused. */
  readonly refusal: string
  /** The same, where that was no refusal but an accident. */
  readonly wrongError: string | undefined
}

/** Hands a token, or what is none, to a verifier. */
export async function judge(token: unknown, verify: VerifierUnderTest): Promise<Verdict> {
  try {
    const result = await verify(token as string)
    const isAccepted = !isRefusal(result)
    return { isAccepted, refusal: isAccepted ? 'accepted' : `gave ${kindOf(result)}`, wrongError: undefined }
  } catch (error) {
    return {
      isAccepted: false,
      refusal: sayError(error),
      wrongError: isAccident(error) ? sayError(error) : undefined,
    }
  }
}

function isRefusal(result: unknown): boolean {
  if (result === null || result === undefined || result === false) return true
  return typeof result === 'object' && (result as { ok?: unknown }).ok === false
}

const accidents: ReadonlySet<string> = new Set([
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'URIError',
  'EvalError',
])

/** An error of the language itself was meant for nobody: the code did not expect this token. */
function isAccident(error: unknown): boolean {
  return !isError(error) || accidents.has(error.name)
}

function sayError(error: unknown): string {
  return isError(error) ? `${error.name}: ${error.message.slice(0, 120)}` : `threw ${kindOf(error)}`
}

/** Told by its members: in Jest, what Node throws is of another realm and no instance of the test's own Error. */
function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  const { name, message } = value as { name?: unknown; message?: unknown }
  return typeof name === 'string' && typeof message === 'string'
}
