// @ts-check
/** Makes one call and says what came of it. */

/**
 * What came of one call.
 *
 * @typedef {object} Outcome
 * @property {string} verdict `accepted`, the code of our error, or a description of an error that is not ours
 * @property {boolean} isOurs
 * @property {unknown} error
 * @property {number} ms
 */

/** @param {(error: unknown) => boolean} isJoseError @param {ReadonlySet<string>} codes */
export function createJudge(isJoseError, codes) {
  /** @param {unknown} error @param {number} start @returns {Outcome} */
  const refused = (error, start) => {
    const ms = performance.now() - start
    const code = isJoseError(error) ? /** @type {{ code: string }} */ (error).code : ''
    return codes.has(code)
      ? { verdict: code, isOurs: true, error, ms }
      : { verdict: `foreign: ${describe(error)}`, isOurs: false, error, ms }
  }
  /** @param {number} start @returns {Outcome} */
  const accepted = (start) => ({
    verdict: 'accepted',
    isOurs: true,
    error: undefined,
    ms: performance.now() - start,
  })
  return {
    /** @param {() => unknown} call @returns {Outcome} */
    now(call) {
      const start = performance.now()
      try {
        call()
        return accepted(start)
      } catch (error) {
        return refused(error, start)
      }
    },
    /** @param {() => unknown} call @returns {Promise<Outcome>} */
    async later(call) {
      const start = performance.now()
      try {
        await call()
        return accepted(start)
      } catch (error) {
        return refused(error, start)
      }
    },
  }
}

/** @param {unknown} error */
function describe(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown ${typeof error}`
}
