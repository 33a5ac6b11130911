// @ts-check
/** The examples of keys: RFC 7515 §B, RFC 7517 §A and §B, RFC 7638, RFC 8037 §A.1 to §A.3, RFC 9278; base64url of RFC 7515 §C. */
import { X509Certificate } from 'node:crypto'
import { encryptionAlgorithms } from '../encryption-algorithms.js'
import { naturalAlgorithm } from '../signature-algorithms.js'
import { refusal, sameJson } from './expectations.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** What an application would name the algorithm of a JWK. @param {any} jwk */
function algorithmOf(jwk) {
  return jwk.alg ?? naturalAlgorithm(jwk) ?? encryptionAlgorithms(jwk)[0]
}

/** @param {Surface} surface @param {any} entry */
export async function checkThumbprint({ jose }, { input, expected }) {
  const thumbprint = await jose.calculateThumbprint(input.jwk, input.hash)
  return thumbprint === expected.thumbprint ? undefined : `expected ${expected.thumbprint}, got ${thumbprint}`
}

/** @param {Surface} surface @param {any} entry */
export async function checkThumbprintUri({ jose }, { input, expected }) {
  const uri = await jose.calculateThumbprintUri(input.jwk, input.hash)
  return uri === expected.uri ? undefined : `expected ${expected.uri}, got ${uri}`
}

/** @param {string} base64 */
const certificateOf = (base64) => new Uint8Array(Buffer.from(base64, 'base64'))

/**
 * Each certificate gives the key that Node takes out of it, or is refused for that key: two of the chain in RFC 7515 §B are
 * old, one with the exponent 3 and one with 1024 bits.
 *
 * @param {Surface} surface @param {any} entry
 */
export async function checkCertificates({ jose }, { input }) {
  const named = (/** @type {unknown} */ source, /** @type {string | undefined} */ algorithm) =>
    jose.importKey(source, { algorithm }).then(
      (/** @type {unknown} */ key) => jose.calculateThumbprint(key),
      (/** @type {Error} */ error) => error.message,
    )
  for (const [index, base64] of input.x5c.entries()) {
    const der = certificateOf(base64)
    const jwk = new X509Certificate(der).publicKey.export({ format: 'jwk' })
    const wanted = await named(jwk, naturalAlgorithm(jwk))
    const taken = await named(der, naturalAlgorithm(jwk))
    if (taken !== wanted) return `certificate ${index}: expected ${wanted}, got ${taken}`
  }
  return undefined
}

/** Imports, exports and names a key. @param {Surface} surface @param {any} entry */
export async function checkJwk(surface, { input, expected }) {
  const { jose } = surface
  const { jwk } = input
  const algorithm = algorithmOf(jwk)
  const open = () => jose.importKey(jwk, { algorithm, extractable: true })
  if (expected.importable === false || expected.valid === false) return refusal(surface, open)
  const key = await open()
  const exported = await jose.exportJwk(key)
  for (const name of ['kty', 'crv', 'x', 'y', 'd', 'n', 'e', 'k', 'pub']) {
    if (exported[name] !== jwk[name]) return `exported member ${name} differs`
  }
  if (expected.certificateMatchesKey === true) {
    const certified = await jose.importKey(certificateOf(jwk.x5c[0]), { algorithm })
    if ((await jose.exportJwk(certified)).n !== jwk.n) return 'the key of the certificate differs'
  }
  if (expected.publicFromPrivate !== undefined) {
    const { x, pub, n } = await jose.exportJwk(key.publicKey)
    if ((x ?? pub ?? n) !== expected.publicFromPrivate) return 'the public half differs'
  }
  if (expected.thumbprintS256 === undefined) return undefined
  return (await jose.calculateThumbprint(key)) === expected.thumbprintS256
    ? undefined
    : 'the thumbprint differs'
}

/** Names every key; imports those that this library can use. @param {Surface} surface @param {any} entry */
export async function checkJwks({ jose }, { input, expected }) {
  for (const [index, jwk] of input.jwks.keys.entries()) {
    const wanted = expected.keys[index]
    if ((await jose.calculateThumbprint(jwk)) !== wanted.thumbprintS256)
      return `key ${index}: the thumbprint differs`
    const key = await jose.importKey(jwk, {
      algorithm: jwk.use === 'enc' ? encryptionAlgorithmOf(jwk) : algorithmOf(jwk),
    })
    const isPrivate = key.type !== 'public'
    if (isPrivate !== wanted.private)
      return `key ${index}: expected ${wanted.private ? 'private' : 'public'}, got ${key.type}`
    if (key.kid !== wanted.kid) return `key ${index}: the kid differs`
  }
  return undefined
}

/** @param {any} jwk */
const encryptionAlgorithmOf = (jwk) => jwk.alg ?? encryptionAlgorithms(jwk)[0]

/** @param {Surface} surface @param {any} entry */
export async function checkBase64url(surface, { input, expected }) {
  const { encodeBase64url, decodeBase64url } = surface
  if (expected.valid === false) return refusal(surface, () => decodeBase64url(input.base64url, 'RFC 7515 C'))
  if (encodeBase64url(Uint8Array.from(input.octets)) !== expected.base64url) return 'encoding differs'
  const back = [...decodeBase64url(expected.base64url, 'RFC 7515 C')]
  return sameJson(back, input.octets) ? undefined : 'decoding differs'
}
