/** What came of a call, as one word that a test can compare. */
import { isJoseError, type JoseError } from '../src/errors.ts'

/** 'accepted', the code of a JoseError, or the name and message of an error that should never get out. */
export function outcomeOf(action: () => unknown): string {
  try {
    action()
    return 'accepted'
  } catch (error) {
    return describe(error)
  }
}

/** `outcomeOf` for an action that may answer with a promise. */
export async function outcomeLater(action: () => unknown): Promise<string> {
  try {
    await action()
    return 'accepted'
  } catch (error) {
    return describe(error)
  }
}

/** The JoseError that an action throws. */
export function refusal(action: () => unknown): JoseError {
  try {
    action()
  } catch (error) {
    if (isJoseError(error)) return error
    throw error
  }
  throw new Error('expected a JoseError, and the action succeeded')
}

/** The JoseError that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<JoseError> {
  try {
    await promise
  } catch (error) {
    if (isJoseError(error)) return error
    throw error
  }
  throw new Error('expected a JoseError, and the promise was kept')
}

function describe(error: unknown): string {
  if (isJoseError(error)) return error.code
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown ${typeof error}`
}
