// @ts-check
/** HS256 verification of a standard token, a tiny and a big one, beside every peer and beside the parts it consists of. */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { verifiersOf } from '../contenders/libraries.js'
import { fresh } from '../measure.js'
import { expected, makeKeys, makeTokens, shapes } from '../tokens.js'
import { casesOnTokens } from './case.js'

/** @typedef {import('../measure.js').Group} Group */
/** @typedef {import('../measure.js').Case} Case */

export const verifyHs256 = ['standard', 'tiny', 'big'].map((shape) => ({
  title: `HS256 verify, ${shape} token`,
  build: () => build(shape),
}))

/** @param {string} shape @returns {Promise<Group>} */
async function build(shape) {
  const keys = await makeKeys('HS256')
  const tokens = makeTokens(keys, shapes[shape] ?? shapes['standard'] ?? Object)
  const all = await verifiersOf(keys, shape === 'tiny' ? undefined : expected)
  // What a thread pool costs is seen on one size.
  const contenders = all.filter(({ asynchronous }) => shape === 'standard' || asynchronous !== true)
  return {
    title: `HS256 verify, ${shape} token`,
    reference: 'fast-jwt',
    cases: [...contenders.flatMap((contender) => casesOnTokens(contender, tokens)), ...partsOf(tokens, keys)],
    sums: [
      { name: 'sum of parts, with createHmac', of: [bareHmac, ...otherParts] },
      { name: 'sum of parts, with two one-shot hashes', of: [twoHashes, ...otherParts] },
    ],
  }
}

const bareHmac = 'part: createHmac().update().digest()'
const twoHashes = 'part: HMAC of two crypto.hash()'
const otherParts = [
  'part: base64url of the claims',
  'part: JSON.parse',
  'part: timingSafeEqual',
  'part: Date.now',
]

/** @param {string[]} tokens @param {import('../tokens.js').Keys} keys @returns {Case[]} */
function partsOf(tokens, { verifying }) {
  const inputs = tokens.map((token) => token.slice(0, token.lastIndexOf('.')))
  const segments = tokens.map((token) => token.split('.')[1] ?? '')
  const texts = segments.map((segment) => Buffer.from(segment, 'base64url').toString())
  const [one, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 1)]
  const [base64url = '', parse = '', compare = '', clock = ''] = otherParts
  return [
    {
      name: bareHmac,
      run: (i) => createHmac('sha256', verifying.keyObject).update(fresh(inputs[i])).digest(),
    },
    ...hashParts(inputs, verifying.bytes),
    { name: base64url, run: (i) => Buffer.from(fresh(segments[i]), 'base64url').toString() },
    { name: parse, run: (i) => JSON.parse(fresh(texts[i])) },
    { name: compare, run: () => timingSafeEqual(one, other) },
    { name: clock, run: () => Date.now() },
  ]
}

/** HMAC as RFC 2104 has it, over blocks that were prepared: inner hash, outer hash. @param {string[]} inputs @param {Uint8Array} key @returns {Case[]} */
function hashParts(inputs, key) {
  const longest = Math.max(...inputs.map(({ length }) => length))
  const inner = Buffer.alloc(64 + longest, 0x36)
  const outer = Buffer.alloc(96, 0x5c)
  for (const [index, octet] of key.entries()) {
    inner[index] = octet ^ 0x36
    outer[index] = octet ^ 0x5c
  }
  const views = inputs.map(({ length }) => inner.subarray(0, 64 + length))
  const run = (/** @type {number} */ index) => {
    inner.latin1Write(fresh(inputs[index]), 64)
    outer.latin1Write(hash('sha256', views[index] ?? inner, 'latin1'), 64)
    return hash('sha256', outer, 'latin1')
  }
  return [{ name: twoHashes, run }]
}
