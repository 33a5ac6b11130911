// @ts-check
/** Keys and signatures of Ed25519: good ones, and those that verifiers disagree on (RFC 8032 §5.1.7, §8.4). */
import { createHash, generateKeyPairSync } from 'node:crypto'
import {
  add,
  base,
  encode,
  fromOctets,
  multiply,
  neutral,
  order,
  prime,
  toOctets,
  torsion,
} from './edwards-points.js'
import { flipped, honestKey, join, privateKeyOf, signedBy } from './tabled-signatures.js'

/** @typedef {import('../fuzz/random.js').Random} Random */
/** @typedef {import('./tabled-signatures.js').CurveKey} CurveKey */
/** @typedef {import('./tabled-signatures.js').Signed} Signed */

/** @param {Uint8Array} octets @returns {Record<string, string>} */
const jwkOf = (octets) => ({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(octets).toString('base64url') })

/** @param {Random} random */
const scalar = (random) => fromOctets(random.bytes(32)) % order

/** Ways to write y and the sign of x that are not all those of a point. @param {Random} random */
function oddPoint(random) {
  const sign = random.oneIn(2) ? 2n ** 255n : 0n
  const beyond = prime + BigInt(random.below(19))
  return random.pick([
    encode(multiply(BigInt(random.below(8)), torsion)),
    toOctets(beyond + sign),
    toOctets(BigInt(random.below(3)) + sign),
    toOctets(prime - 1n + sign),
    random.bytes(32),
  ])
}

/** @param {Random} random @returns {CurveKey[]} */
export function edwardsKeys(random) {
  const [own, mixed] = [scalar(random), scalar(random)]
  const part = BigInt(1 + random.below(7))
  const mixedPoint = add(multiply(mixed, base), multiply(part, torsion))
  const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return [
    honestKey(privateKeyOf(/** @type {any} */ (pkcs8))),
    { name: 'a known scalar', jwk: jwkOf(encode(multiply(own, base))), scalar: own },
    { name: 'a key with a part of small order', jwk: jwkOf(encode(mixedPoint)), scalar: mixed },
    ...Array.from({ length: 12 }, () => ({ name: 'an odd key', jwk: jwkOf(oddPoint(random)), scalar: 0n })),
  ]
}

/**
 * Signs with a scalar (RFC 8032 §5.1.6) and an R that has a part of small order.
 *
 * @param {Random} random @param {CurveKey} key @param {bigint} part
 * @returns {Signed}
 */
function signWith(random, { jwk, scalar: own = 0n }, part) {
  const data = random.bytes(random.below(300))
  const nonce = scalar(random)
  const r = encode(add(multiply(nonce, base), multiply(part, torsion)))
  const octets = createHash('sha512').update(r).update(String(jwk['x']), 'base64url').update(data).digest()
  return { data, signature: join(r, toOctets((nonce + (fromOctets(octets) % order) * own) % order)) }
}

/** A good signature, by whichever way there is. @param {Random} random @param {CurveKey} key */
const good = (random, key) => (key.scalar === undefined ? signedBy(random, key) : signWith(random, key, 0n))

/** @type {import('./tabled-signatures.js').Families} */
export const edwardsFamilies = {
  good,
  'a bit changed': (random, key) => {
    const { data, signature } = good(random, key)
    return { data, signature: flipped(random, signature) }
  },
  'other data': (random, key) => ({ data: random.bytes(80), signature: good(random, key).signature }),
  'R with a part of small order': (random, key) => signWith(random, key, BigInt(random.below(8))),
  'S beyond its range, or at its edges': (random, key) => {
    const { data, signature } = good(random, key)
    const s = fromOctets(signature.slice(32))
    const few = BigInt(random.below(4))
    const changed = random.pick([s + order * few, order + few, order - few - 1n, few, 2n ** 256n - 1n - few])
    return { data, signature: join(signature.slice(0, 32), toOctets(changed % 2n ** 256n)) }
  },
  'R that is an odd point': (random, key) => {
    const { data, signature } = good(random, key)
    const s = random.pick([signature.slice(32), toOctets(0n), toOctets(order), toOctets(1n)])
    return { data, signature: join(oddPoint(random), s) }
  },
  'the point that S and a hash of zero would need': (random) => {
    const s = random.pick([0n, 1n, scalar(random)])
    const r = random.oneIn(2) ? multiply(s, base) : neutral
    return { data: random.bytes(20), signature: join(encode(r), toOctets(s)) }
  },
}
