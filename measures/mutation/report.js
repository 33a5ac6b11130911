/** The score, file by file, and what no test saw. */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

/** @typedef {import('./run.js').Result} Result */

/**
 * Prints the table; whether the goal is reached.
 *
 * @param {readonly Result[]} results @param {{ goal: number, root: string, survivors: boolean }} options
 */
export function printReport(results, { goal, root, survivors }) {
  const files = [...new Set(results.map(({ mutant }) => mutant.fileName))].sort()
  if (survivors) for (const file of files) printSurvivors(file, results, root)
  const rows = files.map((file) => [
    relative(root, file),
    results.filter(({ mutant }) => mutant.fileName === file),
  ])
  console.log('file                                score     seen  endless unseen unreached')
  for (const [name, own] of /** @type {[string, Result[]][]} */ (rows)) printRow(name, own)
  printRow('all', results)
  const score = scoreOf(results)
  console.log(`mutation score ${score.toFixed(1)} %, goal ${goal} %`)
  return score >= goal
}

/** @param {string} name @param {readonly Result[]} results */
function printRow(name, results) {
  const count = (/** @type {string[]} */ ...kinds) =>
    results.filter(({ outcome }) => kinds.includes(outcome)).length
  const figures = [count('killed'), count('timeout'), count('survived'), count('uncovered')]
  console.log(
    `${name.padEnd(32)} ${scoreOf(results).toFixed(1).padStart(6)} % ${figures.map((n) => String(n).padStart(8)).join('')}`,
  )
}

/** @param {readonly Result[]} results */
function scoreOf(results) {
  const seen = results.filter(({ outcome }) => outcome === 'killed' || outcome === 'timeout').length
  return results.length === 0 ? 100 : (100 * seen) / results.length
}

/** @param {string} file @param {readonly Result[]} results @param {string} root */
function printSurvivors(file, results, root) {
  const lines = readFileSync(file, 'utf8').split('\n')
  for (const { mutant, outcome } of results) {
    if (mutant.fileName !== file || outcome === 'killed' || outcome === 'timeout') continue
    const { start } = mutant.location
    const original = originalText(lines, mutant.location)
    console.log(
      `${relative(root, file)}:${start.line + 1}:${start.column + 1} ${mutant.mutatorName} ${outcome}`,
    )
    console.log(`  - ${short(original)}\n  + ${short(mutant.replacement)}`)
  }
}

/** @param {readonly string[]} lines @param {import('./instrument.js').Mutant['location']} location */
function originalText(lines, { start, end }) {
  const taken = lines.slice(start.line, end.line + 1)
  taken[taken.length - 1] = (taken.at(-1) ?? '').slice(0, end.column)
  taken[0] = (taken[0] ?? '').slice(start.column)
  return taken.join('\n')
}

/** @param {string} text */
function short(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 160 ? `${line.slice(0, 157)}…` : line
}
