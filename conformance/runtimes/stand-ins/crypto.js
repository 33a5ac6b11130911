/**
 * The part of `node:crypto` that tests use as a reference, from @noble: code that shares nothing with ours or with the
 * runtime's. Keys come ready from `key-pool.js`.
 */
import { ed448, x448 } from '@noble/curves/ed448.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { files, pool } from 'virtual:key-pool'
import { Unavailable } from '../suite/unavailable.js'
import { Buffer } from './buffer.js'
import { kindOf } from './key-kind.js'
import { signRsa, verifyRsa } from './rsa.js'

export { createCipheriv } from './cipher.js'

const hashes = { sha1, sha256, sha384, sha512 }
const weierstrass = { 'P-256': p256, 'P-384': p384, 'P-521': p521, secp256k1 }
const edwards = { Ed25519: ed25519, Ed448: ed448 }
const mlDsa = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 }

export const constants = {
  RSA_PKCS1_PADDING: 1,
  RSA_PKCS1_PSS_PADDING: 6,
  RSA_PSS_SALTLEN_DIGEST: -1,
  RSA_PSS_SALTLEN_MAX_SIGN: -2,
}

/** @template T @param {Record<string, T>} table @param {string} name @returns {T} */
function from(table, name) {
  const found = table[name]
  if (found === undefined) throw new Unavailable(`needs ${name} of node:crypto`)
  return found
}

/** @param {string | Uint8Array} data */
const octets = (data) => (typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data))

/** What `update` and `digest` of a hash are called on. @param {(data: Uint8Array) => Uint8Array} finish */
function accumulate(finish) {
  /** @type {Uint8Array[]} */
  const parts = []
  return {
    update(/** @type {string | Uint8Array} */ data) {
      parts.push(octets(data))
      return this
    },
    digest(/** @type {string | undefined} */ encoding) {
      const digest = Buffer.from(finish(Buffer.concat(parts)))
      return encoding === undefined ? digest : digest.toString(encoding)
    },
  }
}

export const createHash = (/** @type {string} */ name) =>
  accumulate((data) => from(hashes, name)(octets(data)))
export const createHmac = (/** @type {string} */ name, /** @type {string | Uint8Array} */ key) =>
  accumulate((data) => hmac(from(hashes, name), octets(key), octets(data)))

/** A key that can be exported and signed with. */
class PooledKey {
  #forms
  /** @param {string} type @param {Record<string, any>} forms */
  constructor(type, forms) {
    this.type = type
    this.#forms = forms
  }

  export(/** @type {{ format: 'jwk' | 'der' | 'pem', type?: string }} */ { format, type = 'jwk' }) {
    const form = from(this.#forms, type)
    if (format === 'jwk') return { ...form }
    if (format === 'der') return Buffer.from(form, 'base64')
    const kind = { pkcs1: 'RSA ', sec1: 'EC ' }[type] ?? ''
    const label = `${kind}${this.type === 'public' ? 'PUBLIC' : 'PRIVATE'} KEY`
    return `-----BEGIN ${label}-----\n${form.replaceAll(/(.{1,64})/g, '$1\n')}-----END ${label}-----\n`
  }

  equals(/** @type {PooledKey} */ other) {
    return JSON.stringify(this.export({ format: 'jwk' })) === JSON.stringify(other.export({ format: 'jwk' }))
  }
}

/** @type {Map<string, number>} */
const taken = new Map()

/** The next pair of the pool. @param {string} type @param {any} [options] */
export function generateKeyPairSync(type, options) {
  const kind = kindOf(type, options)
  const index = taken.get(kind) ?? 0
  const pair = from(pool, kind)[index]
  if (pair === undefined)
    throw new Error(`the pool has only ${index} keys of ${kind}: raise it in key-pool.js`)
  taken.set(kind, index + 1)
  return {
    publicKey: encoded(new PooledKey('public', pair.publicKey), options?.publicKeyEncoding),
    privateKey: encoded(new PooledKey('private', pair.privateKey), options?.privateKeyEncoding),
  }
}

/** @param {PooledKey} key @param {{ format: 'der' | 'pem', type: string } | undefined} encoding */
const encoded = (key, encoding) => (encoding === undefined ? key : key.export(encoding))

/** @param {any} given PEM, DER, or either in an object */
function derOf(given) {
  const { key = given } = given
  if (typeof key !== 'string') return Buffer.from(key)
  return Buffer.from(key.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
}

/** The pair that is known by one of its halves. @param {string} body base64 */
function knownPair(body) {
  return [...files, ...Object.values(pool).flat()].find(
    ({ publicKey, privateKey }) => privateKey.pkcs8 === body || publicKey.spki === body,
  )
}

/** PKCS #8 up to the octets of the private key (RFC 8410 §7). @type {[string, string, { getPublicKey(d: Uint8Array): Uint8Array }][]} */
const octetKeys = [
  ['302e020100300506032b656e04220420', 'X25519', x25519],
  ['3046020100300506032b656f043a0438', 'X448', x448],
  ['302e020100300506032b657004220420', 'Ed25519', ed25519],
  ['3047020100300506032b6571043b0439', 'Ed448', ed448],
]

/** @param {string} hex PKCS #8 */
function octetPrivateJwk(hex) {
  const found = octetKeys.find(([prefix]) => hex.startsWith(prefix))
  if (found === undefined) throw new Unavailable('needs createPrivateKey of node:crypto')
  const [prefix, crv, curve] = found
  const d = octets(Buffer.from(hex.slice(prefix.length), 'hex'))
  const text = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64url')
  return { kty: 'OKP', crv, x: text(curve.getPublicKey(d)), d: text(d) }
}

export function createPrivateKey(/** @type {any} */ given) {
  const der = derOf(given)
  const { privateKey = { jwk: octetPrivateJwk(der.toString('hex')) } } =
    knownPair(der.toString('base64')) ?? {}
  return new PooledKey('private', privateKey)
}

/** A key that nobody knows is taken as it is: whether it is a good one is for the library to say. */
export function createPublicKey(/** @type {any} */ given) {
  if (given.format === 'jwk') return new PooledKey('public', { jwk: given.key })
  const spki = derOf(given).toString('base64')
  return new PooledKey('public', knownPair(spki)?.publicKey ?? { spki })
}

export const randomBytes = (/** @type {number} */ length) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(length)))

