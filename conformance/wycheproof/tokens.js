// @ts-check
/** Compact JWS and JWE, with a JWK or a JWK Set (`json_web_crypto.md`). */
import { encryptionAlgorithms, isPassword } from '../encryption-algorithms.js'
import { refusedAlgorithms } from '../policy.js'
import { fits, missingAlgorithms, whyMissing } from '../signature-algorithms.js'
import { notDriven } from '../not-driven.js'
import { verdictOf } from './judge.js'

/**
 * @typedef {import('../surface.js').Surface} Surface
 * @typedef {import('./wycheproof.js').Prepared} Prepared
 */

/** @param {Surface} surface @param {import('./wycheproof.js').Source} source @returns {Promise<Prepared>} */
export async function prepareTokens(surface, { group }) {
  const jwk = group.public ?? group.private ?? notDriven('a group of tokens without a key has no driver')
  const allowWeakKey = await isWeakOnPurpose(surface, group)
  return {
    verify: (test) =>
      test.jwe === undefined
        ? verifyJws(surface, openKeys(surface, jwk, allowWeakKey), test.jws)
        : decryptJwe(surface, { jwk: group.private ?? jwk, allowWeakKey }, test),
    faultOf: (test) => unboundFault(surface, group, test),
  }
}

/**
 * A test that is labelled valid although the JWK names another algorithm: without that name it must verify.
 *
 * @param {Surface} surface
 * @param {any} group
 * @param {any} test
 */
async function unboundFault(surface, group, test) {
  const { alg, ...jwk } = group.public ?? group.private
  if (test.result !== 'valid' || jwk.keys !== undefined || test.jws === undefined) return undefined
  const named = headerOf(test.jws)?.alg
  if (!fits(jwk, named) || alg === named) return undefined
  const { accepted, code } = await verifyJws(surface, openKeys(surface, jwk, false), test.jws)
  return accepted ? undefined : `without the alg of its JWK: expected accepted, got refused, ${code}`
}

/**
 * Whether a group uses a weak secret as an ordinary one: it holds tests that are labelled valid, and the library takes
 * the key only when told. The weakness is then not what the group is about, and the driver waives it.
 *
 * @param {Surface} surface
 * @param {any} group
 */
async function isWeakOnPurpose({ jose }, { private: jwk, tests }) {
  if (jwk?.kty !== 'oct' || !tests.some((/** @type {any} */ test) => test.result === 'valid')) return false
  return jose.importKey(jwk).then(
    () => false,
    (/** @type {any} */ error) => error.code === 'weak_key',
  )
}

/**
 * The key or keys of a group: a JWK, or a JWK Set. A set of secrets becomes a key set of our own, because a JWK Set of
 * this library holds public keys alone.
 *
 * @param {Surface} surface
 * @param {any} jwk
 * @param {boolean} allowWeakKey
 * @returns {(header: any) => unknown}
 */
function openKeys({ jose }, jwk, allowWeakKey) {
  if (jwk.keys === undefined)
    return (header) => jose.importKey(jwk, { ...algorithmFor(jwk, header), allowWeakKey })
  if (jwk.keys.some((/** @type {any} */ key) => key.kty !== 'oct')) return () => jose.createLocalJwkSet(jwk)
  return async (header) => {
    const keys = await Promise.all(
      jwk.keys.map((/** @type {any} */ key) => jose.importKey(key, algorithmFor(key, header))),
    )
    return {
      selectKeys: (/** @type {any} */ { kid }) => keys.filter((key) => kid === undefined || key.kid === kid),
    }
  }
}

/** The option that a key without `alg` needs. @param {any} jwk @param {any} header */
function algorithmFor(jwk, header) {
  return jwk.alg === undefined && fits(jwk, header?.alg) ? { algorithm: header.alg } : {}
}

/** @param {Surface} surface @param {(header: any) => unknown} open @param {string} token */
function verifyJws({ jose, jws }, open, token) {
  const header = headerOf(token)
  if (missingAlgorithms.includes(header?.alg)) return notDriven(whyMissing(header.alg))
  return verdictOf(jose, async () => {
    await jws.verifyCompact(token, await open(header))
    return { accepted: true }
  })
}

/** @param {Surface} surface @param {{ jwk: any, allowWeakKey: boolean }} key @param {any} test */
async function decryptJwe(surface, { jwk, allowWeakKey }, { jwe: token, pt }) {
  const { jose, jwe } = surface
  const header = headerOf(token)
  const passwords = isPassword(header?.alg) ? { keyManagementAlgorithms: [header.alg] } : {}
  const verdict = await verdictOf(jose, async () => {
    const key =
      jwk.keys === undefined
        ? await jose.importKey(jwk, { ...encryptionAlgorithmFor(jwk, header), allowWeakKey })
        : jose.createDecryptionJwkSet(jwk)
    const { plaintext } = await jwe.decryptCompact(token, key, { allowZip: true, ...passwords })
    const differs = pt !== undefined && Buffer.from(plaintext).toString('hex') !== pt
    return differs ? { broken: 'decrypted to another plaintext' } : { accepted: true }
  })
  const refused = refusedAlgorithms[header?.alg] ?? refusedAlgorithms[jwk.alg]
  return refused === undefined ? verdict : { ...verdict, refusedOnPurpose: refused }
}

/** @param {any} jwk @param {any} header */
function encryptionAlgorithmFor(jwk, header) {
  const named = header?.alg === 'dir' ? header.enc : header?.alg
  const isOpen = jwk.alg === undefined || jwk.alg === 'dir'
  return isOpen && encryptionAlgorithms(jwk).includes(named) ? { algorithm: named } : {}
}

/** @param {string} token */
function headerOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
