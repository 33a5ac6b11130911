// @ts-check
/** Looking inside a standard token without verifying it: header and claims. */
import { decodersOf } from '../contenders/libraries.js'
import { makeKeys, makeTokens, standardClaims } from '../tokens.js'
import { casesOnTokens } from './case.js'

export const decoding = [{ title: 'decode without verifying', build }]

/** @returns {Promise<import('../measure.js').Group>} */
async function build() {
  const tokens = makeTokens(await makeKeys('HS256'), standardClaims)
  return {
    title: 'decode without verifying',
    reference: 'fast-jwt',
    cases: decodersOf().flatMap((contender) => casesOnTokens(contender, tokens)),
  }
}
