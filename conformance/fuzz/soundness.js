// @ts-check
/** Whether a signed token may be accepted at all, found without the library: one spelling, the right algorithm, a good signature. */
import { constants, createHmac, createPublicKey, verify } from 'node:crypto'
import { corpus, isHmac } from './subject.js'

/** @type {Map<string, import('node:crypto').KeyObject>} */
const publicKeys = new Map()

/** @param {string} name */
function publicKeyOf(name) {
  const known = publicKeys.get(name) ?? createPublicKey({ key: corpus.keys[name], format: 'jwk' })
  publicKeys.set(name, known)
  return known
}

/** @param {string} token @param {string} key the name of the key in the corpus */
export function mayBeAccepted(token, key) {
  const segments = token.split('.')
  const octets = segments.map((segment) => Buffer.from(segment, 'base64url'))
  const isCanonical = segments.every((segment, at) => octets[at]?.toString('base64url') === segment)
  if (segments.length !== 3 || !isCanonical) return false
  const { alg } = JSON.parse(String(octets[0]))
  const names =
    key === 'EdDSA' || key === 'Ed25519' ? ['EdDSA', 'Ed25519'] : [key, ...(key === 'Ed448' ? ['EdDSA'] : [])]
  const signed = token.slice(0, token.lastIndexOf('.'))
  return names.includes(alg) && isSignature(key, Buffer.from(signed), octets[2] ?? Buffer.alloc(0))
}

/** @param {string} key @param {Buffer} signed @param {Buffer} signature */
function isSignature(key, signed, signature) {
  const hash = `sha${key.slice(2, 5)}`
  if (isHmac(key)) {
    const secret = Buffer.from(corpus.keys[key].k, 'base64url')
    return createHmac(hash, secret).update(signed).digest().equals(signature)
  }
  const publicKey = publicKeyOf(key)
  if (key.startsWith('Ed')) return verify(null, signed, publicKey, signature)
  if (key.startsWith('ES'))
    return verify(hash, signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  const padding = key.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  return verify(hash, signed, { key: publicKey, padding }, signature)
}
