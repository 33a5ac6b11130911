// @ts-check
/** Randomness that comes again: everything about an input follows from the seed and the input's number. */

/** @typedef {ReturnType<typeof createRandom>} Random */

/**
 * The randomness of one input (a splitmix32 counter, which is enough to choose mutations by).
 *
 * @param {number} seed
 * @param {number} index the number of the input
 */
export function createRandom(seed, index) {
  let state = (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)) >>> 0
  const next = () => {
    state = (state + 0x9e37_79b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  next()
  /** A whole number below a limit, which is at least 1. @param {number} limit */
  const below = (limit) => next() % limit
  return {
    below,
    /** True once in so many times. @param {number} times */
    oneIn: (times) => below(times) === 0,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => /** @type {any} */ (list)[below(list.length)],
    /** Random octets. @param {number} length */
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
    /** Text of characters from an alphabet. @param {number} length @param {string} alphabet */
    text: (length, alphabet) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join(''),
  }
}

/**
 * One of several ways, some of them more likely than others.
 *
 * @template T
 * @param {Random} random
 * @param {readonly (readonly [number, T])[]} weighted
 * @returns {T}
 */
export function pickWeighted(random, weighted) {
  let at = random.below(weighted.reduce((sum, [weight]) => sum + weight, 0))
  for (const [weight, value] of weighted) {
    if (at < weight) return value
    at -= weight
  }
  throw new Error('weights of nothing')
}

/**
 * What comes of one of several ways, some of them more likely than others.
 *
 * @param {Random} random
 * @param {readonly (readonly [number, () => any])[]} ways
 * @returns {any}
 */
export function choose(random, ways) {
  return pickWeighted(random, ways)()
}
