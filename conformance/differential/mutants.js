// @ts-check
/** Mutants of good tokens and keys, read by both libraries: we never accept what they refuse, and say why we refuse more. */
import { createRandom } from '../fuzz/random.js'
import { compare, verdictOf } from './verdicts.js'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */
/** @typedef {import('./tally.js').Tally} Tally */
/** @typedef {import('../fuzz/random.js').Random} Random */

/**
 * A mutant, and how it is read.
 *
 * @typedef {object} Mutant
 * @property {string} text the token, the JSON of a serialization or of a JWK, or PEM
 * @property {string} [inside] the plaintext of an encrypted token
 * @property {() => Promise<unknown>} ours
 * @property {() => Promise<unknown>} theirs
 */

/**
 * @typedef {object} Family
 * @property {string} name
 * @property {(key: SharedKey) => Promise<((random: Random) => Mutant) | undefined>} open what makes mutants for a key
 */

/**
 * @param {{ tally: Tally, rules: Map<string, number> }} results
 * @param {readonly Family[]} families
 * @param {readonly SharedKey[]} keys
 * @param {import('./round-trips.js').Effort} effort mutants of each family for each key
 */
export async function readMutants({ tally, rules }, families, keys, { seed, runs }) {
  let number = 0
  for (const family of families) {
    for (const key of keys) {
      const mutate = await family.open(key)
      for (let run = 0; mutate !== undefined && run < runs; run += 1) {
        number += 1
        const mutant = mutate(createRandom(seed, number))
        const [ours, theirs] = [await verdictOf(mutant.ours), await verdictOf(mutant.theirs)]
        const { kind, name } = compare(ours, theirs, mutant)
        const place = `${family.name}, ${key.label}, mutant ${number}`
        if (kind === 'fault') tally.differ(`${place}: ${name}: ${mutant.text.slice(0, 1500)}`)
        else
          tally.agree(
            family.name,
            kind === 'agree' ? name : `${kind === 'looser' ? 'accepted' : 'refused'} by us alone`,
          )
        if (kind === 'stricter' || kind === 'looser') rules.set(name, (rules.get(name) ?? 0) + 1)
      }
    }
  }
}
