// @ts-check
/**
 * The ways in which an application could hold the key of an attack entry. Each is written as a careless but ordinary
 * application would write it; none helps the library.
 */
import { fits, isHmac, missingAlgorithms, naturalAlgorithm } from '../signature-algorithms.js'
import { jwkOf, jwksOf, namedRecord, pemOf, recordOf, secretBytesOf, valueOf } from './key-records.js'

/**
 * @typedef {import('./key-records.js').KeyRecord} KeyRecord
 * @typedef {import('./key-records.js').KeyRecords} KeyRecords
 *
 * @typedef {object} Holder
 * @property {string} name how the key is held
 * @property {'key' | 'key-set'} shape what the library is handed
 * @property {() => unknown} open makes what the library is handed; may reject
 * @property {readonly string[]} [algorithms] the option, when the application gives it
 * @property {{ algorithm: string, record: KeyRecord, kid?: string }} [probe] what a good token would be signed with
 */

const encoder = new TextEncoder()

/**
 * Every way to hold the key of an entry.
 *
 * @param {any} jose the library under test
 * @param {any} entry
 * @param {KeyRecords} records
 * @returns {Holder[]}
 */
export function holdersOf(jose, entry, records) {
  const record = namedRecord(records, entry.key)
  const context = { jose, entry, records, record, algorithms: entry.options.algorithms }
  switch (entry.key.form) {
    case 'secret':
      return secretHolders(context)
    case 'text':
      return textHolders(context, entry.key.text)
    case 'pem-bytes':
      return rawHolders(context, encoder.encode(record?.publicPem), 'PEM bytes')
    case 'jwk':
      return [
        ...jwkHolders(context, jwkOf(record)),
        ...rawHolders(context, JSON.stringify(jwkOf(record)), 'JWK text'),
      ]
    case 'jwk-inline':
      return jwkHolders(context, entry.key.jwk)
    case 'jwks':
      return keySetHolders(context)
    case 'kid-map':
      return [kidMapHolder(context)]
    case 'js-value':
      return valueHolders(entry)
    default:
      return pemHolders(context, pemOf(record, entry.key.form))
  }
}

/**
 * @typedef {object} Context
 * @property {any} jose
 * @property {any} entry
 * @property {KeyRecords} records
 * @property {KeyRecord | undefined} record
 * @property {readonly string[] | undefined} algorithms
 */

/** The HMAC algorithm that the application would name. @param {Context} context */
function hmacAlgorithm({ algorithms, entry }) {
  const signedWith = entry.recipe?.signWith?.alg
  return algorithms?.find(isHmac) ?? (isHmac(signedWith) ? signedWith : 'HS256')
}

/** The option only when there is one. @param {readonly string[] | undefined} algorithms */
const given = (algorithms) => (algorithms === undefined ? {} : { algorithms })

/** @param {Context} context @returns {Holder[]} */
function secretHolders(context) {
  const { jose, record, algorithms } = context
  const algorithm = hmacAlgorithm(context)
  const bytes = secretBytesOf(record)
  const probe = { algorithm, record: /** @type {KeyRecord} */ (record) }
  return [
    {
      name: `secret(${algorithm})`,
      shape: 'key',
      open: () => jose.secret(algorithm, bytes),
      ...given(algorithms),
      probe,
    },
    { name: 'raw bytes', shape: 'key', open: () => bytes, algorithms: algorithms ?? [algorithm], probe },
  ]
}

/** Text or bytes that are no secret, used as one. @param {Context} context @param {string | Uint8Array} value @param {string} what @returns {Holder[]} */
function rawHolders(context, value, what) {
  const algorithm = hmacAlgorithm(context)
  /** @type {Holder[]} */
  const holders = [
    { name: `raw ${what}`, shape: 'key', open: () => value, ...given(context.algorithms) },
    { name: `raw ${what}, ${algorithm} named`, shape: 'key', open: () => value, algorithms: [algorithm] },
    {
      name: `secret(${algorithm}, ${what})`,
      shape: 'key',
      open: () => context.jose.secret(algorithm, value),
    },
  ]
  return holders
}

/** @param {Context} context @param {string} text @returns {Holder[]} */
function textHolders(context, text) {
  const algorithm =
    context.algorithms?.find((name) => !isHmac(name)) ?? naturalAlgorithm(jwkOf(context.record)) ?? 'RS256'
  return [...rawHolders(context, text, 'text'), importHolder(context, text, algorithm)]
}

/** @param {Context} context @param {string} pem @returns {Holder[]} */
function pemHolders(context, pem) {
  const { algorithms, record, entry } = context
  const jwk = jwkOf(record)
  const natural = naturalAlgorithm(jwk)
  const asked = algorithms?.find((name) => fits(jwk, name)) ?? algorithms?.find((name) => !isHmac(name))
  const holders = [importHolder(context, pem, asked ?? natural ?? 'RS256')]
  const mismatched = natural !== undefined && asked !== undefined && !fits(jwk, asked)
  if (mismatched && !missingAlgorithms.includes(natural)) holders.push(importHolder(context, pem, natural))
  const signedWith = entry.recipe?.signWith?.alg
  const targetsHmac = isHmac(signedWith) || algorithms === undefined || algorithms.some(isHmac)
  return targetsHmac && entry.expected === 'reject'
    ? [...holders, ...rawHolders(context, pem, 'PEM')]
    : holders
}

