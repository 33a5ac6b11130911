// @ts-check
/** Whether refusing on a route proves anything: a good token of the same kind has to be accepted there first. */
import { sayVerdict } from '../verdict.js'

/**
 * @typedef {import('../verdict.js').Verdict} Verdict
 * @typedef {import('./routes.js').Route} Route
 * @typedef {import('./routes.js').Verify} Verify
 */

/** Kinds of refusal in which the key, and not the token, is at fault; no good token need exist for these. */
const keyKinds = ['key_invalid', 'key_mismatch']
/** Codes by which the library says that the call or its key is at fault and not the token. */
const callerCodes = ['option_invalid', 'key_invalid', 'weak_key', 'alg_not_allowed', 'key_not_found']

/**
 * What a good token proves of a route: `vacuous` says why a refusal there proves nothing.
 *
 * @param {{ probes: Map<string, Verdict | undefined> }} driver
 * @param {any} entry
 * @param {{ route: Route, verify: Verify }} opened
 * @returns {Promise<{ accepted: boolean, vacuous?: string }>}
 */
export async function isProof(driver, entry, { route, verify }) {
  const verdict = await probe(driver, entry, { route, verify })
  if (verdict === undefined) return { accepted: false }
  if (verdict.kind === 'accepted') return { accepted: true }
  if (verdict.kind === 'broken')
    return { accepted: false, vacuous: `a good token broke it: ${sayVerdict(verdict)}` }
  if (isKeyAtFault(entry, verdict)) return { accepted: false }
  const vacuous = `refuses a good token too (${sayVerdict(verdict)}), so that refusing the attack proves nothing`
  return { accepted: false, vacuous }
}

/** @param {any} entry @param {Extract<Verdict, { kind: 'refused' }>} verdict */
function isKeyAtFault(entry, { at, code }) {
  const isAbout = keyKinds.includes(entry.expectedErrorKind) || entry.level === 'policy'
  if (isAbout && (at === 'key' || callerCodes.includes(code))) return true
  const mayBe = keyKinds.some((kind) => entry.alsoOk?.includes(kind))
  return mayBe && (code === 'key_invalid' || code === 'weak_key')
}

/**
 * An encrypted entry of which no route accepted a good token proves something only where its key or its lists are what
 * is wrong.
 *
 * @param {any} entry
 * @returns {string | undefined}
 */
export function provesNothing({ api, level, expectedErrorKind, alsoOk = [] }) {
  if (api !== 'jwt.decrypt' || level === 'policy') return undefined
  const excuses = [...keyKinds, 'alg_not_allowed']
  if ([expectedErrorKind, ...alsoOk].some((kind) => excuses.includes(kind))) return undefined
  return 'no way of holding the key accepts a good token, so that refusing the attack proves nothing'
}

/** @param {{ probes: Map<string, Verdict | undefined> }} driver @param {any} entry @param {{ route: Route, verify: Verify }} opened */
async function probe({ probes }, entry, { route, verify }) {
  if (route.makeGood === undefined) return undefined
  const { now: _now, ...rest } = entry.options
  const cacheKey = JSON.stringify([route.name, entry.key, rest])
  if (!probes.has(cacheKey)) {
    const token = goodToken(route)
    probes.set(cacheKey, token === undefined ? undefined : await verify(token))
  }
  return probes.get(cacheKey)
}

/** Undefined too where the key is so broken, or so small, that nobody can make a token with it. @param {Route} route */
function goodToken({ makeGood }) {
  try {
    return makeGood?.()
  } catch {
    return undefined
  }
}
