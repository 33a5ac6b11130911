// @ts-check
/** The signature files of Wycheproof: compact JWS, JWK and JWK Sets, and the raw signatures below them. */
import { policyOf } from './policy.js'
import { builtAlgorithms, fits, missingAlgorithms, whyMissing } from './signature-algorithms.js'
import { readVectors } from './vectors.js'

/**
 * @typedef {import('./surface.js').Surface} Surface
 * @typedef {import('./tally.js').Tally} Tally
 * @typedef {{ file: string, algorithm: string }} RawFile
 */

const tokenFiles = ['json_web_signature_test.json', 'json_web_key_test.json']

/** @type {RawFile[]} */
const rawFiles = [
  { file: 'ecdsa_secp256r1_sha256_p1363_test.json', algorithm: 'ES256' },
  { file: 'ecdsa_secp384r1_sha384_p1363_test.json', algorithm: 'ES384' },
  { file: 'ecdsa_secp521r1_sha512_p1363_test.json', algorithm: 'ES512' },
  { file: 'ecdsa_secp256k1_sha256_p1363_test.json', algorithm: 'ES256K' },
  { file: 'ed25519_test.json', algorithm: 'Ed25519' },
  { file: 'ed448_test.json', algorithm: 'Ed448' },
  { file: 'mldsa_44_verify_test.json', algorithm: 'ML-DSA-44' },
  { file: 'mldsa_65_verify_test.json', algorithm: 'ML-DSA-65' },
  { file: 'mldsa_87_verify_test.json', algorithm: 'ML-DSA-87' },
]

const encryptionFiles = [
  'json_web_encryption_test.json',
  'json_web_crypto_test.json',
  'x25519_jwk_test.json',
  'x448_jwk_test.json',
  'a128cbc_hs256_test.json',
  'a192cbc_hs384_test.json',
  'a256cbc_hs512_test.json',
  'aes_wrap_test.json',
]

/**
 * @param {Surface} surface
 * @param {string} directory the folder of all vectors
 * @param {Tally} tally
 */
export async function runWycheproof(surface, directory, tally) {
  const folder = `${directory}/wycheproof`
  const disputed = readDisputed(folder)
  for (const file of tokenFiles) await runTokenFile(surface, { folder, file, disputed }, tally)
  for (const { file, algorithm } of rawFiles) await runRawFile(surface, { folder, file, algorithm }, tally)
  for (const file of encryptionFiles) {
    const tests = countTests(readVectors(folder, file))
    if (tests > 0)
      tally.skip(
        `wycheproof ${file.replace('_test.json', '')}`,
        'JWE is driven by packages/jose/test/jwe, not yet by this runner',
        tests,
      )
  }
}

/** @param {any} file */
function countTests(file) {
  return file === undefined
    ? 0
    : file.testGroups.reduce(
        (/** @type {number} */ sum, /** @type {any} */ group) => sum + group.tests.length,
        0,
      )
}

/** The tests whose label is not to be followed blindly, as `file#tcId`. @param {string} folder */
function readDisputed(folder) {
  /** @type {Map<string, string>} */
  const notes = new Map()
  for (const { file, tcIds, note } of readVectors(folder, 'DISPUTED.json') ?? []) {
    for (const tcId of tcIds) notes.set(`${file}#${tcId}`, note)
  }
  return notes
}

/**
 * @param {Surface} surface
 * @param {{ folder: string, file: string, disputed: Map<string, string> }} source
 * @param {Tally} tally
 */
