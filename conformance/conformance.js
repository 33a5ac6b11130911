// @ts-check
/** Every suite over one folder of vectors. */
import { runAttacks } from './attacks/attacks.js'
import { runRfcs } from './rfc/rfc.js'
import { builtAlgorithms, missingAlgorithms } from './signature-algorithms.js'
import { createTally } from './tally.js'
import { readOrFail } from './vectors.js'
import { runWycheproof } from './wycheproof/wycheproof.js'

/**
 * Every file of the folder; of a folder that is not ours, whatever of it has a driver.
 *
 * @param {import('./surface.js').Surface} surface
 * @param {string} directory
 * @returns {Promise<import('./tally.js').Tally>}
 */
export async function runConformance(surface, directory) {
  const tally = createTally()
  await runAttacks(surface.jose, readAttacks(directory, tally), tally)
  await runRfcs(surface, directory, tally)
  await runWycheproof(surface, directory, tally)
  return tally
}

/** The attack corpus of a folder. @param {string} directory @param {import('./tally.js').Tally} tally */
export function readAttacks(directory, tally) {
  const read = (/** @type {string} */ file) =>
    readOrFail({ folder: directory, file, group: 'attack corpus' }, tally)[0]
  return {
    directory,
    attacks: read('attacks.json'),
    controls: read('attack-controls.json'),
    keys: read('attack-keys.json'),
  }
}

/**
 * Vectors of algorithms that this runtime lacks are left out; this sees to it that none is left out that it has.
 *
 * @param {import('./surface.js').Surface} surface
 * @param {import('./tally.js').Tally} tally
 */
export async function checkAlgorithmLists({ jose }, tally) {
  const group = 'algorithms driven'
  for (const algorithm of [...builtAlgorithms, ...missingAlgorithms]) {
    const has = await jose.generateKey(algorithm).then(
      () => true,
      () => false,
    )
    if (has === builtAlgorithms.includes(algorithm)) tally.pass(group, algorithm)
    else
      tally.fail(
        group,
        algorithm,
        has ? 'is built: drive its vectors' : 'the library cannot make a key for it',
      )
  }
}
