// @ts-check
/**
 * Drives the attack corpus through `decode`, `verifyJwt` and `createVerifier`. A must or should entry passes when every
 * way of holding its key refuses every one of its tokens with one of the library's own errors, and when each way that
 * could accept anything first accepted a good token of the same kind.
 */
import { holdersOf } from './attack-routes.js'
import { makeGoodToken } from './good-token.js'
import { policyOf } from './policy.js'
import { jwkOf, missingAlgorithm } from './signature-algorithms.js'
import { evaluate, tokensOf } from './vectors.js'
import { prototypeIsClean, watchTheOutside } from './watch.js'

/**
 * @typedef {import('./attack-routes.js').Holder} Holder
 * @typedef {import('./tally.js').Tally} Tally
 *
 * @typedef {{ kind: 'accepted', claims: unknown } | { kind: 'refused', code: string, message: string, at: 'key' | 'token' } | { kind: 'broken', error: unknown }} Verdict
 * @typedef {(token: unknown) => Promise<Verdict>} Verify
 */

/** Kinds of refusal in which the key, and not the token, is at fault; no good token can exist for these. */
const keyKinds = ['key_invalid', 'key_mismatch', 'alg_not_allowed', 'key_not_found']
/** Codes by which the library says that the call is at fault and not the token. */
const callerCodes = ['option_invalid', 'key_invalid', 'weak_key']

/**
 * @param {any} jose the library under test: the exports of `@tessera/jose` and `decodeUnverified`
 * @param {{ attacks?: any[] | undefined, controls?: any[] | undefined, keys?: any, directory: string }} corpus
 * @param {Tally} tally
 */
export async function runAttacks(jose, { attacks = [], controls = [], keys = {}, directory }, tally) {
  const driver = createDriver(jose, keys, directory)
  for (const entry of attacks) await runEntry(driver, entry, tally, `attack ${entry.category}`)
  for (const entry of controls) await runEntry(driver, entry, tally, 'control')
}

/**
 * @param {any} jose
 * @param {Record<string, any>} records
 * @param {string} directory
 */
function createDriver(jose, records, directory) {
  /** @type {Map<string, Verdict | undefined>} */
  const probes = new Map()
  return { jose, records, directory, probes }
}

/** @typedef {ReturnType<typeof createDriver>} Driver */

/**
 * @param {Driver} driver
 * @param {any} entry
 * @param {Tally} tally
 * @param {string} group
 */
async function runEntry(driver, entry, tally, group) {
  const missing = reasonToSkip(driver, entry)
  if (missing !== undefined) return tally.skip(group, missing)
  let outcome
  try {
    outcome =
      entry.expected === 'accept' ? await judgeControl(driver, entry) : await judgeAttack(driver, entry)
  } catch (error) {
    outcome = { failed: `the driver could not run it: ${describe(error)}` }
  }
  if (outcome.skipped !== undefined) return tally.skip(group, outcome.skipped)
  if (outcome.decision !== undefined) tally.decide(entry.id, entry.level, outcome.decision)
  if (outcome.failed !== undefined) return tally.fail(group, entry.id, outcome.failed)
  return tally.pass(group, entry.id, outcome.detail)
}

/**
 * @param {Driver} driver
 * @param {any} entry
 * @returns {string | undefined}
 */
function reasonToSkip({ records }, entry) {
  if (entry.api === 'jwt.decrypt') return 'JWE is not built yet'
  if (entry.api === 'jws.verify-json') return 'JWS JSON serialization is not built yet'
  if (entry.api === 'jws.verify') return 'unencoded and detached JWS payloads (b64) are not built yet'
  const refs = entry.key.keys ?? [entry.key.ref]
  const jwk = entry.key.jwk ?? jwkOf(records[refs[0]])
  const missing = refs.length > 1 ? undefined : missingAlgorithm(entry.options.algorithms, jwk)
  return missing === undefined ? undefined : `${missing} is not built yet`
}

/**
 * @typedef {{ failed?: string, skipped?: string, decision?: string, detail?: string }} Outcome
 */