async function runTokenFile(surface, { folder, file, disputed }, tally) {
  const name = `wycheproof ${file.replace('_test.json', '')}`
  for (const group of readVectors(folder, file)?.testGroups ?? []) {
    const open = openKeys(surface, group.public ?? group.private, await isWeakOnPurpose(surface, group))
    for (const test of group.tests) {
      const id = `${file}#${test.tcId}`
      const verdict = await verifyToken(surface, open, test.jws)
      if (verdict.broken !== undefined) tally.fail(name, id, verdict.broken)
      else if (disputed.has(id))
        judgeDisputed({ id, fault: await unboundFault(surface, group, test) }, verdict, { tally, name })
      else judgeLabelled({ id, test }, verdict, { tally, name })
    }
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
  if (test.result !== 'valid' || jwk.keys !== undefined || !fits(jwk, headerOf(test.jws)?.alg))
    return undefined
  if (alg === headerOf(test.jws)?.alg) return undefined
  const { accepted, code } = await verifyToken(surface, openKeys(surface, jwk, false), test.jws)
  return accepted ? undefined : `without the alg of its JWK: expected accepted, got refused, ${code}`
}

/** @typedef {{ accepted?: boolean, code?: string, broken?: string }} Verdict */

/** @typedef {{ tally: Tally, name: string }} Group */

/**
 * @param {{ id: string, fault: string | undefined }} subject
 * @param {Verdict} verdict
 * @param {Group} group
 */
function judgeDisputed({ id, fault }, verdict, { tally, name }) {
  const decision = verdict.accepted ? 'accepted' : `refused, ${verdict.code}`
  tally.decide(id, 'disputed', decision)
  const wanted = policyOf(id)
  if (wanted !== undefined && (wanted === 'accept') !== (verdict.accepted ?? false)) {
    tally.fail(name, id, `our policy is to ${wanted} it, got ${decision}`)
  } else if (fault !== undefined) tally.fail(name, id, fault)
  else tally.pass(name, id, decision)
}

/**
 * @param {{ id: string, test: any }} subject
 * @param {Verdict} verdict
 * @param {Group} group
 */
function judgeLabelled({ id, test }, verdict, { tally, name }) {
  const decision = verdict.accepted ? 'accepted' : `refused, ${verdict.code}`
  const agrees = test.result === 'acceptable' || (test.result === 'valid') === (verdict.accepted ?? false)
  if (agrees) tally.pass(name, id, decision)
  else tally.fail(name, id, `${test.comment}: expected ${test.result}, got ${decision}`)
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
  const weak = await jose.importKey(jwk).then(
    () => false,
    (/** @type {any} */ error) => error.code === 'weak_key',
  )
  return weak
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

/**
 * @param {Surface} surface
 * @param {(header: any) => unknown} open
 * @param {string} token
 * @returns {Promise<Verdict>}
 */
async function verifyToken({ jose, verifyJws }, open, token) {
  try {
    await verifyJws(token, await open(headerOf(token)))
    return { accepted: true }
  } catch (error) {
    if (jose.isJoseError(error)) return { code: /** @type {any} */ (error).code }
    return { broken: `an error that is not the library's: ${String(error)}` }
  }
}

/** @param {string} token */
function headerOf(token) {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/**
 * Raw signatures cannot be written as tokens, because a signing input is base64url text; they go to the room that
 * verifies bytes.
 *
 * @param {Surface} surface
 * @param {RawFile & { folder: string }} source
 * @param {Tally} tally
 */
async function runRawFile(surface, { folder, file, algorithm }, tally) {
  const vectors = readVectors(folder, file)
  const name = `wycheproof ${file.replace('_test.json', '')}`
  if (vectors === undefined) return
  if (missingAlgorithms.includes(algorithm) || !builtAlgorithms.includes(algorithm)) {
    return tally.skip(name, whyMissing(algorithm), countTests(vectors))
  }
  for (const group of vectors.testGroups) {
    for (const test of group.tests) {
      const id = `${file}#${test.tcId}`
      // JOSE has no contexts: a signature made with one is refused like any other.
      const verdict = await verifyRaw(surface, { source: rawKey(group, algorithm), algorithm }, test)
      if (verdict.broken !== undefined) tally.fail(name, id, verdict.broken)
      else judgeLabelled({ id, test: withoutContext(test) }, verdict, { tally, name })
    }
  }
}

/** @param {any} group @param {string} algorithm */
function rawKey({ publicKeyJwk, publicKeyPem, publicKey }, algorithm) {
  if (publicKeyJwk !== undefined || publicKeyPem !== undefined) return publicKeyJwk ?? publicKeyPem
  return { kty: 'AKP', alg: algorithm, pub: Buffer.from(publicKey, 'hex').toString('base64url') }
}

/** @param {any} test */
function withoutContext(test) {
  return (test.ctx ?? '') === '' ? test : { ...test, result: 'invalid' }
}

/**
 * @param {Surface} surface
 * @param {{ source: any, algorithm: string }} key
 * @param {any} test
 * @returns {Promise<Verdict>}
 */
async function verifyRaw({ jose, verifyRaw: verify }, { source, algorithm }, test) {
  try {
    const key = await jose.importKey(source, { algorithm })
    const good = await verify(key, Buffer.from(test.msg, 'hex'), Buffer.from(test.sig, 'hex'))
    return good ? { accepted: true } : { code: 'bad_signature' }
  } catch (error) {
    if (jose.isJoseError(error)) return { code: /** @type {any} */ (error).code }
    return { broken: `an error that is not the library's: ${String(error)}` }
  }
}
