// @ts-check
/** What comes of one call of the library, and its words for the report. */

/**
 * @typedef {{ kind: 'accepted', claims: unknown }
 *   | { kind: 'refused', code: string, message: string, at: 'key' | 'token' }
 *   | { kind: 'broken', error: unknown }} Verdict
 */

/**
 * Calls the library. Only a `JoseError` is a refusal; any other error means that something inside broke.
 *
 * @param {any} jose
 * @param {() => unknown} call
 * @returns {Promise<Verdict>}
 */
export async function judge(jose, call) {
  try {
    return { kind: 'accepted', claims: await call() }
  } catch (error) {
    return verdictOf(jose, error, 'token')
  }
}

/** @param {any} jose @param {unknown} error @param {'key' | 'token'} at @returns {Verdict} */
export function verdictOf(jose, error, at) {
  if (!jose.isJoseError(error)) return { kind: 'broken', error }
  const { code, message } = /** @type {any} */ (error)
  return { kind: 'refused', code: String(code), message: String(message), at }
}

/** @param {Verdict} verdict */
export function sayVerdict(verdict) {
  if (verdict.kind === 'accepted') return 'accepted'
  if (verdict.kind === 'broken') return `an error that is not the library's: ${describe(verdict.error)}`
  return `refused, ${verdict.code}${verdict.at === 'key' ? ' at the key' : ''}`
}

/** @param {unknown} error */
export function describe(error) {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : String(error)
}

/** The verdicts in words, equal ones once. @param {Iterable<Verdict>} verdicts */
export function sayAll(verdicts) {
  return [...new Set([...verdicts].map(sayVerdict))].join('; ')
}