/** @param {Driver} driver @param {any} entry @returns {Promise<Outcome>} */
async function judgeControl(driver, entry) {
  const [token] = tokensOf(entry, driver.directory)
  for (const route of routesOf(driver, entry)) {
    const verdict = await (await openRoute(driver, route))(token)
    if (verdict.kind === 'accepted') continue
    if (verdict.kind === 'refused' && verdict.code === 'crit_unsupported')
      return { skipped: 'crit with b64 is not built yet' }
    return { failed: `${route.name}: expected accepted, got ${sayVerdict(verdict)}` }
  }
  return { detail: 'accepted' }
}

/** @param {Driver} driver @param {any} entry @returns {Promise<Outcome>} */
async function judgeAttack(driver, entry) {
  const tokens = tokensOf(entry, driver.directory)
  /** @type {Map<string, Verdict>} */
  const verdicts = new Map()
  for (const route of routesOf(driver, entry)) {
    const verify = await openRoute(driver, route)
    const vacuous = await probeFault(driver, entry, route, verify)
    if (vacuous !== undefined) return { failed: `${route.name}: ${vacuous}` }
    for (const [index, token] of tokens.entries()) {
      const { verdict, fault } = await attempt(entry, verify, token)
      const at = tokens.length > 1 ? ` (token ${index} of the sweep)` : ''
      if (verdict.kind === 'broken') return { failed: `${route.name}${at}: ${sayVerdict(verdict)}` }
      if (fault !== undefined) return { failed: `${route.name}${at}: ${fault}` }
      if (verdict.kind === 'accepted' && entry.level !== 'policy')
        return { failed: `${route.name}${at}: the token was accepted` }
      verdicts.set(`${route.name}${at}`, verdict)
    }
  }
  const undecoded = entry.decode === 'reject' ? decodeFault(driver.jose, tokens) : undefined
  if (undecoded !== undefined) return { failed: undecoded }
  return entry.level === 'policy' ? judgePolicy(entry, verdicts) : { detail: sayAll(verdicts) }
}

/**
 * One verification, watched: time, reach to the outside, pollution, the entry's own condition afterwards.
 *
 * @param {any} entry
 * @param {Verify} verify
 * @param {unknown} token
 * @returns {Promise<{ verdict: Verdict, fault?: string }>}
 */
async function attempt(entry, verify, token) {
  let elapsed = Infinity
  /** @type {Verdict} */
  let verdict = { kind: 'broken', error: 'not run' }
  const outside = watchTheOutside()
  try {
    // A pause of the machine is not the library's: the fastest of three counts.
    for (let run = 0; run < 3 && elapsed > (entry.maxMs ?? 0); run += 1) {
      const start = performance.now()
      verdict = await verify(token)
      elapsed = Math.min(elapsed, performance.now() - start)
      if (entry.maxMs === undefined) break
    }
  } finally {
    outside.restore()
  }
  const fault =
    outside.calls[0] ??
    timeFault(entry, elapsed) ??
    aftermath(entry, verdict) ??
    leakFault(entry, token, verdict)
  return fault === undefined ? { verdict } : { verdict, fault }
}

/** @param {any} entry @param {number} elapsed */
function timeFault(entry, elapsed) {
  if (entry.maxMs === undefined || elapsed <= entry.maxMs) return undefined
  return `took ${elapsed.toFixed(0)} ms, at most ${entry.maxMs} ms allowed`
}

/** @param {any} entry @param {Verdict} verdict */
function aftermath(entry, verdict) {
  if (!prototypeIsClean()) return 'Object.prototype was changed'
  if (entry.afterwards === undefined) return undefined
  const payload = verdict.kind === 'accepted' ? verdict.claims : {}
  return evaluate(entry.afterwards, { payload }) === true
    ? undefined
    : `afterwards not true: ${entry.afterwards}`
}

/**
 * Why a refusal on this route would prove nothing, or undefined when it proves something.
 *
 * @param {Driver} driver
 * @param {any} entry
 * @param {Route} route
 * @param {Verify} verify
 * @returns {Promise<string | undefined>}
 */