/** @param {Context} context @param {unknown} source @param {string} algorithm @returns {Holder} */
function importHolder({ jose, algorithms, record }, source, algorithm) {
  return {
    name: `importKey(${algorithm})`,
    shape: 'key',
    open: () => jose.importKey(source, { algorithm }),
    ...given(algorithms),
    ...(record?.privatePem !== undefined && fits(jwkOf(record), algorithm)
      ? { probe: { algorithm, record } }
      : {}),
  }
}

/** @param {Context} context @param {any} jwk @returns {Holder[]} */
function jwkHolders(context, jwk) {
  const { jose, algorithms, record } = context
  const algorithm =
    algorithms?.find((name) => fits(jwk, name)) ?? algorithms?.[0] ?? naturalAlgorithm(jwk) ?? 'RS256'
  return [
    importHolder(context, jwk, algorithm),
    { name: 'JWK as it is', shape: 'key', open: () => jwk, ...given(algorithms) },
    {
      name: 'createLocalJwkSet',
      shape: 'key-set',
      open: () => jose.createLocalJwkSet({ keys: [jwk] }),
      ...given(algorithms),
      ...(record?.privatePem !== undefined && fits(jwk, algorithm)
        ? { probe: { algorithm, record, kid: jwk.kid } }
        : {}),
    },
  ]
}

/** @param {Context} context @returns {Holder[]} */
function keySetHolders(context) {
  const { jose, entry, records, algorithms } = context
  const jwks = jwksOf(entry.key, records)
  const local = () => jose.createLocalJwkSet({ keys: jwks })
  const secrets = jwks.every((/** @type {any} */ jwk) => jwk?.kty === 'oct')
  const probe = setProbe(context, jwks)
  /** @type {Holder} */
  const localSet = {
    name: 'createLocalJwkSet',
    shape: 'key-set',
    open: local,
    ...given(algorithms),
    ...(secrets ? {} : probe),
  }
  if (!secrets) return [localSet]
  // A JWK Set holds no secrets, so that an application with several secrets writes a key set of its own.
  const open = () => ownKeySet(context, jwks)
  /** @type {Holder} */
  const ownSet = { name: 'own key set', shape: 'key-set', open, ...given(algorithms), ...probe }
  return entry.expected === 'accept' ? [ownSet] : [localSet, ownSet]
}

/** @param {Context} context @param {any[]} jwks */
function setProbe({ records, entry, algorithms }, jwks) {
  for (const [index, jwk] of jwks.entries()) {
    const ref = entry.key.keys[index]
    const record = typeof ref === 'string' ? records[ref] : undefined
    const algorithm =
      algorithms?.find((name) => fits(jwk, name)) ??
      (algorithms === undefined ? naturalAlgorithm(jwk) : undefined)
    if (record !== undefined && algorithm !== undefined) return { probe: { algorithm, record, kid: jwk.kid } }
  }
  return {}
}

/** A key set as an application writes it: by kid when the token has one, else all. @param {Context} context @param {any[]} jwks */
async function ownKeySet({ jose, algorithms }, jwks) {
  const algorithm = algorithms?.find(isHmac) ?? 'HS256'
  const keys = await Promise.all(jwks.map((jwk) => jose.importKey(jwk, { algorithm: jwk.alg ?? algorithm })))
  return {
    selectKeys: (/** @type {any} */ { kid }) =>
      kid === undefined ? keys : keys.filter((key) => key.kid === kid),
  }
}

/** Keys in a plain object, looked up by what the token says. @param {Context} context @returns {Holder} */
function kidMapHolder({ jose, entry, records, algorithms }) {
  const open = async () => {
    /** @type {Record<string, unknown>} */
    const byKid = {}
    for (const ref of entry.key.keys) {
      const jwk = jwkOf(recordOf(records, ref))
      byKid[ref] = await jose.importKey(jwk, {
        algorithm: algorithms?.find((name) => fits(jwk, name)) ?? naturalAlgorithm(jwk),
      })
    }
    return { selectKeys: (/** @type {any} */ { kid }) => [byKid[kid]] }
  }
  const [ref] = entry.key.keys
  const record = recordOf(records, ref)
  const algorithm =
    algorithms?.find((name) => fits(jwkOf(record), name)) ?? naturalAlgorithm(jwkOf(record)) ?? 'HS256'
  return {
    name: 'keys in a plain object',
    shape: 'key-set',
    open,
    ...given(algorithms),
    probe: { algorithm, record, kid: ref },
  }
}

/** A value that is no key, as an unset variable leaves it. @param {any} entry @returns {Holder[]} */
function valueHolders(entry) {
  const { name, value } = valueOf(entry.key)
  return [
    { name: `${name} as key`, shape: 'key', open: () => value, ...given(entry.options.algorithms) },
    { name: `${name} as key, HS256 named`, shape: 'key', open: () => value, algorithms: ['HS256'] },
    { name: `${name} as key, none named`, shape: 'key', open: () => value, algorithms: ['none'] },
  ]
}
