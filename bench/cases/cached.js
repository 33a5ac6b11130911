// @ts-check
/** A token that was verified before: each comes as a fresh string, as it does over a network. */
import { makeFastVerifier } from '../contenders/fast-jwt.js'
import { cachedVerifier, uncachedVerifier } from '../contenders/tessera.js'
import { fresh } from '../measure.js'
import { expected, makeKeys, makeTokens, standardClaims } from '../tokens.js'

/** @typedef {import('../measure.js').Case} Case */

export const caching = [{ title: 'cache hit', build }]

/** @returns {Promise<import('../measure.js').Group>} */
async function build() {
  const keys = await makeKeys('HS256')
  const tokens = makeTokens(keys, standardClaims)
  const fast = makeFastVerifier(keys, expected, { cache: true })
  const fastByToken = makeFastVerifier(keys, expected, {
    cache: true,
    cacheKeyBuilder: (/** @type {string} */ token) => token,
  })
  const { verifySync } = await uncachedVerifier(keys, expected)
  return {
    title: 'cache hit',
    reference: 'fast-jwt, cache',
    cases: [
      ...(await hitCases()),
      { name: 'tessera, HS256 without a cache', run: (i) => verifySync(fresh(tokens[i])) },
      { name: 'fast-jwt, cache', run: (i) => fast(fresh(tokens[i])) },
      { name: 'fast-jwt, cache keyed by the token', run: (i) => fastByToken(fresh(tokens[i])) },
    ],
  }
}

/** The hits of ours, for a secret and for a public key. */
async function hitCases() {
  /** @type {Case[]} */
  const cases = []
  for (const algorithm of /** @type {const} */ (['HS256', 'ES256'])) {
    const keys = await makeKeys(algorithm)
    const { verifySync } = await cachedVerifier(keys, expected)
    const tokens = makeTokens(keys, standardClaims)
    cases.push({ name: `tessera, ${algorithm} cached`, run: (i) => verifySync(fresh(tokens[i])) })
  }
  return cases
}