const bytesOf = (/** @type {string} */ text) => octets(Buffer.from(text, 'base64url'))

/**
 * @param {string | null} hash
 * @param {Uint8Array} data
 * @param {any} given  a key, or a key with options
 */
export function sign(hash, data, given) {
  const { key = given, padding, saltLength, dsaEncoding = 'der' } = given
  const jwk = key.export({ format: 'jwk' })
  const message = octets(data)
  if (jwk.kty === 'OKP') return Buffer.from(from(edwards, jwk.crv).sign(message, bytesOf(jwk.d)))
  if (jwk.kty === 'AKP') {
    const signer = from(mlDsa, jwk.alg)
    return Buffer.from(signer.sign(message, signer.keygen(bytesOf(jwk.priv)).secretKey))
  }
  const hashed = from(hashes, String(hash))
  if (jwk.kty === 'RSA') {
    const salt = padding === constants.RSA_PKCS1_PSS_PADDING ? saltLength : undefined
    return Buffer.from(signRsa(jwk, hashed, hashed(message), salt))
  }
  const format = dsaEncoding === 'der' ? 'der' : 'compact'
  const options = /** @type {const} */ ({ prehash: false, lowS: false, format })
  return Buffer.from(from(weierstrass, jwk.crv).sign(hashed(message), bytesOf(jwk.d), options))
}

/** Of RSA, PKCS #1 v1.5 alone: what the tests ask for. */
export function verify(
  /** @type {string | null} */ hash,
  /** @type {Uint8Array} */ data,
  /** @type {any} */ given,
  /** @type {Uint8Array} */ signature,
) {
  const { key = given, padding, dsaEncoding = 'der' } = given
  if (padding === constants.RSA_PKCS1_PSS_PADDING) throw new Unavailable('needs PSS of node:crypto')
  const jwk = key.export({ format: 'jwk' })
  const [message, bytes] = [octets(data), octets(signature)]
  if (jwk.kty === 'OKP') return from(edwards, jwk.crv).verify(bytes, message, bytesOf(jwk.x))
  if (jwk.kty === 'AKP') return from(mlDsa, jwk.alg).verify(bytes, message, bytesOf(jwk.pub))
  const hashed = from(hashes, String(hash))
  if (jwk.kty === 'RSA') return verifyRsa(jwk, hashed, hashed(message), bytes)
  const point = octets(Buffer.concat([Buffer.from('04', 'hex'), bytesOf(jwk.x), bytesOf(jwk.y)]))
  const format = dsaEncoding === 'der' ? 'der' : 'compact'
  return from(weierstrass, jwk.crv).verify(bytes, hashed(message), point, {
    prehash: false,
    lowS: false,
    format,
  })
}

export function createSign(/** @type {string} */ hash) {
  const { update, digest } = accumulate((data) => data)
  return {
    update(/** @type {string | Uint8Array} */ data) {
      update(data)
      return this
    },
    sign: (/** @type {any} */ key) => sign(hash, digest(undefined), key),
  }
}
