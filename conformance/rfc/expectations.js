// @ts-check
/** What the drivers of examples have in common: headers, halves of keys, refusals. */
import { NotDriven } from '../not-driven.js'
import { refusedAlgorithms } from '../policy.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** The protected header of a compact token. @param {string} token */
export const headerOf = (token) => decodeHeader(String(token).split('.')[0])

/** @param {string | undefined} segment @returns {any} */
export const decodeHeader = (segment) =>
  segment === undefined || segment === ''
    ? {}
    : JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'))

/** The public half of a JWK. @param {any} jwk */
export function publicHalf(jwk) {
  if (jwk.kty === 'oct') return jwk
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, oth: _oth, priv: _priv, ...members } = jwk
  return members
}

/** @param {unknown} a @param {unknown} b */
export function sameJson(a, b) {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * Why a call that must be refused was not refused well, or undefined.
 *
 * @param {Surface} surface
 * @param {() => unknown} call
 * @param {string} [code]
 */
export async function refusal({ jose }, call, code) {
  try {
    await call()
    return 'accepted, expected a refusal'
  } catch (error) {
    if (!jose.isJoseError(error)) return `an error that is not the library's: ${String(error)}`
    const got = /** @type {any} */ (error).code
    return code === undefined || got === code ? undefined : `expected ${code}, got ${got}`
  }
}

/**
 * An example of what we never accept: it is driven, and must be refused; it counts as left out, with our reason.
 *
 * @param {Surface} surface
 * @param {string} algorithm
 * @param {() => unknown} call
 * @returns {Promise<string>}
 */
export async function refusedOnPurpose(surface, algorithm, call) {
  const fault = await refusal(surface, call)
  if (fault !== undefined) return `${algorithm}: ${fault}`
  throw new NotDriven(`${refusedAlgorithms[algorithm]}; tried, and refused`)
}
