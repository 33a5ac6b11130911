// @ts-check
/**
 * Drives the attack corpus through `decode`, `verifyJwt` and `createVerifier`. A must or should entry passes when every
 * way of holding its key refuses every one of its tokens with one of the library's own errors, and when each way that
 * could accept anything first accepted a good token of the same kind.
 */
import { attempt } from './attempt.js'
import { makeGoodToken } from './good-token.js'
import { policyOf } from './policy.js'
import { jwkOf, missingAlgorithm, whyMissing } from './signature-algorithms.js'
import { tokensOf } from './vectors.js'
import { describe, openRoute, routesOf, sayAll, sayVerdict } from './verification-routes.js'
import { watchTheOutside } from './watch.js'

/**
 * @typedef {import('./tally.js').Tally} Tally
 * @typedef {import('./verification-routes.js').Route} Route
 * @typedef {import('./verification-routes.js').Verdict} Verdict
 * @typedef {import('./verification-routes.js').Verify} Verify
 */

/** Kinds of refusal in which the key, and not the token, is at fault; no good token need exist for these. */
const keyKinds = ['key_invalid', 'key_mismatch']
/** Codes by which the library says that the call is at fault and not the token. */
const callerCodes = ['option_invalid', 'key_invalid', 'weak_key']

/**
 * @param {any} jose the library under test: the exports of `@tessera/jose` and `decodeUnverified`
 * @param {{ attacks?: any[] | undefined, controls?: any[] | undefined, keys?: any, directory: string }} corpus
 * @param {Tally} tally
 */
export async function runAttacks(jose, { attacks = [], controls = [], keys = {}, directory }, tally) {
  const driver = createDriver(jose, keys, directory)
  for (const entry of attacks) await runEntry(driver, entry, { tally, group: `attack ${entry.category}` })
  for (const entry of controls) await runEntry(driver, entry, { tally, group: 'control' })
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
 * @param {{ tally: Tally, group: string }} place
 */
async function runEntry(driver, entry, { tally, group }) {
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
  if (entry.api === 'jwt.decrypt') return 'JWE is driven by packages/jose/test/jwe, not yet by this runner'
  if (!['jwt.verify', 'jws.verify', 'jws.verify-json'].includes(entry.api))
    return `entries of ${entry.api} have no driver`
  const refs = entry.key.keys ?? [entry.key.ref]
  const jwk = entry.key.jwk ?? jwkOf(records[refs[0]])
  const missing = refs.length > 1 ? undefined : missingAlgorithm(entry.options.algorithms, jwk)
  return missing === undefined ? undefined : whyMissing(missing)
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
    return { failed: `${route.name}: expected accepted, got ${sayVerdict(verdict)}` }
  }
  return { detail: 'accepted' }
}

/** @param {Driver} driver @param {any} entry @returns {Promise<Outcome>} */
async function judgeAttack(driver, entry) {
  const tokens = tokensOf(entry, driver.directory)
  const outside = watchTheOutside()
  try {
    const { verdicts, failed } = await tryRoutes(driver, entry, tokens)
    if (failed !== undefined) return { failed }
    if (outside.calls[0] !== undefined) return { failed: `${outside.calls[0]} was called` }
    const undecoded = entry.decode === 'reject' ? decodeFault(driver.jose, tokens) : undefined
    if (undecoded !== undefined) return { failed: undecoded }
    return entry.level === 'policy' ? judgePolicy(entry, verdicts) : { detail: sayAll(verdicts) }
  } finally {
    outside.restore()
  }
}

/**
 * Every token on every route; the first fault ends it.
 *
 * @param {Driver} driver
 * @param {any} entry
 * @param {unknown[]} tokens
 */
async function tryRoutes(driver, entry, tokens) {
  /** @type {Map<string, Verdict>} */
  const verdicts = new Map()
  for (const route of routesOf(driver, entry)) {
    const verify = await openRoute(driver, route)
    const vacuous = await probeFault(driver, entry, { route, verify })
    if (vacuous !== undefined) return { verdicts, failed: `${route.name}: ${vacuous}` }
    for (const [index, token] of tokens.entries()) {
      const { verdict, fault } = await attempt(entry, verify, token)
      const name = `${route.name}${tokens.length > 1 ? ` (token ${index} of the sweep)` : ''}`
      const accepted =
        verdict.kind === 'accepted' && entry.level !== 'policy' ? 'the token was accepted' : undefined
      const broken = verdict.kind === 'broken' ? sayVerdict(verdict) : undefined
      const failed = broken ?? fault ?? accepted
      if (failed !== undefined) return { verdicts, failed: `${name}: ${failed}` }
      verdicts.set(name, verdict)
    }
  }
  return { verdicts }
}

/**
 * Why a refusal on this route would prove nothing, or undefined when it proves something.
 *
 * @param {Driver} driver
 * @param {any} entry
 * @param {{ route: Route, verify: Verify }} opened
 * @returns {Promise<string | undefined>}
 */
async function probeFault(driver, entry, { route, verify }) {
  const keyAtFault = keyKinds.includes(entry.expectedErrorKind) || entry.level === 'policy'
  const keyMayBeAtFault = keyKinds.some((kind) => entry.alsoOk?.includes(kind))
  const verdict = await probe(driver, entry, { route, verify })
  if (verdict === undefined || verdict.kind === 'accepted') return undefined
  if (verdict.kind === 'broken') return `a good token broke it: ${sayVerdict(verdict)}`
  const callerAtFault =
    verdict.at === 'key' || callerCodes.includes(verdict.code) || verdict.code === 'alg_not_allowed'
  if (keyAtFault && callerAtFault) return undefined
  if (keyMayBeAtFault && (verdict.code === 'key_invalid' || verdict.code === 'weak_key')) return undefined
  return `refuses a good token too (${sayVerdict(verdict)}), so that refusing the attack proves nothing`
}

/** @param {Driver} driver @param {any} entry @param {{ route: Route, verify: Verify }} opened */
async function probe({ probes }, entry, { route, verify }) {
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
