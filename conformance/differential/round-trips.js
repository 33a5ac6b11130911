// @ts-check
/** Tokens made by each library and read by both: the same payload and headers come out. */
import fc from 'fast-check'
import * as arbitraries from './arbitraries.js'
import { carries, jweForms } from './jwe-forms.js'
import { jwsForms } from './jws-forms.js'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */
/** @typedef {import('./tally.js').Tally} Tally */
/** @typedef {{ seed: number, runs: number }} Effort */

const payloads = {
  octets: arbitraries.octets,
  printable: arbitraries.printable,
  text: arbitraries.text,
}
const makers = /** @type {const} */ (['tessera', 'jose'])
const readers = makers

/** @param {Tally} tally @param {readonly SharedKey[]} keys @param {Effort & { others: readonly SharedKey[] }} effort who else may sign */
export async function jwsRoundTrips(tally, keys, { others, ...effort }) {
  for (const key of keys) {
    for (const form of jwsForms) {
      const header = form.isUnencoded ? arbitraries.notOfJwts : arbitraries.parameters
      const content = fc.record({ payload: payloads[form.payload], header })
      const other = others.find(({ alg }) => alg !== key.alg) ?? key
      await agree(tally, { row: key.label, column: form.name, effort }, content, async (given, maker) => {
        const made = await form.make[maker](key, { ...given, other })
        const expected = { payload: Buffer.from(given.payload).toString('base64url'), ...given.header }
        for (const reader of readers) {
          const { payload, header } = await form.read[reader](key, made)
          expectSubset({ payload, ...header }, { ...expected, alg: key.alg }, `${reader} reads`)
        }
      })
    }
  }
}

/** @param {Tally} tally @param {readonly SharedKey[]} keys @param {Effort} effort */
export async function jweRoundTrips(tally, keys, effort) {
  const content = fc.record({
    plaintext: arbitraries.octets,
    enc: arbitraries.contentEncryption,
    zip: fc.boolean(),
    header: arbitraries.parameters,
    parties: arbitraries.parties,
    aad: fc.uint8Array({ maxLength: 20 }),
  })
  const others = keys.filter(({ alg }) => alg === 'A128KW' || alg === 'A256GCMKW')
  for (const key of keys) {
    for (const form of jweForms.filter((one) => carries(one, key))) {
      const other = others.find((one) => one !== key) ?? key
      await agree(tally, { row: key.label, column: form.name, effort }, content, async (given, maker) => {
        const made = await form.make[maker](key, { ...given, other })
        const plaintext = Buffer.from(given.plaintext).toString('base64url')
        const aad =
          form.name === 'compact' || given.aad.length === 0
            ? {}
            : { aad: Buffer.from(given.aad).toString('base64url') }
        for (const reader of readers) {
          const { header, ...read } = await form.read[reader](key, made)
          expectSubset(read, { plaintext, ...aad }, `${reader} reads`)
          expectSubset(header, form.name === 'general' ? {} : given.header, `${reader} reads the header`)
        }
      })
    }
  }
}

/**
 * Tries a property with content of its own, made by each of the two.
 *
 * @template T
 * @param {Tally} tally
 * @param {{ row: string, column: string, effort: Effort }} place
 * @param {fc.Arbitrary<T>} content
 * @param {(content: T, maker: 'tessera' | 'jose') => Promise<void>} check
 */
export async function agree(tally, { row, column, effort }, content, check) {
  const given = fc.tuple(content, fc.constantFrom(...makers))
  const property = fc.asyncProperty(given, ([value, maker]) => check(value, maker))
  const seed = seedOf(effort.seed, `${row}, ${column}`)
  const details = await fc.check(property, { numRuns: effort.runs, seed })
  if (!details.failed) return tally.agree(row, column, details.numRuns)
  const [counterexample] = details.counterexample ?? []
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : 'unknown'
  tally.differ(`${row}, ${column}: ${reason}: ${fc.stringify(counterexample)}`)
}

/** Each cell of the table has content of its own. @param {number} seed @param {string} place */
function seedOf(seed, place) {
  let mixed = seed
  for (const character of place) mixed = (Math.imul(mixed, 31) + (character.codePointAt(0) ?? 0)) | 0
  return mixed
}

/** @param {any} got @param {any} expected @param {string} what */
function expectSubset(got, expected, what) {
  for (const [name, value] of Object.entries(expected)) {
    const [left, right] = [JSON.stringify(got?.[name]), JSON.stringify(value)]
    if (left !== right) throw new Error(`${what}: "${name}": expected ${right}, got ${left}`)
  }
}
