// @ts-check
/**
 * Encrypts under a header of any text, by `node:crypto` alone: neither library makes what no reader should take. What a
 * changed header says does not count; the key and the content encryption are those of the sample.
 */
import * as crypto from 'node:crypto'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */
/** @typedef {{ key: SharedKey, enc: string, header: any, ephemeral?: crypto.KeyObject }} Recipe */

const base64url = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64url')

/** Octets of a content key. @param {string} enc */
const keyBytes = (enc) => (enc.includes('CBC') ? Number(enc.slice(1, 4)) / 4 : Number(enc.slice(1, 4)) / 8)

/**
 * A compact JWE with this protected header, encrypted as the recipe says.
 *
 * @param {string} headerText
 * @param {Uint8Array} plaintext
 * @param {Recipe} recipe its `header` is what the text was made from
 */
export function reseal(headerText, plaintext, recipe) {
  const segment = base64url(Buffer.from(headerText))
  const { cek, encryptedKey } = contentKey(recipe)
  const { iv, ciphertext, tag } = encrypt(recipe.enc, { cek, aad: Buffer.from(segment), plaintext })
  return [segment, ...[encryptedKey, iv, ciphertext, tag].map(base64url)].join('.')
}

/** @param {Recipe} recipe @returns {{ cek: Buffer, encryptedKey: Buffer }} */
function contentKey(recipe) {
  const { key, enc } = recipe
  const secret = Buffer.from(key.jwk.k ?? '', 'base64url')
  if (key.alg === 'dir') return { cek: secret, encryptedKey: Buffer.alloc(0) }
  if (key.alg === 'ECDH-ES') return { cek: agree(recipe, enc, keyBytes(enc)), encryptedKey: Buffer.alloc(0) }
  const cek = crypto.randomBytes(keyBytes(enc))
  if (key.alg.startsWith('RSA')) return { cek, encryptedKey: sealToRsa(key, cek) }
  const wrapBytes = Number(/A(\d+)KW/.exec(key.alg)?.[1]) / 8
  if (key.alg.startsWith('ECDH')) return { cek, encryptedKey: wrap(agree(recipe, key.alg, wrapBytes), cek) }
  if (key.alg.startsWith('PBES2'))
    return { cek, encryptedKey: wrap(fromPassword(recipe, secret, wrapBytes), cek) }
  return { cek, encryptedKey: wrap(secret, cek) }
}

/** AES Key Wrap (RFC 3394). @param {Buffer} key @param {Buffer} cek */
function wrap(key, cek) {
  const cipher = crypto.createCipheriv(`id-aes${key.length * 8}-wrap`, key, Buffer.alloc(8, 0xa6))
  return Buffer.concat([cipher.update(cek), cipher.final()])
}

/** @param {SharedKey} key @param {Buffer} cek */
function sealToRsa({ alg, jwk }, cek) {
  const key = crypto.createPublicKey({ key: jwk, format: 'jwk' })
  const oaepHash = `sha${alg === 'RSA-OAEP' ? '1' : alg.slice(9)}`
  return crypto.publicEncrypt({ key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, cek)
}

/** PBES2 with what the header says, as far as it can be done (RFC 7518 §4.8). @param {Recipe} recipe @param {Buffer} password @param {number} size */
function fromPassword({ key, header }, password, size) {
  const iterations = Number.isInteger(header.p2c) && header.p2c > 0 && header.p2c < 5000 ? header.p2c : 1000
  const salt = Buffer.concat([Buffer.from(`${key.alg}\0`), octets(header.p2s)])
  return crypto.pbkdf2Sync(password, salt, iterations, size, `sha${key.alg.slice(8, 11)}`)
}

/** The Concat KDF of a key agreement with the ephemeral key of the recipe (RFC 7518 §4.6.2). @param {Recipe} recipe @param {string} purpose @param {number} size */
function agree({ key, header, ephemeral }, purpose, size) {
  if (ephemeral === undefined) throw new Error('expected an ephemeral key')
  const publicKey = crypto.createPublicKey({ key: key.jwk, format: 'jwk' })
  const secret = crypto.diffieHellman({ privateKey: ephemeral, publicKey })
  const info = [Buffer.from(purpose), octets(header.apu), octets(header.apv)].flatMap((part) => [
    number(part.length),
    part,
  ])
  const rounds = Array.from({ length: Math.ceil(size / 32) }, (_, index) =>
    crypto
      .createHash('sha256')
      .update(Buffer.concat([number(index + 1), secret, ...info, number(size * 8)]))
      .digest(),
  )
  return Buffer.concat(rounds).subarray(0, size)
}

/** @param {number} value */
function number(value) {
  const four = Buffer.alloc(4)
  four.writeUInt32BE(value)
  return four
}

/** @param {unknown} text */
const octets = (text) => (typeof text === 'string' ? Buffer.from(text, 'base64url') : Buffer.alloc(0))

/** @param {string} enc @param {{ cek: Buffer, aad: Buffer, plaintext: Uint8Array }} input */
function encrypt(enc, { cek, aad, plaintext }) {
  const iv = crypto.randomBytes(enc.includes('CBC') ? 16 : 12)
  if (!enc.includes('CBC')) {
    const cipher = /** @type {crypto.CipherGCM} */ (
      crypto.createCipheriv(`aes-${cek.length * 8}-gcm`, cek, iv)
    )
    cipher.setAAD(aad)
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
    return { iv, ciphertext, tag: cipher.getAuthTag() }
  }
  const half = cek.length / 2
  const cipher = crypto.createCipheriv(`aes-${half * 8}-cbc`, cek.subarray(half), iv)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const bits = Buffer.alloc(8)
  bits.writeBigUInt64BE(BigInt(aad.length * 8))
  const mac = crypto.createHmac(`sha${enc.slice(-3)}`, cek.subarray(0, half))
  const tag = mac
    .update(Buffer.concat([aad, iv, ciphertext, bits]))
    .digest()
    .subarray(0, half)
  return { iv, ciphertext, tag }
}

/**
 * The ephemeral key of an agreement, and the header parameters that a key management needs.
 *
 * @param {SharedKey} key
 * @returns {{ ephemeral?: crypto.KeyObject, parameters: object }}
 */
export function ephemeralFor({ alg, jwk }) {
  if (alg.startsWith('PBES2')) return { parameters: { p2c: 1000, p2s: base64url(crypto.randomBytes(16)) } }
  if (!alg.startsWith('ECDH')) return { parameters: {} }
  const { privateKey, publicKey } =
    jwk.kty === 'OKP'
      ? crypto.generateKeyPairSync('x25519')
      : crypto.generateKeyPairSync('ec', { namedCurve: jwk.crv })
  return {
    ephemeral: privateKey,
    parameters: { epk: publicKey.export({ format: 'jwk' }), apu: 'QQ', apv: 'Qm9i' },
  }
}
