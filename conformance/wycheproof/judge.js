// @ts-check
/** A verdict against the label of its test, or against our decision where the label is disputed. */
import { NotDriven } from '../not-driven.js'
import { policyOf } from '../policy.js'

/**
 * @typedef {object} Verdict
 * @property {boolean} [accepted]
 * @property {string} [code] the library's code where it refused
 * @property {string} [broken] why the test failed whatever its label says
 * @property {string} [refusedOnPurpose] the reason, where a refusal is ours and final
 *
 * @typedef {{ tally: import('../tally.js').Tally, name: string }} Place
 */

/** @param {Verdict} verdict */
const say = ({ accepted, code }) => (accepted ? 'accepted' : `refused, ${code}`)

/**
 * @param {{ id: string, fault: string | undefined }} subject
 * @param {Verdict} verdict
 * @param {Place} place
 */
export function judgeDisputed({ id, fault }, verdict, { tally, name }) {
  const decision = say(verdict)
  tally.decide(id, 'disputed', decision)
  const wanted = policyOf(id)
  if (wanted !== undefined && (wanted === 'accept') !== (verdict.accepted ?? false)) {
    tally.fail(name, id, `our policy is to ${wanted} it, got ${decision}`)
  } else if (fault !== undefined) tally.fail(name, id, fault)
  else tally.pass(name, id, decision)
}

/**
 * @param {{ id: string, test: any, label: string }} subject
 * @param {Verdict} verdict
 * @param {Place} place
 */
export function judgeLabelled({ id, test, label }, verdict, { tally, name }) {
  const accepted = verdict.accepted ?? false
  if (label === 'acceptable' || (label === 'valid') === accepted) tally.pass(name, id, say(verdict))
  else if (!accepted && verdict.refusedOnPurpose !== undefined)
    tally.skip(name, id, `${verdict.refusedOnPurpose}; tried, and refused`)
  else tally.fail(name, id, `${test.comment}: expected ${label}, got ${say(verdict)}`)
}

/**
 * What the library says of a test.
 *
 * @param {any} jose
 * @param {() => Promise<Verdict>} call
 * @returns {Promise<Verdict>}
 */
export async function verdictOf(jose, call) {
  try {
    return await call()
  } catch (error) {
    if (error instanceof NotDriven) throw error
    if (jose.isJoseError(error)) return { code: /** @type {any} */ (error).code }
    return { broken: `an error that is not the library's: ${String(error)}` }
  }
}
