// @ts-check
/** The examples of keys: RFC 7517 §A and §B, RFC 7638, RFC 8037 §A.1 to §A.3, RFC 9278; base64url of RFC 7515 §C. */
import { encryptionAlgorithms } from '../encryption-algorithms.js'
import { notDriven } from '../not-driven.js'
import { naturalAlgorithm } from '../signature-algorithms.js'
import { refusal, sameJson } from './expectations.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** What an application would name the algorithm of a JWK. @param {any} jwk */
function algorithmOf(jwk) {
  return jwk.alg ?? naturalAlgorithm(jwk) ?? encryptionAlgorithms(jwk)[0]
}

/** A thumbprint and its URI, by SHA-256 as RFC 7638 §3.1 has it. @param {Surface} surface @param {any} entry */
export async function checkThumbprint({ jose }, { input, expected }) {
  const { jwk, hash } = input
  if (hash !== 'SHA-256') return notDriven(`thumbprints by ${hash} are not built`)
  const thumbprint = await jose.calculateThumbprint(jwk)
  return thumbprint === expected.thumbprint ? undefined : `expected ${expected.thumbprint}, got ${thumbprint}`
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
