// @ts-check
/**
 * The ways in which an application could hold the key that an encrypted attack is aimed at. A key is for one algorithm,
 * and which one the application chose is not told: each that the key fits is tried, so that nothing is refused only
 * because the driver picked another.
 */
import { encryptionAlgorithms, isPassword, secretAlgorithms } from '../encryption-algorithms.js'
import { notDriven } from '../not-driven.js'
import { jwksOf, namedRecord, pemOf, privateJwkOf, recordOf, secretBytesOf, valueOf } from './key-records.js'

/**
 * @typedef {import('./key-records.js').KeyRecords} KeyRecords
 *
 * @typedef {object} DecryptionHolder
 * @property {string} name how the key is held
 * @property {() => unknown} open makes what the library is handed; may reject
 * @property {Probe | undefined} [probe] what a good token would be encrypted with
 *
 * @typedef {{ algorithm: string, secret?: Uint8Array, publicJwk?: any, kid?: string }} Probe
 */

/** @typedef {{ jose: any, entry: any, records: KeyRecords }} Context */

/** Every way to hold the key of an entry. @param {Context} context @returns {DecryptionHolder[]} */
export function decryptionHoldersOf(context) {
  const { entry, records, jose } = context
  const { key } = entry
  const record = namedRecord(records, key)
  switch (key.form) {
    case 'secret':
      return secretHolders(context, secretBytesOf(record))
    case 'jwk':
      return jwkHolders(context, privateJwkOf(record))
    case 'jwk-inline':
      return jwkHolders(context, key.jwk)
    case 'jwks':
      return [setHolder(context, jwksOf(key, records, privateJwkOf))]
    case 'kid-map':
      return [kidMapHolder(context)]
    case 'text':
      return rawHolders(jose, key.text, 'text')
    case 'pem-bytes':
      return rawHolders(jose, new TextEncoder().encode(record?.publicPem), 'PEM bytes')
    case 'js-value': {
      const { name, value } = valueOf(key)
      return [{ name: `${name} as key`, open: () => value }]
    }
    default:
      return pemHolders(context, pemOf(record, key.form))
  }
}

/** A password only where the application asked for one: they are off otherwise. @param {any} entry @param {string} algorithm */
const isAsked = (entry, algorithm) =>
  !isPassword(algorithm) || (entry.options.keyManagementAlgorithms ?? []).includes(algorithm)

/** @param {Context} context @param {Uint8Array} secret @returns {DecryptionHolder[]} */
function secretHolders({ jose, entry }, secret) {
  const sized = secretAlgorithms(secret.length)
  // A secret of no AES key's size is tried as one all the same: the application made the mistake.
  const algorithms = sized.some((name) => !isPassword(name)) ? sized : ['A256GCM', 'A128KW', ...sized]
  return algorithms.map((algorithm) => ({
    name: `encryptionSecret(${algorithm})`,
    open: () => jose.encryptionSecret(algorithm, secret, { allowWeakKey: true }),
    ...(sized.includes(algorithm) && isAsked(entry, algorithm) ? { probe: { algorithm, secret } } : {}),
  }))
}

/** @param {Context} context @param {string} pem @returns {DecryptionHolder[]} */
function pemHolders({ jose, entry, records }, pem) {
  const jwk = privateJwkOf(namedRecord(records, entry.key))
  const isPrivate = entry.key.form === 'private-pem'
  return algorithmsOf(jwk).map((algorithm) => ({
    name: `importKey(${algorithm})`,
    open: () => jose.importKey(pem, { algorithm }),
    ...(isPrivate && jwk !== undefined ? { probe: { algorithm, publicJwk: jwk } } : {}),
  }))
}

/** @param {Context} context @param {any} jwk @returns {DecryptionHolder[]} */
function jwkHolders({ jose, entry }, jwk) {
  const imported = algorithmsOf(jwk).map((algorithm) => ({
    name: `importKey(${algorithm})`,
    open: () => jose.importKey(jwk, { algorithm, allowWeakKey: true }),
    ...probeFor(entry, jwk, algorithm),
  }))
  const own = jwk?.alg ?? algorithmsOf(jwk)[0]
  const set = {
    name: 'createDecryptionJwkSet',
    open: () => jose.createDecryptionJwkSet({ keys: [jwk] }),
    ...probeFor(entry, jwk, own),
  }
  return [...imported, { name: 'JWK as it is', open: () => jwk }, set]
}

/** What a good token for a JWK would be made with, if it can decrypt at all. @param {any} entry @param {any} jwk @param {string} algorithm @returns {{ probe?: Probe }} */
function probeFor(entry, jwk, algorithm) {
  if (!encryptionAlgorithms(jwk).includes(algorithm) || !isAsked(entry, algorithm)) return {}
  const kid = typeof jwk.kid === 'string' ? { kid: jwk.kid } : {}
  if (jwk.kty === 'oct')
    return { probe: { algorithm, secret: new Uint8Array(Buffer.from(jwk.k, 'base64url')), ...kid } }
  return jwk.d === undefined ? {} : { probe: { algorithm, publicJwk: jwk, ...kid } }
}

/** @param {Context} context @param {any[]} jwks @returns {DecryptionHolder} */
function setHolder({ jose, entry }, jwks) {
  const probes = jwks.map((jwk) => probeFor(entry, jwk, jwk?.alg ?? algorithmsOf(jwk)[0]))
  const first = probes.find(({ probe }) => probe !== undefined)
  return { name: 'createDecryptionJwkSet', open: () => jose.createDecryptionJwkSet({ keys: jwks }), ...first }
}

/** Keys in a plain object, looked up by what the token says. @param {Context} context @returns {DecryptionHolder} */
function kidMapHolder({ jose, entry, records }) {
  const refs = /** @type {string[]} */ (entry.key.keys ?? notDriven('a map of keys without a list of them'))
  const jwks = refs.map((ref) => ({ ...privateJwkOf(recordOf(records, ref)), kid: ref }))
  const open = async () => {
    /** @type {Record<string, unknown>} */
    const byKid = {}
    for (const jwk of jwks) byKid[jwk.kid] = await jose.importKey(jwk, { algorithm: algorithmsOf(jwk)[0] })
    return { selectDecryptionKeys: (/** @type {any} */ { kid }) => [byKid[kid]] }
  }
  const [first] = jwks
  return { name: 'keys in a plain object', open, ...probeFor(entry, first, String(algorithmsOf(first)[0])) }
}

/** Text or bytes that are no key, used as one. @param {any} jose @param {string | Uint8Array} value @param {string} what @returns {DecryptionHolder[]} */
function rawHolders(jose, value, what) {
  return [
    { name: `raw ${what}`, open: () => value },
    ...['A256GCM', 'PBES2-HS256+A128KW'].map((algorithm) => ({
      name: `encryptionSecret(${algorithm}, ${what})`,
      open: () => jose.encryptionSecret(algorithm, value),
    })),
  ]
}

/** @param {any} jwk @returns {readonly string[]} */
function algorithmsOf(jwk) {
  const algorithms = encryptionAlgorithms(jwk)
  return algorithms.length > 0 ? algorithms : ['RSA-OAEP', 'ECDH-ES']
}
