// @ts-check
/** Refusals of HS256 tokens: thrown, and as a value where there is such a form. */
import { verifiersOf } from '../contenders/libraries.js'
import { uncachedVerifier } from '../contenders/tessera.js'
import { fresh } from '../measure.js'
import { badTokens, expected, makeKeys } from '../tokens.js'
import { casesOnTokens } from './case.js'

/** @typedef {import('../contenders/libraries.js').Contender<string>} Contender */

export const refusing = ['bad signature', 'expired', 'malformed'].map((fault) => ({
  title: `HS256 refuse, ${fault}`,
  build: () => build(fault),
}))

/** @param {string} fault @returns {Promise<import('../measure.js').Group>} */
async function build(fault) {
  const keys = await makeKeys('HS256')
  const tokens = badTokens[fault]?.(keys) ?? []
  const { safeVerifySync } = await uncachedVerifier(keys, expected)
  const all = await verifiersOf(keys, expected)
  // What a thread pool costs is seen on one fault.
  const contenders = all.filter(({ asynchronous }) => fault === 'bad signature' || asynchronous !== true)
  return {
    title: `HS256 refuse, ${fault}`,
    reference: 'fast-jwt',
    cases: [
      { name: 'tessera, as a value', run: (index) => mustRefuse(safeVerifySync(fresh(tokens[index]))) },
      ...contenders.map(refused).flatMap((contender) => casesOnTokens(contender, tokens)),
    ],
  }
}

/** What a contender throws, taken for its result. @param {Contender} contender @returns {Contender} */
function refused({ act, ...contender }) {
  if (contender.asynchronous === true)
    return { ...contender, act: async (token) => act(token).then(fail, keep) }
  return {
    ...contender,
    act: (token) => {
      try {
        act(token)
      } catch (error) {
        return error
      }
      return fail()
    },
  }
}

/** @param {unknown} error */
const keep = (error) => error

/** @param {{ ok: boolean }} result */
const mustRefuse = (result) => (result.ok ? fail() : result)

/** @returns {never} */
function fail() {
  throw new Error('expected a refusal')
}
