// @ts-check
/** A contender's work on a pool of tokens or claims, as cases to measure. */
import { fresh } from '../measure.js'

/** @typedef {import('../measure.js').Case} Case */

/** What is not a peer's. @param {string} name */
const isOurs = (name) => name.startsWith('tessera')

/**
 * A contender on tokens. A promise is waited for one at a time, and 64 at once in a row of its own: those share the cores
 * of the machine through the thread pool, so they are no peer of what takes one token after the other on one of them.
 *
 * @param {import('../contenders/libraries.js').Contender<string>} contender @param {readonly string[]} tokens
 * @returns {Case[]}
 */
export function casesOnTokens({ name, act, asynchronous = false, native = false }, tokens) {
  return flights(
    { name, run: (index) => act(fresh(tokens[index])), native, peer: !isOurs(name) },
    asynchronous,
  )
}

/** @param {import('../contenders/libraries.js').Contender<object>} contender @param {(index: number) => object} claims @returns {Case[]} */
export function casesOnClaims({ name, act, asynchronous = false, native = false }, claims) {
  return flights({ name, run: (index) => act(claims(index)), native, peer: !isOurs(name) }, asynchronous)
}

/** @param {Case} one @param {boolean} asynchronous @returns {Case[]} */
function flights(one, asynchronous) {
  if (!asynchronous) return [one]
  const { name } = one
  return [
    { ...one, name: `${name}, one at a time`, inFlight: 1 },
    { ...one, name: `${name}, 64 in flight`, inFlight: 64, peer: false },
  ]
}
