// @ts-check
/** Every serialization of a JWE, as each library makes it and reads it. */
import { jose, tessera } from './libraries.js'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */

/**
 * @typedef {object} JweContent
 * @property {Uint8Array} plaintext
 * @property {string} enc for a key that does not have its own
 * @property {boolean} zip
 * @property {Record<string, any>} header further parameters of the protected header
 * @property {Record<string, string>} parties `apu` and `apv`, for a key agreement
 * @property {Uint8Array} aad
 * @property {SharedKey} other a second recipient, for the general serialization
 */

/**
 * @typedef {object} JweForm
 * @property {string} name
 * @property {boolean} [wrapsOnly] whether the key has to wrap a content key, which others can have too
 * @property {Record<'tessera' | 'jose', (key: SharedKey, content: JweContent) => Promise<any>>} make
 * @property {Record<'tessera' | 'jose', (key: SharedKey, jwe: any) => Promise<any>>} read
 */

const iterations = 1000
const base64url = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64url')
const isDirect = (/** @type {SharedKey} */ { alg }) => alg === 'dir'
const isPassword = (/** @type {SharedKey} */ { alg }) => alg.startsWith('PBES2')
const isAgreement = (/** @type {SharedKey} */ { alg }) => alg.startsWith('ECDH')

/** @param {SharedKey} key @param {JweContent} content */
const encOf = (key, { enc }) => (isDirect(key) ? key.algorithm : enc)

/** @param {SharedKey} key @param {JweContent} content */
const extras = (key, { header, parties }) => ({ ...header, ...(isAgreement(key) ? parties : {}) })

/** @param {SharedKey} key @param {JweContent} content */
const ourOptions = (key, content) => ({
  ...(isDirect(key) ? {} : { enc: content.enc }),
  ...(content.zip ? { zip: 'DEF' } : {}),
  ...(isPassword(key) ? { pbes2Iterations: iterations } : {}),
  header: extras(key, content),
})

/** @param {SharedKey} key */
const ourReading = (key) => ({
  allowZip: true,
  ...(isPassword(key) ? { keyManagementAlgorithms: [key.alg] } : {}),
})

/** @param {SharedKey} key @param {JweContent} content */
const theirHeader = (key, content) => ({
  alg: key.alg,
  enc: encOf(key, content),
  ...(key.jwk.kid === undefined ? {} : { kid: key.jwk.kid }),
  ...(content.zip ? { zip: 'DEF' } : {}),
  ...extras(key, content),
})

/** @param {SharedKey} key */
const theirReading = (key) => ({ keyManagementAlgorithms: [key.alg], maxDecompressedLength: 262_144 })

/** @param {any} encrypt @param {SharedKey} key */
const withIterations = (encrypt, key) =>
  isPassword(key) ? encrypt.setKeyManagementParameters({ p2c: iterations }) : encrypt

/** @param {any} result @param {any} [aad] */
const asRead = ({ plaintext, header, protectedHeader }, aad) => ({
  plaintext: base64url(plaintext),
  header: header ?? protectedHeader,
  ...(aad === undefined ? {} : { aad: base64url(aad) }),
})

/** @type {JweForm} */
const compact = {
  name: 'compact',
  make: {
    tessera: (key, content) =>
      tessera['encryptCompact'](content.plaintext, key.ours.make, ourOptions(key, content)),
    jose: (key, content) => {
      const encrypt = new jose.CompactEncrypt(content.plaintext).setProtectedHeader(theirHeader(key, content))
      return withIterations(encrypt, key).encrypt(key.theirs.make)
    },
  },
  read: {
    tessera: async (key, jwe) => asRead(await tessera['decryptCompact'](jwe, key.ours.read, ourReading(key))),
    jose: async (key, jwe) => asRead(await jose.compactDecrypt(jwe, key.theirs.read, theirReading(key))),
  },
}

/** @type {JweForm} */
const flattened = {
  name: 'flattened',
  make: {
    tessera: (key, content) => {
      const options = { ...ourOptions(key, content), aad: content.aad, unprotectedHeader: { note: 'x' } }
      return tessera['encryptFlattened'](content.plaintext, key.ours.make, options)
    },
    jose: (key, content) => {
      const encrypt = new jose.FlattenedEncrypt(content.plaintext)
        .setProtectedHeader(theirHeader(key, content))
        .setSharedUnprotectedHeader({ note: 'x' })
        .setAdditionalAuthenticatedData(content.aad)
      return withIterations(encrypt, key).encrypt(key.theirs.make)
    },
  },
  read: {
    tessera: async (key, jwe) => {
      const result = await tessera['decryptFlattened'](jwe, key.ours.read, ourReading(key))
      return asRead(result, result.aad)
    },
    jose: async (key, jwe) => {
      const result = await jose.flattenedDecrypt(jwe, key.theirs.read, theirReading(key))
      return asRead(result, result.additionalAuthenticatedData)
    },
  },
}

/** Encrypted to two; each of them opens its own. @type {JweForm} */
const general = {
  name: 'general',
  wrapsOnly: true,
  make: {
    tessera: (key, content) => {
      const { header: _header, ...options } = ourOptions(key, content)
      const recipients = [
        { key: content.other.ours.make },
        { key: key.ours.make, header: extras(key, content) },
      ]
      return tessera['encryptGeneral'](content.plaintext, recipients, { ...options, aad: content.aad })
    },
    jose: (key, content) => {
      const zip = content.zip ? { zip: 'DEF' } : {}
      const encrypt = new jose.GeneralEncrypt(content.plaintext)
        .setProtectedHeader({ enc: content.enc, ...zip })
        .setAdditionalAuthenticatedData(content.aad)
      encrypt.addRecipient(content.other.theirs.make).setUnprotectedHeader({ alg: content.other.alg })
      const { enc: _enc, zip: _zip, ...own } = theirHeader(key, content)
      withIterations(encrypt.addRecipient(key.theirs.make).setUnprotectedHeader(own), key)
      return encrypt.encrypt()
    },
  },
  read: {
    tessera: async (key, jwe) => {
      const result = await tessera['decryptGeneral'](jwe, key.ours.read, ourReading(key))
      return asRead(result, result.aad)
    },
    jose: async (key, jwe) => {
      const result = await jose.generalDecrypt(jwe, key.theirs.read, theirReading(key))
      return asRead(result, result.additionalAuthenticatedData)
    },
  },
}

/** @type {readonly JweForm[]} */
export const jweForms = [compact, flattened, general]

/** Whether a form can carry a key. @param {JweForm} form @param {SharedKey} key */
export const carries = ({ wrapsOnly }, key) => !(wrapsOnly && (key.alg === 'dir' || key.alg === 'ECDH-ES'))
