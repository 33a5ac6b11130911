/**
 * `fast-check` with a third of the runs: Vitest makes all of them, and eleven runtimes together make more. What a runtime
 * gets wrong it gets wrong often.
 */
import * as fastCheck from 'fast-check-itself'

export * from 'fast-check-itself'

/** @param {any} property @param {any} [parameters] */
export const assert = (property, parameters = {}) =>
  fastCheck.assert(property, { ...parameters, numRuns: Math.ceil((parameters.numRuns ?? 100) / 3) })

export default { ...fastCheck, assert }
