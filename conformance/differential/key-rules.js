// @ts-check
/** The rules of `difference-rules.js` that speak of keys. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { isCanonical } from './input-view.js'

/** @typedef {import('./input-view.js').InputView} InputView */
/** @typedef {import('./difference-rules.js').Rule} Rule */

/** @param {InputView} view @param {(jwk: any) => boolean} test */
const inJwk = ({ json }, test) => json === undefined || test(json)

/** @type {readonly Rule[]} */
export const keyRules = [
  {
    name: 'members of a key are base64url in its one spelling (RFC 7518 §2, §6)',
    code: 'key_invalid',
    message: /not canonical base64url|leading zero/,
    holds: (view) =>
      inJwk(view, () => !view.encoded.every((text) => isCanonical(text) && !beginsWithZero(text))),
  },
  {
    name: 'members of a key are of their types (RFC 7517 §4, RFC 7518 §6)',
    code: 'key_invalid',
    message: /JWK "\w+": expected (text|base64url text|an array of text)/,
    holds: (view) =>
      inJwk(view, (jwk) => Object.values(jwk).some((value) => typeof value !== 'string' || value === '')),
  },
  {
    name: 'a key says what it is for, and is used for nothing else (RFC 7517 §4.2, §4.3)',
    code: 'key_invalid',
    message: /JWK "(use|key_ops)"/,
    holds: (view) => inJwk(view, (jwk) => 'use' in jwk || 'key_ops' in jwk),
  },
  {
    name: 'a key says for which algorithm it is (RFC 7517 §4.4, T7)',
    code: 'unsupported',
    message: /JWK "alg"/,
    holds: (view) => inJwk(view, (jwk) => 'alg' in jwk),
  },
  {
    name: 'a key says for which algorithm it is (RFC 7517 §4.4, T7)',
    code: 'key_invalid',
    message: /the key says it is for/,
    holds: (view) => inJwk(view, (jwk) => 'alg' in jwk),
  },
  {
    name: 'T25 the members of a private key belong together (RFC 8017 §3.2)',
    code: 'key_invalid',
    message: /belong to different keys/,
    holds: (view) => inJwk(view, (jwk) => jwk.kty === 'RSA' && 'd' in jwk),
  },
  {
    name: 'a modulus is odd, and an exponent odd and above 2^16 (RFC 8017 §3.1, FIPS 186-5 §5.1)',
    code: 'key_invalid',
    message: /JWK "[ne]": expected/,
    holds: (view) => inJwk(view, (jwk) => jwk.kty === 'RSA'),
  },
  {
    name: 'T13 RSA keys have 2048 bits (RFC 7518 §3.3, §4.3)',
    code: 'weak_key',
    message: /bits/,
    holds: (view) => inJwk(view, ({ n }) => bitsOf(n) < 2048),
  },
  {
    name: 'a key has two primes (RFC 7518 §6.3.2.7)',
    code: 'key_invalid',
    message: /JWK "oth"/,
    holds: (view) => inJwk(view, (jwk) => 'oth' in jwk),
  },
  {
    name: 'the version of a key is a number that its form has (RFC 5208 §5, RFC 5915 §3)',
    code: 'key_invalid',
    message: /not negative|version/,
    holds: ({ text }) => /0201[0-9a-f]{2}/.test(hexOf(text)),
  },
  {
    name: 'a point is whole or compressed, and not both at once, as the hybrid form of X9.62 is (RFC 5480 §2.2)',
    code: 'key_invalid',
    message: /expected a point of/,
    holds: ({ text }) => /03(42|62|8186)000[67]/.test(hexOf(text)),
  },
  {
    name: 'a key is DER, to its last octet (X.690 §10.1)',
    code: 'key_invalid',
    message: /^(importKey: a PEM block|importKey: expected a key of at most|SPKI|PKCS #|SEC 1)/,
    holds: ({ text }) => !isWhatNodeWrites(text),
  },
]

/** @param {string} text */
const beginsWithZero = (text) => Buffer.from(text, 'base64url')[0] === 0

/** Bits of a number. @param {unknown} text base64url */
const bitsOf = (text) =>
  BigInt(`0x0${Buffer.from(String(text), 'base64url').toString('hex')}`).toString(2).length

/** The octets of PEM, as hexadecimal text. @param {string} pem */
const hexOf = (pem) => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').toString('hex')

/** Whether PEM holds exactly the octets that `node:crypto` writes for its key. @param {string} pem */
function isWhatNodeWrites(pem) {
  const der = Buffer.from(hexOf(pem), 'hex')
  try {
    const written = pem.includes('PRIVATE')
      ? createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' })
      : createPublicKey(pem).export({ format: 'der', type: 'spki' })
    return written.equals(der)
  } catch {
    return false
  }
}
