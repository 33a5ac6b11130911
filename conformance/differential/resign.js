// @ts-check
/** Signs anything with a shared key, by `node:crypto` alone: neither library makes what no verifier should take. */
import { constants, createHmac, createPrivateKey, sign } from 'node:crypto'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */

/**
 * What makes the signature of a signing input, as base64url.
 *
 * @param {SharedKey} key
 * @returns {(input: string) => string}
 */
export function signerFor({ alg, jwk }) {
  const hash = `sha${alg.slice(2, 5)}`
  if (jwk.kty === 'oct') {
    const secret = Buffer.from(jwk.k, 'base64url')
    return (input) => createHmac(hash, secret).update(input).digest('base64url')
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  if (jwk.kty === 'EC') return (input) => by(hash, input, { key, dsaEncoding: 'ieee-p1363' })
  if (jwk.kty !== 'RSA') return (input) => by(null, input, key)
  if (alg.startsWith('RS')) return (input) => by(hash, input, key)
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return (input) => by(hash, input, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST })
}

/** @param {string | null} hash @param {string} input @param {any} key */
const by = (hash, input, key) => sign(hash, Buffer.from(input), key).toString('base64url')
