// @ts-check
/** How the time grows: with the length of a token, and with the number of keys. */
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { createVerifier, encode, generateKey, secret } from '../../packages/jose/dist/index.js'
import { makeFastVerifier } from '../contenders/fast-jwt.js'
import { uncachedOptions, uncachedVerifier } from '../contenders/tessera.js'
import { fresh, poolSize } from '../measure.js'
import { expected, grownClaims, makeKeys, makeTokens, shapes, standardClaims } from '../tokens.js'

/** @typedef {import('../measure.js').Case} Case */

export const growing = [
  { title: 'HS256 verify, as the token grows', build: buildLengths },
  { title: 'verify, as the keys grow', build: buildKeys },
]

/** Characters of the tokens; 16 KiB is the longest that is taken. */
export const tokenLengths = [100, 280, 1024, 4096, 16_384]

/** @returns {Promise<import('../measure.js').Group>} */
async function buildLengths() {
  const keys = await makeKeys('HS256')
  const { verifySync } = await uncachedVerifier(keys, undefined)
  const fast = makeFastVerifier(keys, undefined, { cache: false })
  const pools = tokenLengths.map((length) => ({ length, tokens: tokensOf(keys, length) }))
  return {
    title: 'HS256 verify, as the token grows',
    reference: lengthRow('tessera', 280),
    cases: pools.flatMap(({ length, tokens }) => [
      { name: lengthRow('tessera', length), run: (/** @type {number} */ i) => verifySync(fresh(tokens[i])) },
      { name: lengthRow('fast-jwt', length), run: (/** @type {number} */ i) => fast(fresh(tokens[i])) },
    ]),
  }
}

/** @param {string} name @param {number} length */
export const lengthRow = (name, length) => `${name}, ${length} characters`

/** Characters of a token beside its claims. */
const headerAndSignature = 36 + 43 + 2

/** Tokens of as many characters at most: a list in the claims grows. @param {import('../tokens.js').Keys} keys @param {number} length */
function tokensOf(keys, length) {
  if (length < 200) return makeTokens(keys, shapes['tiny'] ?? Object)
  const lengthWith = (/** @type {number} */ entries) =>
    headerAndSignature + Math.ceil((JSON.stringify(grownClaims(poolSize - 1, entries)).length * 4) / 3)
  let entries = 0
  while (lengthWith(entries + 1) <= length) entries += 1
  return makeTokens(keys, (index) => grownClaims(index, entries))
}

/** @returns {Promise<import('../measure.js').Group>} */
async function buildKeys() {
  return {
    title: 'verify, as the keys grow',
    reference: 'ES256, 1 key',
    cases: [
      await keySetCase(1),
      await keySetCase(1000),
      rawCase(1),
      rawCase(poolSize),
      issuersCase(1),
      issuersCase(1000),
    ],
  }
}

/** The index of the key that a token is for: all 64 tokens have one of their own, where there are enough. @param {number} token @param {number} count */
const keyOf = (token, count) => Math.floor((token * count) / poolSize)

/** Public keys found by `kid`. @param {number} count @returns {Promise<Case>} */
async function keySetCase(count) {
  const keys = await Promise.all(Array.from({ length: count }, () => generateKey('ES256')))
  const byId = new Map(keys.map(({ kid, publicKey }) => [kid, [publicKey]]))
  const keySet = {
    generation: 0,
    selectKeys: (/** @type {{ kid: string }} */ { kid }) => byId.get(kid) ?? [],
  }
  const options = { keys: keySet, ...expected, ...uncachedOptions }
  const { verifySync } = createVerifier(/** @type {any} */ (options))
  const tokens = Array.from({ length: poolSize }, (_, index) => {
    const key = /** @type {any} */ (keys[keyOf(index, count)])
    return encode(standardClaims(index), key, { header: { kid: key.kid } })
  })
  return { name: `ES256, ${nameCount(count, 'key')}`, run: (i) => verifySync(fresh(tokens[i])) }
}

/** What other keys cost OpenSSL alone. @param {number} count @returns {Case} */
function rawCase(count) {
  const input = Buffer.alloc(233, 'a')
  const pairs = Array.from({ length: count }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const signatures = pairs.map(({ privateKey }) => sign('sha256', input, privateKey))
  return {
    name: `bare crypto.verify, ${nameCount(count, 'key')}`,
    run: (i) => verify('sha256', input, pairs[i % count]?.publicKey ?? '', signatures[i % count] ?? input),
  }
}

/** Issuers with a secret each, told apart by `iss`. @param {number} count @returns {Case} */
function issuersCase(count) {
  const keys = Array.from({ length: count }, () => secret('HS256', randomBytes(32)))
  const issuerOf = (/** @type {number} */ index) => `https://issuer-${1000 + index}.example`
  const policies = keys.map((key, index) => ({
    keys: key,
    issuer: issuerOf(index),
    audience: expected.audience,
    ...uncachedOptions,
  }))
  const { verifySync } = createVerifier(/** @type {any} */ (count === 1 ? policies[0] : policies))
  const tokens = Array.from({ length: poolSize }, (_, index) => {
    const key = keyOf(index, count)
    return encode({ ...standardClaims(index), iss: issuerOf(key) }, /** @type {any} */ (keys[key]))
  })
  return { name: `HS256, ${nameCount(count, 'issuer')}`, run: (i) => verifySync(fresh(tokens[i])) }
}

/** @param {number} count @param {string} what */
const nameCount = (count, what) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
