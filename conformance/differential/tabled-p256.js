// @ts-check
/** Keys and signatures of ECDSA on P-256: good ones, and numbers at the edges of their ranges (FIPS 186-5 §6.4.2). */
import { createECDH, createHash, generateKeyPairSync } from 'node:crypto'
import { flipped, honestKey, join, privateKeyOf, signedBy } from './tabled-signatures.js'

/** @typedef {import('../fuzz/random.js').Random} Random */
/** @typedef {import('./tabled-signatures.js').CurveKey} CurveKey */

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** @param {bigint} value */
const toOctets = (value) => new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
/** @param {Uint8Array} octets */
const fromOctets = (octets) => BigInt(`0x${Buffer.from(octets).toString('hex')}`)

/** The key of a private number. @param {bigint} d @param {string} name @returns {CurveKey} */
function keyOf(d, name) {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(toOctets(d))
  const point = pair.getPublicKey()
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  const jwk = { kty: 'EC', crv: 'P-256', x, y }
  const privateKey = privateKeyOf({ ...jwk, d: Buffer.from(toOctets(d)).toString('base64url') })
  return { name, jwk, scalar: d, privateKey }
}

/** What one signature under these keys says; there is a key for it under which its sum is infinite, or of a point and itself. */
const fixed = { data: new Uint8Array([1, 2, 3]), r: 5n }
const hashed = fromOctets(createHash('sha256').update(fixed.data).digest()) % order

/** @param {bigint} value */
function inverse(value) {
  let result = 1n
  for (
    let [rest, square] = [order - 2n, value % order];
    rest > 0n;
    rest >>= 1n, square = (square * square) % order
  )
    if (rest & 1n) result = (result * square) % order
  return result
}

/** @param {Random} random @returns {CurveKey[]} */
export function p256Keys(random) {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const ratio = (hashed * inverse(fixed.r)) % order
  const small = [1n, 2n, 64n, 65n, 2n ** BigInt(7 * random.below(36)), order - 1n, order - 2n]
  return [
    honestKey(privateKeyOf(/** @type {any} */ (own))),
    ...small.map((d) => keyOf(d, 'a small multiple of the base point')),
    keyOf(ratio, 'a key for a sum of a point and itself'),
    keyOf(order - ratio, 'a key for an infinite sum'),
  ]
}

/** @param {Random} random @param {bigint} value */
function edgeOrSelf(random, value) {
  const few = BigInt(random.below(3))
  return random.pick([value, few, order - few, order + few, 2n ** 256n - 1n - few, 2n ** 255n + few])
}

/** @param {Uint8Array} signature */
const halves = (signature) =>
  /** @type {const} */ ([fromOctets(signature.slice(0, 32)), fromOctets(signature.slice(32))])

/** @type {import('./tabled-signatures.js').Families} */
export const p256Families = {
  good: signedBy,
  'a bit changed': (random, key) => {
    const { data, signature } = signedBy(random, key)
    return { data, signature: flipped(random, signature) }
  },
  'other data': (random, key) => ({ data: random.bytes(80), signature: signedBy(random, key).signature }),
  'n − s': (random, key) => {
    const { data, signature } = signedBy(random, key)
    const [r, s] = halves(signature)
    return { data, signature: join(toOctets(r), toOctets(order - s)) }
  },
  'r and s at the edges of their range': (random, key) => {
    const { data, signature } = signedBy(random, key)
    const [r, s] = halves(signature)
    return { data, signature: join(toOctets(edgeOrSelf(random, r)), toOctets(edgeOrSelf(random, s))) }
  },
  'r and s that are small, or one number': (random) => {
    const r = BigInt(1 + random.below(200))
    const s = random.pick([r, order - r, BigInt(1 + random.below(200))])
    return { data: random.bytes(20), signature: join(toOctets(r), toOctets(s)) }
  },
  'one whose sum is infinite under one key, and of a point and itself under another': (random) => {
    const times = BigInt(random.pick([1, 1 + random.below(64), 65 + random.below(1000)]))
    const s = (fixed.r * inverse(times)) % order
    return { data: fixed.data, signature: join(toOctets(fixed.r), toOctets(s)) }
  },
}
