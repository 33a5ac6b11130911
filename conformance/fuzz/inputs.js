// @ts-check
/** The input of a number: which target reads it, and the calls that read it. */
import { createRandom, pickWeighted } from './random.js'

/** @typedef {import('./targets.js').Target} Target */

/**
 * @typedef {object} NumberedInput
 * @property {number} index
 * @property {Target} target
 * @property {any} input
 * @property {(() => unknown)[]} calls all of them must come to one verdict
 */

/** @param {readonly Target[]} targets @param {number} seed */
export function createInputs(targets, seed) {
  const weighted = targets.map((target) => /** @type {const} */ ([target.weight, target]))
  /** @param {number} index */
  const make = (index) => {
    const random = createRandom(seed, index)
    const target = pickWeighted(random, weighted)
    return { target, input: target.make(random) }
  }
  return {
    /** @param {number} index @returns {NumberedInput} */
    at(index) {
      const { target, input } = make(index)
      const calls = target.calls(input)
      // What is read once only is read twice now and then: the same input, the same verdict.
      if (calls.length === 1 && index % 4 === 0) calls.push(...target.calls(input))
      if (!target.isStateful) return { index, target, input, calls }
      const own = calls.map((call, at) =>
        at === 0 ? call : () => target.calls(make(index).input)[at % target.calls(input).length]?.(),
      )
      return { index, target, input, calls: own }
    },
    /** The call again, on an input that nobody has read yet. @param {number} index @param {number} at */
    again(index, at) {
      const { target, input } = make(index)
      const calls = target.calls(input)
      return calls[at % calls.length] ?? (() => undefined)
    },
  }
}
