// @ts-check
/**
 * Makes good encrypted tokens without the library under test, from `node:crypto` alone (RFC 7516, RFC 7518 §4, §5).
 * Before an attack counts as refused, the same key and the same options must accept one.
 */
import {
  constants,
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  pbkdf2Sync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { contentKeyBytes, managementOf } from '../encryption-algorithms.js'

/** A content key on its way: itself, its encrypted form, and the header parameters that go with it. */
/** @typedef {{ cek: Buffer, encryptedKey: Buffer, parameters: object }} Provided */

/**
 * @param {{ algorithm: string, enc: string, secret?: Uint8Array, publicJwk?: any }} key a secret, or a public JWK
 * @param {string} plaintext
 * @param {object} [header] further header parameters
 */
export function makeGoodJwe({ algorithm, enc, secret, publicJwk }, plaintext, header = {}) {
  const bare = { alg: managementOf(algorithm), enc, ...header }
  const provided =
    secret === undefined
      ? provideToPublicKey(bare, publicJwk)
      : provideToSecret({ algorithm, enc }, Buffer.from(secret))
  return assemble({ ...bare, ...provided.parameters }, provided, plaintext)
}

/**
 * A token under a given key: the content key where the key management makes it, else the key that wraps it.
 *
 * @param {{ alg: string, enc: string, [parameter: string]: unknown }} header
 * @param {Buffer} key
 * @param {string} plaintext
 */
export function makeJweUnderKey(header, key, plaintext) {
  const isDirect = header.alg === 'dir' || header.alg === 'ECDH-ES'
  const cek = isDirect ? key : freshKey(header.enc)
  const encryptedKey = isDirect ? Buffer.alloc(0) : wrapKey(key, cek)
  return assemble(header, { cek, encryptedKey }, plaintext)
}

/** @param {{ enc: string }} header @param {{ cek: Buffer, encryptedKey: Buffer }} provided @param {string} plaintext */
function assemble(header, { cek, encryptedKey }, plaintext) {
  const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url')
  const content = { enc: header.enc, cek, aad: Buffer.from(protectedHeader) }
  const { iv, ciphertext, tag } = sealContent(content, Buffer.from(plaintext))
  const parts = [encryptedKey, iv, ciphertext, tag].map((part) => part.toString('base64url'))
  return [protectedHeader, ...parts].join('.')
}

/** @param {string} enc */
const freshKey = (enc) => randomBytes(contentKeyBytes[enc] ?? 32)

/** @param {{ algorithm: string, enc: string }} names @param {Buffer} secret @returns {Provided} */
function provideToSecret({ algorithm, enc }, secret) {
  const empty = Buffer.alloc(0)
  if (managementOf(algorithm) === 'dir') return { cek: secret, encryptedKey: empty, parameters: {} }
  const cek = freshKey(enc)
  if (algorithm.startsWith('PBES2')) {
    const [, bits, size] = /HS(\d{3})\+A(\d{3})KW/.exec(algorithm) ?? []
    const saltInput = randomBytes(16)
    const salt = Buffer.concat([Buffer.from(`${algorithm}\0`), saltInput])
    const kek = pbkdf2Sync(secret, salt, 1000, Number(size) / 8, `sha${bits}`)
    const parameters = { p2s: saltInput.toString('base64url'), p2c: 1000 }
    return { cek, encryptedKey: wrapKey(kek, cek), parameters }
  }
  if (!algorithm.endsWith('GCMKW')) return { cek, encryptedKey: wrapKey(secret, cek), parameters: {} }
  const { iv, ciphertext, tag } = sealGcm(secret, empty, cek)
  const parameters = { iv: iv.toString('base64url'), tag: tag.toString('base64url') }
  return { cek, encryptedKey: ciphertext, parameters }
}

/** @param {{ alg: string, enc: string }} header @param {any} publicJwk @returns {Provided} */
function provideToPublicKey({ alg, enc }, publicJwk) {
  const recipient = createPublicKey({ key: publicJwk, format: 'jwk' })
  const cek = freshKey(enc)
  if (publicJwk.kty === 'RSA') {
    const oaepHash = alg === 'RSA-OAEP' ? 'sha1' : `sha${alg.slice(-3)}`
    const padding = constants.RSA_PKCS1_OAEP_PADDING
    return { cek, encryptedKey: publicEncrypt({ key: recipient, oaepHash, padding }, cek), parameters: {} }
  }
  const { publicKey, privateKey } = generatePair(publicJwk.crv)
  const parameters = { epk: publicKey.export({ format: 'jwk' }) }
  const secret = diffieHellman({ privateKey, publicKey: recipient })
  if (alg === 'ECDH-ES')
    return {
      cek: concatKdf(secret, enc, contentKeyBytes[enc] ?? 32),
      encryptedKey: Buffer.alloc(0),
      parameters,
    }
  const kek = concatKdf(secret, alg, Number(/A(\d{3})KW$/.exec(alg)?.[1]) / 8)
  return { cek, encryptedKey: wrapKey(kek, cek), parameters }
}

/** @param {string} crv */
function generatePair(crv) {
  const name = /** @type {any} */ (crv.toLowerCase())
  return crv.startsWith('X') ? generateKeyPairSync(name) : generateKeyPairSync('ec', { namedCurve: crv })
}

/** RFC 7518 §4.6.2 with empty party names. @param {Buffer} secret @param {string} name @param {number} bytes */
export function concatKdf(secret, name, bytes) {
  const label = Buffer.from(name)
  const info = Buffer.concat([uint32(label.length), label, uint32(0), uint32(0), uint32(bytes * 8)])
  const round = (/** @type {number} */ count) =>
    createHash('sha256').update(uint32(count)).update(secret).update(info).digest()
  return Buffer.concat([round(1), round(2)]).subarray(0, bytes)
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** RFC 3394. @param {Buffer} kek @param {Buffer} key */
function wrapKey(kek, key) {
  const cipher = createCipheriv(`id-aes${kek.length * 8}-wrap`, kek, Buffer.alloc(8, 0xa6))
  return Buffer.concat([cipher.update(key), cipher.final()])
}

/** @param {{ enc: string, cek: Buffer, aad: Buffer }} key @param {Buffer} plaintext */
function sealContent({ enc, cek, aad }, plaintext) {
  return enc.endsWith('GCM') ? sealGcm(cek, aad, plaintext) : sealCbc({ enc, cek, aad }, plaintext)
}

/** @param {Buffer} key @param {Buffer} aad @param {Buffer} plaintext */
function sealGcm(key, aad, plaintext) {
  const iv = randomBytes(12)
  const name = /** @type {import('node:crypto').CipherGCMTypes} */ (`aes-${key.length * 8}-gcm`)
  const cipher = createCipheriv(name, key, iv).setAAD(aad)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return { iv, ciphertext, tag: cipher.getAuthTag() }
}

/** RFC 7518 §5.2.2.1. @param {{ enc: string, cek: Buffer, aad: Buffer }} key @param {Buffer} plaintext */
function sealCbc({ enc, cek, aad }, plaintext) {
  const half = cek.length / 2
  const iv = randomBytes(16)
  const cipher = createCipheriv(`aes-${half * 8}-cbc`, cek.subarray(half), iv)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(aad.length) * 8n)
  const mac = createHmac(`sha${enc.slice(-3)}`, cek.subarray(0, half))
  return {
    iv,
    ciphertext,
    tag: mac.update(aad).update(iv).update(ciphertext).update(length).digest().subarray(0, half),
  }
}
