// @ts-check
/** What a differential run found, in tables. */
import { renderRows } from './tally.js'

/** @typedef {import('./tally.js').Tally} Tally */

/**
 * Prints a run, and `N passed, N failed` at the end.
 *
 * @param {{ keys: Tally, signed: Tally, encrypted: Tally, mutants: Tally, tabled: Tally, rules: ReadonlyMap<string, number> }} found
 * @param {{ seconds: number, missing: readonly string[], seed: number, runs: number }} run
 * @returns {number} the exit code
 */
export function printReport(
  { keys, signed, encrypted, mutants, tabled, rules },
  { seconds, missing, seed, runs },
) {
  const tallies = [keys, signed, encrypted, mutants, tabled]
  printTable('Keys, out of one library and into the other', keys)
  printTable('Signed tokens, made by either and read by both', signed)
  printTable('Encrypted tokens, made by either and read by both', encrypted)
  printTable('Mutants, read by both', mutants)
  printTable('Signatures, by tables in WebAssembly and by node:crypto', tabled)
  console.log('\nRules by which the two may differ (difference-rules.js)')
  for (const [name, count] of [...rules].sort(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(7)}  ${name}`)
  for (const failure of tallies.flatMap(({ failures }) => failures)) console.log(`\nFAILED  ${failure}`)
  if (missing.length > 0) console.log(`\nNot in this runtime (${process.version}): ${missing.join(', ')}`)
  const [passed, failed] = [sum(tallies, 'passed'), sum(tallies, 'failed')]
  const tokens = signed.counts.passed + encrypted.counts.passed
  console.log(
    `\n${tokens} tokens and ${mutants.counts.passed} mutants in ${seconds.toFixed(1)} s (--runs ${runs} --seed ${seed})`,
  )
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}

/** @param {string} title @param {Tally} tally */
function printTable(title, tally) {
  if (tally.rows.size > 0) console.log(`\n${title}\n\n${renderRows(tally)}`)
}

/** @param {readonly Tally[]} tallies @param {'passed' | 'failed'} which */
const sum = (tallies, which) => tallies.reduce((total, { counts }) => total + counts[which], 0)
