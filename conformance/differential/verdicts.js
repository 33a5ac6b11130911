// @ts-check
/** What each library says of one mutant, and whether the two may differ so. */
import { viewOf } from './input-view.js'
import { looserRules, stricterRules } from './difference-rules.js'

/**
 * @typedef {object} Verdict
 * @property {boolean} accepted
 * @property {string} [value] what came out, as text that can be compared
 * @property {string} [code] ours alone
 * @property {string} [message]
 */

/** @typedef {{ kind: 'agree' | 'stricter' | 'looser' | 'fault', name: string }} Comparison */

/** @param {() => unknown} call @returns {Promise<Verdict>} */
export async function verdictOf(call) {
  try {
    return { accepted: true, value: JSON.stringify(await call()) }
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message?: string }} */ (error)
    return { accepted: false, code: String(code), message: String(message) }
  }
}

/**
 * What two verdicts come to: agreement, the name of a rule by which they may differ, or a fault.
 *
 * @param {Verdict} ours
 * @param {Verdict} theirs
 * @param {{ text: string, inside?: string }} mutant
 * @returns {Comparison}
 */
export function compare(ours, theirs, mutant) {
  if (!ours.accepted && !theirs.accepted) return { kind: 'agree', name: 'refused by both' }
  if (ours.accepted && theirs.accepted) {
    if (ours.value === theirs.value) return { kind: 'agree', name: 'accepted by both' }
    const message = `both accept, with ${ours.value} and ${theirs.value}`
    return judgeRefusal({ accepted: true, code: 'another value', message }, mutant)
  }
  return ours.accepted ? judgeAcceptance(theirs, mutant) : judgeRefusal(ours, mutant)
}

/** We accept, they refuse. @param {Verdict} theirs @param {{ text: string, inside?: string }} mutant @returns {Comparison} */
function judgeAcceptance({ message }, mutant) {
  const view = viewOf(mutant)
  const rule = looserRules.find((one) => one.message.test(String(message)) && one.holds(view))
  if (rule !== undefined) return { kind: 'looser', name: rule.name }
  return { kind: 'fault', name: `we accept what they refuse: ${message}` }
}

/** We refuse, they accept. @param {Verdict} ours @param {{ text: string, inside?: string }} mutant @returns {Comparison} */
function judgeRefusal({ code, message }, mutant) {
  const view = viewOf(mutant)
  const named = stricterRules.filter((rule) => rule.code === code && rule.message.test(String(message)))
  const rule = named.find(({ holds }) => holds(view))
  if (rule !== undefined) return { kind: 'stricter', name: rule.name }
  const why =
    named.length === 0 ? 'no rule says why we refuse' : `“${named[0]?.name}” does not hold, and we refuse`
  return { kind: 'fault', name: `${why}: ${code}, ${message}` }
}
