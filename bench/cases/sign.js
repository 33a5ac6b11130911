// @ts-check
/** Signing of standard claims, beside every peer and beside the bare primitives. */
import { createHmac, sign } from 'node:crypto'
import { signersOf } from '../contenders/libraries.js'
import { makeKeys, standardClaims } from '../tokens.js'
import { casesOnClaims } from './case.js'

/** @typedef {import('../measure.js').Case} Case */

const algorithms = /** @type {const} */ (['HS256', 'RS256', 'ES256', 'EdDSA'])

export const signing = algorithms.map((algorithm) => {
  const title = `${algorithm === 'EdDSA' ? 'Ed25519' : algorithm} sign`
  return { title, build: () => build(algorithm, title) }
})

/** @param {typeof algorithms[number]} algorithm @param {string} title @returns {Promise<import('../measure.js').Group>} */
async function build(algorithm, title) {
  const keys = await makeKeys(algorithm)
  const cases = (await signersOf(keys)).flatMap((contender) => casesOnClaims(contender, standardClaims))
  return { title, reference: 'fast-jwt', cases: [...cases, ...parts(algorithm, keys.signing.keyObject)] }
}

/** @param {string} algorithm @param {import('node:crypto').KeyObject} key @returns {Case[]} */
function parts(algorithm, key) {
  const input = Buffer.alloc(233, 'a')
  if (algorithm !== 'HS256') {
    const hash = algorithm === 'EdDSA' ? null : 'sha256'
    return [{ name: 'bare crypto.sign', run: () => sign(hash, input, key) }]
  }
  return [
    {
      name: 'part: createHmac().update().digest()',
      run: () => createHmac('sha256', key).update(input).digest(),
    },
    { name: 'part: JSON.stringify', run: (i) => JSON.stringify(standardClaims(i)) },
  ]
}
