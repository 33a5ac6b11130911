// @ts-check
/** One verification of an attack token: its verdict, and what it did besides. */
import { evaluate } from '../vectors.js'
import { prototypeIsClean } from './watch.js'

/**
 * @typedef {import('../verdict.js').Verdict} Verdict
 * @typedef {import('./verification-routes.js').Verify} Verify
 */

/**
 * One verification, with the first thing that is wrong with it: time, pollution, the entry's own condition, a leak.
 *
 * @param {any} entry
 * @param {Verify} verify
 * @param {unknown} token
 * @returns {Promise<{ verdict: Verdict, fault?: string }>}
 */
export async function attempt(entry, verify, token) {
  let elapsed = Infinity
  /** @type {Verdict} */
  let verdict = { kind: 'broken', error: 'not run' }
  // A pause of the machine is not the library's: the fastest of three counts.
  for (let run = 0; run < 3 && elapsed > (entry.maxMs ?? 0); run += 1) {
    const start = performance.now()
    verdict = await verify(token)
    elapsed = Math.min(elapsed, performance.now() - start)
    if (entry.maxMs === undefined) break
  }
  const fault = timeFault(entry, elapsed) ?? aftermath(entry, verdict) ?? leakFault(entry, token, verdict)
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
  if (payload.length > 4096) return []
  try {
    return Object.values(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  } catch {
    return []
  }
}
