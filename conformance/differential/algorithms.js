// @ts-check
/** The algorithms that both libraries have, and keys for them: made by one, imported by both. */
import { randomBytes } from 'node:crypto'
import { jose, tessera } from './libraries.js'

/**
 * A key as each library holds it.
 *
 * @typedef {object} SharedKey
 * @property {string} algorithm of the key; for a key that encrypts directly, its `enc`
 * @property {string} alg what stands in headers
 * @property {string} label with the curve, where the algorithm has several
 * @property {string} madeBy
 * @property {any} jwk with its private members
 * @property {{ make: any, read: any }} ours the key that signs or encrypts, and the one that verifies or decrypts
 * @property {{ make: any, read: any }} theirs
 */

const signatures = [
  ...'HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 Ed25519 EdDSA'.split(' '),
  ...'ML-DSA-44 ML-DSA-65 ML-DSA-87'.split(' '),
]

export const contents = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512']

const agreements = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW']
const encryptions = [
  ...contents,
  ...'A128KW A192KW A256KW A128GCMKW A192GCMKW A256GCMKW'.split(' '),
  ...'RSA-OAEP RSA-OAEP-256 RSA-OAEP-384 RSA-OAEP-512'.split(' '),
  ...'PBES2-HS256+A128KW PBES2-HS384+A192KW PBES2-HS512+A256KW'.split(' '),
]
const curves = ['P-256', 'P-384', 'P-521', 'X25519']

/** Octets of a secret. */
const secretBytes = new Map(
  Object.entries({
    HS256: 32,
    HS384: 48,
    HS512: 64,
    A128GCM: 16,
    A192GCM: 24,
    A256GCM: 32,
    'A128CBC-HS256': 32,
    'A192CBC-HS384': 48,
    'A256CBC-HS512': 64,
    A128KW: 16,
    A192KW: 24,
    A256KW: 32,
    A128GCMKW: 16,
    A192GCMKW: 24,
    A256GCMKW: 32,
    'PBES2-HS256+A128KW': 40,
    'PBES2-HS384+A192KW': 40,
    'PBES2-HS512+A256KW': 40,
  }),
)

/** @param {string} algorithm */
const algOf = (algorithm) => (contents.includes(algorithm) ? 'dir' : algorithm)

/** Keys for every signature algorithm that this runtime has. @returns {Promise<SharedKey[]>} */
export async function signatureKeys() {
  const keys = []
  for (const algorithm of signatures) {
    if (!(await tessera['supports'](algorithm))) continue
    keys.push(await makeKey(algorithm, undefined, keys.length % 2 === 0))
  }
  return keys
}

/** The names of the shared signature algorithms that this runtime lacks. */
export async function missingSignatures() {
  const has = await Promise.all(signatures.map((algorithm) => tessera['supports'](algorithm)))
  return signatures.filter((_, index) => !has[index])
}

/** Keys for every key management algorithm and curve. @returns {Promise<SharedKey[]>} */
export async function encryptionKeys() {
  const keys = []
  for (const algorithm of encryptions) keys.push(await makeKey(algorithm, undefined, keys.length % 2 === 0))
  for (const algorithm of agreements)
    for (const curve of curves) keys.push(await makeKey(algorithm, curve, keys.length % 2 === 0))
  return keys
}

/** @param {string} algorithm @param {string | undefined} curve @param {boolean} byUs @returns {Promise<SharedKey>} */
async function makeKey(algorithm, curve, byUs) {
  const alg = algOf(algorithm)
  const secret = secretBytes.get(algorithm)
  const jwk = await (secret === undefined ? makePair(algorithm, curve, byUs) : makeSecret(algorithm, secret))
  const label =
    curve === undefined ? (alg === 'dir' ? `dir ${algorithm}` : algorithm) : `${algorithm} ${curve}`
  const madeBy = secret === undefined ? (byUs ? 'tessera' : 'jose') : 'random'
  return {
    algorithm,
    alg,
    label,
    madeBy,
    jwk,
    ours: await importOurs(jwk),
    theirs: await importTheirs(jwk, alg),
  }
}

/** @param {string} alg @param {number} size */
const makeSecret = (alg, size) => ({ kty: 'oct', k: randomBytes(size).toString('base64url'), alg })

/** @param {string} algorithm @param {string | undefined} curve @param {boolean} byUs */
async function makePair(algorithm, curve, byUs) {
  if (byUs) {
    const options = { extractable: true, ...(curve === undefined ? {} : { curve }) }
    return tessera['exportJwk'](await tessera['generateKey'](algorithm, options))
  }
  const options = { extractable: true, ...(curve === undefined ? {} : { crv: curve }) }
  const { privateKey } = await jose.generateKeyPair(algorithm, options)
  return { ...(await jose.exportJWK(privateKey)), alg: algorithm, kid: `kid of ${algorithm}` }
}

/** @param {any} jwk */
async function importOurs(jwk) {
  const key = await tessera['importKey'](jwk)
  const open = key.publicKey ?? key
  return isForEncryption(jwk) ? { make: open, read: key } : { make: key, read: open }
}

/** @param {any} jwk @param {string} alg */
async function importTheirs(jwk, alg) {
  if (jwk.kty === 'oct') {
    const bytes = new Uint8Array(Buffer.from(jwk.k, 'base64url'))
    return { make: bytes, read: bytes }
  }
  const { key_ops: _operations, use: _use, ext: _ext, ...members } = jwk
  const [whole, open] = await Promise.all([
    jose.importJWK(members, alg),
    jose.importJWK(publicJwk(members), alg),
  ])
  return isForEncryption(jwk) ? { make: open, read: whole } : { make: whole, read: open }
}

/** @param {{ alg: string }} jwk */
const isForEncryption = ({ alg }) => !signatures.includes(alg)

/** The public members. @param {any} jwk */
export function publicJwk(jwk) {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, priv: _priv, ...open } = jwk
  return open
}
