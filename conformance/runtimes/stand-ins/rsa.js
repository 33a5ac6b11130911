/** RSA signatures with BigInt (RFC 8017 §8), for a reference that shares nothing with ours. Never constant in time. */
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { Buffer } from './buffer.js'

/** @typedef {(data: Uint8Array) => Uint8Array} Hash */
/** @typedef {Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>} RsaJwk */

/** DigestInfo up to the digest (RFC 8017 §9.2, note 1). @type {Map<Hash, string>} */
const digestInfo = new Map([
  [sha256, '3031300d060960864801650304020105000420'],
  [sha384, '3041300d060960864801650304020205000430'],
  [sha512, '3051300d060960864801650304020305000440'],
])

const toNumber = (/** @type {Uint8Array} */ bytes) => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
const member = (/** @type {string} */ text) => toNumber(Buffer.from(text, 'base64url'))

/** @param {bigint} value @param {number} length @returns {Uint8Array} */
const toBytes = (value, length) => Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')

/** @param {bigint} base @param {bigint} exponent @param {bigint} modulus */
function power(base, exponent, modulus) {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/**
 * @param {RsaJwk} jwk
 * @param {Hash} hash
 * @param {Uint8Array} digest
 * @param {number} [saltBytes]  of PSS, as `node:crypto` counts: −1 as long as the hash, −2 as many as fit; PKCS #1 v1.5 without
 */
export function signRsa(jwk, hash, digest, saltBytes) {
  const n = member(jwk.n)
  const length = Math.ceil(n.toString(2).length / 8)
  const encoded =
    saltBytes === undefined ? encodePkcs1(hash, digest, length) : encodePss(hash, digest, length, saltBytes)
  return toBytes(powerOfPrivate(jwk, toNumber(encoded)), length)
}

/** By the two primes, which is four times as fast (RFC 8017 §5.1.2). @param {RsaJwk} jwk @param {bigint} value */
function powerOfPrivate(jwk, value) {
  const [p, q] = [member(jwk.p), member(jwk.q)]
  const [one, two] = [power(value % p, member(jwk.dp), p), power(value % q, member(jwk.dq), q)]
  const h = ((((one - two) * member(jwk.qi)) % p) + p) % p
  return two + h * q
}

/** @param {RsaJwk} jwk @param {Hash} hash @param {Uint8Array} digest @param {Uint8Array} signature */
export function verifyRsa(jwk, hash, digest, signature) {
  const n = member(jwk.n)
  const length = Math.ceil(n.toString(2).length / 8)
  const opened = toBytes(power(toNumber(signature), member(jwk.e), n), length)
  return Buffer.from(opened).equals(encodePkcs1(hash, digest, length))
}

/** @param {Hash} hash @param {Uint8Array} digest @param {number} length @returns {Uint8Array} */
function encodePkcs1(hash, digest, length) {
  const info = Buffer.concat([Buffer.from(digestInfo.get(hash) ?? '', 'hex'), digest])
  const padding = Buffer.alloc(length - info.length - 3, 0xff)
  return Buffer.concat([Buffer.from('0001', 'hex'), padding, Buffer.from('00', 'hex'), info])
}

/** RFC 8017 §9.1.1, for a modulus of whole octets. @param {Hash} hash @param {Uint8Array} digest @param {number} length @param {number} saltBytes @returns {Uint8Array} */
function encodePss(hash, digest, length, saltBytes) {
  const most = length - digest.length - 2
  const salt = crypto.getRandomValues(
    new Uint8Array(saltBytes < 0 ? [digest.length, most][-1 - saltBytes] : saltBytes),
  )
  const h = hash(new Uint8Array(Buffer.concat([new Uint8Array(8), digest, salt])))
  const block = Buffer.concat([new Uint8Array(most - salt.length), Buffer.from('01', 'hex'), salt])
  const mask = maskOf(hash, h, block.length)
  const masked = block.map((/** @type {number} */ byte, /** @type {number} */ at) => byte ^ mask[at])
  masked[0] &= 0x7f
  return Buffer.concat([masked, h, Buffer.from('bc', 'hex')])
}

/** MGF1 (RFC 8017 §B.2.1). @param {Hash} hash @param {Uint8Array} seed @param {number} length */
function maskOf(hash, seed, length) {
  const blocks = []
  for (let counter = 0, made = 0; made < length; counter += 1) {
    const block = hash(new Uint8Array(Buffer.concat([seed, toBytes(BigInt(counter), 4)])))
    blocks.push(block)
    made += block.length
  }
  return Buffer.concat(blocks)
}
