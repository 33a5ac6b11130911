// @ts-check
/** What the driver knows about signature algorithms: which are there, and which key of the vectors fits which. */
import { generateKeyPairSync } from 'node:crypto'

const postQuantum = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

/** Whether this runtime has the post-quantum ones, by Node's own word; Node 24 and later have. */
const hasPostQuantum = (() => {
  try {
    Reflect.apply(generateKeyPairSync, undefined, ['ml-dsa-44'])
    return true
  } catch {
    return false
  }
})()

/** Those that the library has wherever `node:crypto` is. */
const everywhere = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'ES256K',
  'Ed25519',
  'Ed448',
  'EdDSA',
]

/** @type {string[]} The signature algorithms that the library has here. Vectors of any other are left out and counted as such. */
export const builtAlgorithms = []

/** @type {string[]} Signature algorithms of the vectors that this runtime does not have. */
export const missingAlgorithms = []

/** Says which of them a run has to go without, beside those that this runtime lacks. @param {readonly string[]} names */
export function goWithout(names) {
  const lacking = [...(hasPostQuantum ? [] : postQuantum), ...names]
  missingAlgorithms.splice(0, Infinity, ...lacking)
  const known = [...everywhere, ...postQuantum]
  builtAlgorithms.splice(0, Infinity, ...known.filter((name) => !lacking.includes(name)))
}

goWithout([])

/** Why vectors of an algorithm are left out. @param {string} algorithm */
export const whyMissing = (algorithm) => `this runtime has no ${algorithm}`

/** @param {unknown} algorithm */
export function isHmac(algorithm) {
  return typeof algorithm === 'string' && /^HS(256|384|512)$/.test(algorithm)
}

/** @type {Record<string, RegExp>} */
const byJwk = {
  'oct:': /^HS/,
  'RSA:': /^[RP]S/,
  'EC:P-256': /^ES256$/,
  'EC:P-384': /^ES384$/,
  'EC:P-521': /^ES512$/,
  'EC:secp256k1': /^ES256K$/,
  'OKP:Ed25519': /^(Ed25519|EdDSA)$/,
  'OKP:Ed448': /^(Ed448|EdDSA)$/,
  'AKP:': /^ML-DSA-/,
}

/** @type {Record<string, string>} */
const naturalByJwk = {
  'oct:': 'HS256',
  'RSA:': 'RS256',
  'EC:P-256': 'ES256',
  'EC:P-384': 'ES384',
  'EC:P-521': 'ES512',
  'EC:secp256k1': 'ES256K',
  'OKP:Ed25519': 'Ed25519',
  'OKP:Ed448': 'Ed448',
}

/** @param {any} jwk */
const shape = (jwk) => `${jwk?.kty}:${jwk?.kty === 'EC' || jwk?.kty === 'OKP' ? jwk.crv : ''}`

/**
 * Whether a key of this JWK's shape can carry the algorithm.
 *
 * @param {any} jwk
 * @param {string} algorithm
 */
export function fits(jwk, algorithm) {
  return byJwk[shape(jwk)]?.test(algorithm) ?? false
}

/**
 * The algorithm that an application would name for a key of this JWK's shape.
 *
 * @param {any} jwk
 * @returns {string | undefined}
 */
export function naturalAlgorithm(jwk) {
  return jwk?.kty === 'AKP' ? jwk.alg : naturalByJwk[shape(jwk)]
}

/**
 * The first algorithm, named by the caller or natural to the key, that this library does not have, if that is why the
 * vector cannot be run.
 *
 * @param {readonly string[] | undefined} algorithms
 * @param {any} jwk
 * @returns {string | undefined}
 */
export function missingAlgorithm(algorithms, jwk) {
  const natural = naturalAlgorithm(jwk)
  if (natural !== undefined && missingAlgorithms.includes(natural)) {
    const asked = algorithms ?? [natural]
    if (asked.some((algorithm) => fits(jwk, algorithm))) return natural
  }
  return algorithms?.every((algorithm) => missingAlgorithms.includes(algorithm)) ? algorithms[0] : undefined
}
