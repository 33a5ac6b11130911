// @ts-check
/** What a run of the fuzz found, in words and figures. */
import { allowedGrowth } from './fuzz.js'
import { oracleNames } from './oracles.js'

/** @typedef {import('./fuzz.js').Figures} Figures */

/**
 * Prints a run, and `N passed, N failed` at the end: a check for each target (it was read) and for each oracle.
 *
 * @param {Figures} figures
 * @param {{ targets: readonly { name: string }[], seconds: number, seed: string, engines: readonly string[], verbose: boolean }} run
 * @returns {number} the exit code
 */
export function printReport(figures, { targets, seconds, seed, engines, verbose }) {
  const checks = checksOf(figures, targets)
  console.log(`\nInputs by target, and the verdicts on them (engines: ${engines.join(', ')})`)
  for (const { name } of targets) printTarget(name, figures.verdicts.get(name) ?? new Map(), verbose)
  console.log('')
  for (const { title, faults } of checks) {
    console.log(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${title}`)
    for (const fault of faults) console.log(`         ${fault}`)
  }
  const { done, calls, slowestMs, failures } = figures
  console.log(
    `\n${done} inputs, ${calls} calls in ${seconds.toFixed(1)} s: ${Math.round(done / seconds)} inputs a second; ` +
      `the slowest call took ${slowestMs.toFixed(1)} ms; ${memoryLine(figures)}`,
  )
  for (const { index } of failures.slice(0, 5))
    console.log(
      `again: npm run fuzz -- --engine ${engines.join(',')} --seed ${seed} --start ${index} --inputs 1`,
    )
  const failed = checks.filter(({ faults }) => faults.length > 0).length
  console.log(`${checks.length - failed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}

/** @param {Figures} figures @param {readonly { name: string }[]} targets */
function checksOf({ failures, verdicts, growth, done }, targets) {
  const ofOracles = oracleNames.map((title) => ({
    title,
    faults: failures
      .filter(({ oracle }) => oracle === title)
      .map(({ index, target, detail, times }) => `input ${index}, ${target}: ${detail} (${times} times)`),
  }))
  const ofTargets = targets.map(({ name }) => ({
    title: `${name} was read`,
    faults: done < 100 * targets.length || verdicts.has(name) ? [] : ['no input came to it'],
  }))
  const grew = growth > allowedGrowth ? [`by ${growth} octets`] : []
  return [...ofTargets, ...ofOracles, { title: 'memory does not grow', faults: grew }]
}

/** @param {string} name @param {ReadonlyMap<string, number>} verdicts @param {boolean} verbose */
function printTarget(name, verdicts, verbose) {
  const sorted = [...verdicts].sort(([, a], [, b]) => b - a)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  const shown = verbose ? sorted : sorted.slice(0, 5)
  const rest = sorted.length > shown.length ? ` and ${sorted.length - shown.length} more` : ''
  console.log(
    `${name.padEnd(34)} ${String(total).padStart(9)}  ${shown.map(([verdict, count]) => `${verdict} ${count}`).join(', ')}${rest}`,
  )
}

/** @param {Figures} figures */
function memoryLine({ memory, growth }) {
  const [last] = memory.slice(-1)
  if (last === undefined) return 'memory was not watched (--expose-gc)'
  return `memory ${(last / 1e6).toFixed(1)} MB, grown by ${(growth / 1e6).toFixed(1)} MB`
}
