// @ts-check
/** The calls by which an application could verify a token, for every way of holding its key; and what comes of one. */
import { holdersOf } from './key-holders.js'

/**
 * @typedef {import('./key-holders.js').Holder} Holder
 *
 * @typedef {{ kind: 'accepted', claims: unknown } | { kind: 'refused', code: string, message: string, at: 'key' | 'token' } | { kind: 'broken', error: unknown }} Verdict
 * @typedef {(token: unknown) => Promise<Verdict>} Verify
 * @typedef {{ jose: any, records: Record<string, any> }} Library the library under test, and the keys of the corpus
 */

/**
 * @typedef {object} Route
 * @property {string} name
 * @property {Holder} holder
 * @property {Holder['probe']} probe
 * @property {(jose: any, key: any) => Verify | Promise<Verify>} prepare
 */

/** Every call that can express the entry, for every way of holding its key. @param {Library} library @param {any} entry @returns {Route[]} */
export function routesOf({ jose, records }, entry) {
  const { options } = entry
  const verifyOnly = ['subject', 'typ', 'requiredClaims', 'maxAge'].some(
    (name) => options[name] !== undefined,
  )
  return holdersOf(jose, entry, records).flatMap((holder) => {
    const algorithms = holder.algorithms === undefined ? {} : { algorithms: holder.algorithms }
    if (entry.api !== 'jwt.verify') return [jwsRoute(entry.api, holder, algorithms)]
    const full = { ...verifyOptions(options), ...algorithms }
    const calls = [
      { call: 'verifyJwt', prepare: usingVerifyJwt(full) },
      { call: 'verifier.verify', prepare: usingVerifier(full, 'verify') },
      { call: 'verifier.verifySync', prepare: usingVerifier(full, 'verifySync') },
    ]
    if (!verifyOnly)
      calls.push({ call: 'decode', prepare: usingDecode({ ...decodeOptions(options), ...algorithms }) })
    return calls.map(({ call, prepare }) => ({
      name: `${call} with ${holder.name}`,
      holder,
      probe: holder.probe,
      prepare,
    }))
  })
}

/** @param {string} api @param {Holder} holder @param {object} options @returns {Route} */
function jwsRoute(api, holder, options) {
  const isCompact = api === 'jws.verify'
  return {
    name: `${isCompact ? 'verifyCompact' : 'verifyFlattened or verifyGeneral'} with ${holder.name}`,
    holder,
    probe: holder.probe,
    prepare: isCompact ? usingVerifyCompact(options) : usingVerifyJson(options),
  }
}

/** @param {object} options @returns {Route['prepare']} */
const usingVerifyCompact = (options) => (jose, key) => async (token) =>
  judge(jose, async () => (await jose.verifyCompact(token, key, options)).payload)

/** By the form of the JWS; a good token comes as compact text and is written in JSON first. @param {object} options @returns {Route['prepare']} */
const usingVerifyJson = (options) => (jose, key) => async (token) =>
  judge(jose, async () => {
    const jws = typeof token === 'string' ? toFlattened(token) : /** @type {any} */ (token)
    if (jws?.signatures === undefined) return (await jose.verifyFlattened(jws, key, options)).payload
    await jose.verifyGeneral(jws, key, { ...options, policy: 'any' })
    return (await jose.verifyGeneral(jws, key, { ...options, policy: 'all' })).payload
  })

/** @param {string} compact */
function toFlattened(compact) {
  const [header, payload, signature] = compact.split('.')
  return { protected: header, payload, signature }
}

/** @param {any} options */
function verifyOptions({ now, issuer = null, audience = null, subject, typ = null, requiredClaims, maxAge }) {
  return {
    issuer,
    audience,
    typ,
    requireExp: false,
    ...(now === undefined ? {} : { now }),
    ...(subject === undefined ? {} : { subject }),
    ...(requiredClaims === undefined ? {} : { required: requiredClaims }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
  }
}

/** @param {any} options */
function decodeOptions({ now, issuer, audience = null }) {
  return { audience, ...(now === undefined ? {} : { now }), ...(issuer === undefined ? {} : { issuer }) }
}

/** @param {any} options @returns {Route['prepare']} */
const usingDecode = (options) => (jose, key) => async (token) =>
  judge(jose, () => jose.decode(token, key, options))

/** @param {any} options @returns {Route['prepare']} */
const usingVerifyJwt = (options) => (jose, key) => async (token) =>
  judge(jose, async () => (await jose.verifyJwt(token, key, options)).claims)

/** @param {any} options @param {'verify' | 'verifySync'} verb @returns {Route['prepare']} */
const usingVerifier = (options, verb) => (jose, key) => {
  const verifier = jose.createVerifier({ keys: key, ...options })
  return async (token) => judge(jose, async () => (await verifier[verb](token)).claims)
}

/** The verification of a route; when its key cannot be made, one that refuses everything for that reason. @param {{ jose: any }} library @param {Route} route @returns {Promise<Verify>} */
export async function openRoute({ jose }, route) {
  try {
    return await route.prepare(jose, await route.holder.open())
  } catch (error) {
    const verdict = verdictOf(jose, error, 'key')
    return async () => verdict
  }
}

/** @param {any} jose @param {() => unknown} call @returns {Promise<Verdict>} */
async function judge(jose, call) {
  try {
    return { kind: 'accepted', claims: await call() }
  } catch (error) {
    return verdictOf(jose, error, 'token')
  }
}

/** @param {any} jose @param {unknown} error @param {'key' | 'token'} at @returns {Verdict} */
function verdictOf(jose, error, at) {
  return jose.isJoseError(error)
    ? { kind: 'refused', ...codeAndMessage(error), at }
    : { kind: 'broken', error }
}

/** @param {any} error */
function codeAndMessage({ code, message }) {
  return { code: String(code), message: String(message) }
}

/** @param {Verdict} verdict */
export function sayVerdict(verdict) {
  if (verdict.kind === 'accepted') return 'accepted'
  if (verdict.kind === 'broken') return `an error that is not the library's: ${describe(verdict.error)}`
  return `refused, ${verdict.code}${verdict.at === 'key' ? ' at the key' : ''}`
}

/** @param {unknown} error */
export function describe(error) {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : String(error)
}

/** The verdicts in words, equal ones once. @param {Map<string, Verdict>} verdicts */
export function sayAll(verdicts) {
  return [...new Set([...verdicts.values()].map(sayVerdict))].join('; ')
}
