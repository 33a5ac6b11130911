// @ts-check
/** The library under test, as the suites see it: its public face, and the few inner doors that raw vectors need. */

/**
 * @typedef {object} Surface
 * @property {any} jose the exports of `@tessera/jose`, and `decodeUnverified`
 * @property {(token: unknown, key: any) => Promise<Uint8Array>} verifyJws the payload of a compact JWS
 * @property {any} jws the exports of `@tessera/jose/jws`
 * @property {any} dpop the exports of `@tessera/jose/dpop`
 * @property {(key: any, data: Uint8Array, signature: Uint8Array) => Promise<boolean>} verifyRaw
 * @property {(key: any, data: Uint8Array) => Promise<Uint8Array>} signRaw
 * @property {(bytes: Uint8Array) => string} encodeBase64url
 * @property {(text: string, where: string) => Uint8Array} decodeBase64url
 */

/**
 * @param {(path: string) => Promise<any>} load loads a module of the library by its path below `src`, without extension
 * @returns {Promise<Surface>}
 */
export async function openSurface(load) {
  const [index, unverified, jws, dpop, signature, key, base64url] = await Promise.all(
    [
      'index',
      'unverified',
      'jws/index',
      'dpop/index',
      'crypto/signature',
      'jwk/key',
      'encoding/base64url',
    ].map(load),
  )
  return {
    jose: { ...jws, ...index, decodeUnverified: unverified.decodeUnverified },
    jws,
    dpop,
    verifyJws: async (token, verificationKey) => (await jws.verifyCompact(token, verificationKey)).payload,
    verifyRaw: async (verificationKey, data, bytes) =>
      signature.verifyBytes(key.requireMaterial(verificationKey), data, bytes),
    signRaw: async (signingKey, data) => signature.signBytes(key.requireMaterial(signingKey), data),
    encodeBase64url: base64url.encodeBase64url,
    decodeBase64url: base64url.decodeBase64url,
  }
}
