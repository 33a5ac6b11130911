// @ts-check
/**
 * Every difference between runtimes, written down: which tests do not run where, and why. A test that is skipped or
 * missing without a line here fails the run, and so does a line that no longer explains anything.
 */

/**
 * @typedef {object} Difference
 * @property {string[]} runtimes
 * @property {RegExp} tests  matched against the test's name and the reason that it gave
 * @property {string} why    as printed
 */

/** @type {Difference[]} */
export const differences = []
