// @ts-check
/** What the driver knows about encryption: which algorithms a key of the vectors could be for. */

const bySecretBytes = /** @type {Readonly<Record<number, readonly string[]>>} */ ({
  16: ['A128GCM', 'A128KW', 'A128GCMKW'],
  24: ['A192GCM', 'A192KW', 'A192GCMKW'],
  32: ['A256GCM', 'A128CBC-HS256', 'A256KW', 'A256GCMKW'],
  48: ['A192CBC-HS384'],
  64: ['A256CBC-HS512'],
})
const passwords = ['PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW']
const agreements = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW']
const transports = ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512']

/** @type {Readonly<Record<string, number>>} */
export const contentKeyBytes = {
  A128GCM: 16,
  A192GCM: 24,
  A256GCM: 32,
  'A128CBC-HS256': 32,
  'A192CBC-HS384': 48,
  'A256CBC-HS512': 64,
}

/** The algorithms of this library that a secret of so many bytes could be for; a password is tried for any length. @param {number} bytes */
export function secretAlgorithms(bytes) {
  return [...(bySecretBytes[bytes] ?? []), ...passwords]
}

/** The algorithms of this library that a JWK could be for. @param {any} jwk @returns {readonly string[]} */
export function encryptionAlgorithms(jwk) {
  if (jwk?.kty === 'oct') return secretAlgorithms(Buffer.from(String(jwk.k ?? ''), 'base64url').length)
  if (jwk?.kty === 'RSA') return transports
  const isAgreement =
    (jwk?.kty === 'EC' && /^P-(256|384|521)$/.test(jwk.crv)) ||
    (jwk?.kty === 'OKP' && /^X(25519|448)$/.test(jwk.crv))
  return isAgreement ? agreements : []
}

/** The `alg` of the tokens that a key of this algorithm decrypts. @param {string} algorithm */
export function managementOf(algorithm) {
  return contentKeyBytes[algorithm] === undefined ? algorithm : 'dir'
}

/** @param {unknown} algorithm */
export function isPassword(algorithm) {
  return typeof algorithm === 'string' && algorithm.startsWith('PBES2')
}
