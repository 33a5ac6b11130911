// @ts-check
/**
 * Drives the attack corpus through every call that can express an entry. A must or should entry passes when every way of
 * holding its key refuses every one of its tokens with one of the library's own errors, and when each way that could
 * accept anything first accepted a good token of the same kind.
 */
import { NotDriven } from '../not-driven.js'
import { policyOf } from '../policy.js'
import { missingAlgorithm, whyMissing } from '../signature-algorithms.js'
import { tokensOf } from '../vectors.js'
import { describe, sayAll, sayVerdict } from '../verdict.js'
import { attempt } from './attempt.js'
import { isProof, provesNothing } from './good-probe.js'
import { jwkOf } from './key-records.js'
import { openRoute, routesOf } from './routes.js'
import { watchTheOutside } from './watch.js'

/**
 * @typedef {import('../tally.js').Tally} Tally
 * @typedef {import('../verdict.js').Verdict} Verdict
 * @typedef {import('./routes.js').Route} Route
 *
 * @typedef {object} Driver
 * @property {any} jose
 * @property {Record<string, any>} records
 * @property {string} directory
 * @property {Map<string, Verdict | undefined>} probes what came of each good token, so that each is tried once
 *
 * @typedef {{ failed?: string, decision?: string, detail?: string }} Outcome
 */

/**
 * @param {any} jose the library under test: the exports of its rooms, and `decodeUnverified`
 * @param {{ attacks?: any[] | undefined, controls?: any[] | undefined, keys?: any, directory: string }} corpus
 * @param {Tally} tally
 */
export async function runAttacks(jose, { attacks = [], controls = [], keys = {}, directory }, tally) {
  /** @type {Driver} */
  const driver = { jose, records: keys, directory, probes: new Map() }
  for (const entry of attacks) await runEntry(driver, entry, { tally, group: `attack ${entry.category}` })
  for (const entry of controls) await runEntry(driver, entry, { tally, group: 'control' })
}

/**
 * @param {Driver} driver
 * @param {any} given
 * @param {{ tally: Tally, group: string }} place
 */
async function runEntry(driver, given, { tally, group }) {
  const entry = { level: 'must', options: {}, key: {}, ...given }
  try {
    refuseMissingAlgorithm(driver, entry)
    const judgeEntry = entry.expected === 'accept' ? judgeControl : judgeAttack
    const { failed, decision, detail } = await judgeEntry(driver, entry)
    if (decision !== undefined) tally.decide(entry.id, entry.level, decision)
    if (failed === undefined) tally.pass(group, entry.id, detail)
    else tally.fail(group, entry.id, failed)
  } catch (error) {
    if (error instanceof NotDriven) tally.skip(group, entry.id, error.message)
    else tally.fail(group, entry.id, `the driver could not run it: ${describe(error)}`)
  }
}

/** @param {Driver} driver @param {any} entry */
function refuseMissingAlgorithm({ records }, entry) {
  const refs = entry.key.keys ?? [entry.key.ref]
  const jwk = entry.key.jwk ?? jwkOf(records[refs[0]])
  const missing = refs.length > 1 ? undefined : missingAlgorithm(entry.options.algorithms, jwk)
  if (missing !== undefined) throw new NotDriven(whyMissing(missing))
}

/**
 * A good token is accepted on every route; one that is encrypted, on the routes whose key is for its algorithm.
 *
 * @param {Driver} driver
 * @param {any} entry
 * @returns {Promise<Outcome>}
 */
async function judgeControl(driver, entry) {
  const [token] = tokensOf(entry, driver.directory)
  /** @type {Map<string, Verdict>} */
  const verdicts = new Map()
  for (const route of routesOf(driver, entry))
    verdicts.set(route.name, await (await openRoute(driver.jose, route))(token))
  const accepted = [...verdicts.values()].filter(({ kind }) => kind === 'accepted').length
  const needed = entry.api === 'jwt.decrypt' ? 1 : verdicts.size
  const broken = [...verdicts].find(([, { kind }]) => kind === 'broken')
  if (broken === undefined && accepted >= needed) return { detail: 'accepted' }
  const [name, verdict] = broken ?? [...verdicts].find(([, { kind }]) => kind !== 'accepted') ?? []
  return { failed: `${name}: expected accepted, got ${verdict && sayVerdict(verdict)}` }
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
    return entry.level === 'policy' ? judgePolicy(entry, verdicts) : { detail: sayAll(verdicts.values()) }
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
 * @returns {Promise<{ verdicts: Map<string, Verdict>, failed?: string }>}
 */
async function tryRoutes(driver, entry, tokens) {
  /** @type {Map<string, Verdict>} */
  const verdicts = new Map()
  let proofs = 0
  for (const route of routesOf(driver, entry)) {
    const verify = await openRoute(driver.jose, route)
    const probe = await isProof(driver, entry, { route, verify })
    if (probe.vacuous !== undefined) return { verdicts, failed: `${route.name}: ${probe.vacuous}` }
    proofs += probe.accepted ? 1 : 0
    for (const [index, token] of tokens.entries()) {
      const { verdict, fault } = await attempt(entry, verify, token)
      const name = `${route.name}${tokens.length > 1 ? ` (token ${index} of the sweep)` : ''}`
      const failed = faultOf(entry, verdict) ?? fault
      if (failed !== undefined) return { verdicts, failed: `${name}: ${failed}` }
      verdicts.set(name, verdict)
    }
  }
  const vacuous = proofs === 0 ? provesNothing(entry) : undefined
  return vacuous === undefined ? { verdicts } : { verdicts, failed: vacuous }
}

/** @param {any} entry @param {Verdict} verdict */
function faultOf({ level }, verdict) {
  if (verdict.kind === 'broken') return sayVerdict(verdict)
  return verdict.kind === 'accepted' && level !== 'policy' ? 'the token was accepted' : undefined
}

/**
 * @param {any} entry
 * @param {Map<string, Verdict>} verdicts
 * @returns {Outcome}
 */
function judgePolicy(entry, verdicts) {
  const decision = sayAll(verdicts.values())
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