async function probeFault(driver, entry, route, verify) {
  const kinds = [entry.expectedErrorKind, ...(entry.alsoOk ?? [])]
  const keyAtFault = kinds.some((kind) => keyKinds.includes(kind)) || entry.level === 'policy'
  const verdict = await probe(driver, entry, route, verify)
  if (verdict === undefined || verdict.kind === 'accepted') return undefined
  if (verdict.kind === 'broken') return `a good token broke it: ${sayVerdict(verdict)}`
  const callerAtFault =
    verdict.at === 'key' || callerCodes.includes(verdict.code) || verdict.code === 'alg_not_allowed'
  if (keyAtFault && callerAtFault) return undefined
  return `refuses a good token too (${sayVerdict(verdict)}), so that refusing the attack proves nothing`
}

/** @param {Driver} driver @param {any} entry @param {Route} route @param {Verify} verify */
async function probe({ probes }, entry, route, verify) {
  if (route.probe === undefined) return undefined
  const { now: _now, ...rest } = entry.options
  const cacheKey = JSON.stringify([route.name, entry.key, rest])
  if (!probes.has(cacheKey)) {
    const token = makeGoodToken({ ...route.probe, options: entry.options })
    probes.set(cacheKey, token === undefined ? undefined : await verify(token))
  }
  return probes.get(cacheKey)
}

/**
 * @param {any} entry
 * @param {Map<string, Verdict>} verdicts
 * @returns {Outcome}
 */
function judgePolicy(entry, verdicts) {
  const decision = sayAll(verdicts)
  const refused = [...verdicts.values()].every((verdict) => verdict.kind === 'refused')
  const wanted = policyOf(entry.id)
  if (wanted === undefined || (wanted === 'refuse') === refused) return { decision, detail: decision }
  return { decision, failed: `our policy is to ${wanted} it, got ${decision}` }
}

/** @param {any} jose @param {unknown[]} tokens */
function decodeFault(jose, tokens) {
  for (const token of tokens) {
    try {
      jose.decodeUnverified(token)
      return 'decodeUnverified accepted it'
    } catch (error) {
      if (!jose.isJoseError(error)) return `decodeUnverified: ${describe(error)}`
    }
  }
  return undefined
}

/**
 * @typedef {object} Route
 * @property {string} name
 * @property {Holder} holder
 * @property {Holder['probe']} probe
 * @property {(jose: any, key: any) => Verify | Promise<Verify>} prepare
 */

/** Every call that can express the entry, for every way of holding its key. @param {Driver} driver @param {any} entry @returns {Route[]} */
function routesOf({ jose, records }, entry) {
  const { options } = entry
  const verifyOnly = ['subject', 'typ', 'requiredClaims', 'maxAge'].some(
    (name) => options[name] !== undefined,
  )
  return holdersOf(jose, entry, records).flatMap((holder) => {
    const algorithms = holder.algorithms === undefined ? {} : { algorithms: holder.algorithms }
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

/** The verification of a route; when its key cannot be made, one that refuses everything for that reason. @param {Driver} driver @param {Route} route @returns {Promise<Verify>} */
async function openRoute({ jose }, route) {
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

/**
 * Errors tell kinds: never a part of the token, a claim's value or the key.
 *
 * @param {any} entry
 * @param {unknown} token
 * @param {Verdict} verdict
 */
function leakFault(entry, token, verdict) {
  if (verdict.kind !== 'refused') return undefined
  const parts = typeof token === 'string' ? token.split('.', 5) : []
  const hidden = [...parts, ...claimTexts(parts[1] ?? ''), entry.key.text].filter(
    (text) => typeof text === 'string' && text.length >= 8,
  )
  const told = hidden.find((text) => verdict.message.includes(text))
  return told === undefined
    ? undefined
    : `the message of ${verdict.code} tells a part of the token or the key`
}

/** The text values of the claims. @param {string} payload @returns {unknown[]} */
function claimTexts(payload) {
  try {
    return Object.values(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  } catch {
    return []
  }
}

/** @param {Verdict} verdict */
function sayVerdict(verdict) {
  if (verdict.kind === 'accepted') return 'accepted'
  if (verdict.kind === 'broken') return `an error that is not the library's: ${describe(verdict.error)}`
  return `refused, ${verdict.code}${verdict.at === 'key' ? ' at the key' : ''}`
}

/** @param {unknown} error */
function describe(error) {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : String(error)
}

/** The verdicts in words, equal ones once. @param {Map<string, Verdict>} verdicts */
function sayAll(verdicts) {
  return [...new Set([...verdicts.values()].map(sayVerdict))].join('; ')
}
