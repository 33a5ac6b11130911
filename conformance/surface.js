// @ts-check
/** The library under test, as the suites see it: its public face, and the few inner doors that raw vectors need. */

/**
 * @typedef {object} Surface
 * @property {any} jose the exports of `@tessera/jose` and of its rooms, and `decodeUnverified`
 * @property {any} jws the exports of `@tessera/jose/jws`
 * @property {any} jwe the exports of `@tessera/jose/jwe`
 * @property {any} dpop the exports of `@tessera/jose/dpop`
 * @property {(key: any, data: Uint8Array, signature: Uint8Array) => Promise<boolean>} verifyRaw
 * @property {(key: any, data: Uint8Array) => Promise<Uint8Array>} signRaw
 * @property {(enc: string, cipher: CipherInput, plaintext: Uint8Array) => Promise<Sealed>} encryptContent
 * @property {(enc: string, cipher: CipherInput, sealed: Sealed) => Promise<Uint8Array | undefined>} decryptContent
 * @property {(wrappingKey: Uint8Array, bytes: Uint8Array) => Promise<Uint8Array>} wrapKeyBytes
 * @property {(wrappingKey: Uint8Array, wrapped: Uint8Array) => Promise<Uint8Array | undefined>} unwrapKeyBytes
 * @property {(privateKey: any, bytes: Uint8Array) => Promise<Uint8Array | undefined>} decryptOaep
 * @property {(bytes: Uint8Array) => string} encodeBase64url
 * @property {(text: string, where: string) => Uint8Array} decodeBase64url
 *
 * @typedef {{ key: Uint8Array, iv: Uint8Array, aad: Uint8Array }} CipherInput
 * @typedef {{ ciphertext: Uint8Array, tag: Uint8Array }} Sealed
 */

const publicRooms = ['index', 'unverified', 'jws/index', 'jwe/index', 'dpop/index']
const innerRooms = [
  'crypto/signature',
  'jwk/key',
  'encoding/base64url',
  'crypto/content-cipher',
  'jwa/content-encryption-algorithms',
  'crypto/aes-kw',
  'crypto/rsa-oaep',
  'jwk/encryption-materials',
]

/**
 * @param {(path: string) => Promise<any>} load loads a module of the library by its path below `src`, without extension
 * @returns {Promise<Surface>}
 */
export async function openSurface(load) {
  const [index, unverified, jws, jwe, dpop] = await Promise.all(publicRooms.map(load))
  const [signature, key, base64url, cipher, contents, keyWrap, oaep, materials] = await Promise.all(
    innerRooms.map(load),
  )
  const schemeOf = (/** @type {string} */ enc) => contents.contentEncryptionRow(enc).scheme
  return {
    jose: { ...jwe, ...jws, ...index, decodeUnverified: unverified.decodeUnverified },
    jws,
    jwe,
    dpop,
    verifyRaw: async (verificationKey, data, bytes) =>
      signature.verifyBytes(key.requireMaterial(verificationKey), data, bytes),
    signRaw: async (signingKey, data) => signature.signBytes(key.requireMaterial(signingKey), data),
    encryptContent: (enc, input, plaintext) => cipher.encryptContent(schemeOf(enc), input, plaintext),
    decryptContent: (enc, input, sealed) => cipher.decryptContent(schemeOf(enc), input, sealed),
    wrapKeyBytes: keyWrap.wrapKeyBytes,
    unwrapKeyBytes: keyWrap.unwrapKeyBytes,
    decryptOaep: (privateKey, bytes) =>
      oaep.decryptOaep(materials.encryptionMaterialOf(privateKey).key, bytes),
    encodeBase64url: base64url.encodeBase64url,
    decodeBase64url: base64url.decodeBase64url,
  }
}
