// @ts-check
/** The calls by which an application could verify a token, for every way of holding its key. */
import { judge } from '../verdict.js'
import { makeGoodToken } from './good-token.js'
import { decodeOptions, isBeyondDecode, policyOptions } from './policy-options.js'
import { holdersOf } from './verification-holders.js'

/**
 * @typedef {import('../verdict.js').Verdict} Verdict
 * @typedef {(token: unknown) => Promise<Verdict>} Verify
 * @typedef {{ jose: any, records: Record<string, any> }} Library the library under test, and the keys of the corpus
 */

/**
 * One call with one way of holding the key.
 *
 * @typedef {object} Route
 * @property {string} name
 * @property {() => unknown} open makes the key; may reject
 * @property {(jose: any, key: any) => Verify | Promise<Verify>} prepare
 * @property {() => string | undefined} [makeGood] a good token, which this route has to accept; undefined when none can be made
 */

/** Every call that can express the entry, for every way of holding its key. @param {Library} library @param {any} entry @returns {Route[]} */
export function verificationRoutesOf({ jose, records }, entry) {
  const { options } = entry
  return holdersOf(jose, entry, records).flatMap(({ name, open, probe, algorithms }) => {
    const list = algorithms === undefined ? {} : { algorithms }
    const makeGood = probe && { makeGood: () => makeGoodToken({ ...probe, options }) }
    return callsOf(entry, list).map(([call, prepare]) => ({
      name: `${call} with ${name}`,
      open,
      prepare,
      ...makeGood,
    }))
  })
}

/** @param {any} entry @param {object} algorithms @returns {[string, Route['prepare']][]} */
function callsOf({ api, options }, algorithms) {
  if (api === 'jws.verify') return [['verifyCompact', usingVerifyCompact(algorithms)]]
  if (api === 'jws.verify-json') return [['verifyFlattened or verifyGeneral', usingVerifyJson(algorithms)]]
  const full = { ...policyOptions(options), ...algorithms }
  /** @type {[string, Route['prepare']][]} */
  const calls = [
    ['verifyJwt', usingVerifyJwt(full)],
    ['verifier.verify', usingVerifier(full, 'verify')],
    ['verifier.verifySync', usingVerifier(full, 'verifySync')],
  ]
  if (!isBeyondDecode(options))
    calls.push(['decode', usingDecode({ ...decodeOptions(options), ...algorithms })])
  return calls
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
