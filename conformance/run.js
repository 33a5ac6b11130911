// @ts-check
/**
 * Runs every vector against the built library.
 *
 *     node conformance/run.js [--vectors DIR] [--report FILE] [--verbose] [--engine node|portable|wasm|cached|tables|all]
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkAlgorithmLists, runConformance } from './conformance.js'
import { openPath, pathNames } from './paths.js'
import { openSurface } from './surface.js'
import { joinReports, renderTally, reportOf } from './tally.js'
import { findVectors, usualVectorCount } from './vectors.js'

const built = new URL('../packages/jose/dist/', import.meta.url)

/** @typedef {{ vectors?: string, report?: string, verbose?: boolean, engine?: string }} Options */

/** @param {string[]} argv @returns {Promise<number>} the exit code */
async function main(argv) {
  const text = { type: 'string' }
  const options = { vectors: text, report: text, verbose: { type: 'boolean' }, engine: text }
  const { values } = parseArgs({ args: argv, options: /** @type {any} */ (options) })
  const { vectors, report, verbose, engine } = /** @type {Options} */ (values)
  const { directory, named, found } = findVectors(vectors)
  if (!found && named) throw new Error(`the folder of vectors is not there: ${directory}`)
  if (!found) {
    console.log(`No folder of vectors at ${directory}: ${usualVectorCount} vectors were left out.`)
    const skipped = usualVectorCount
    writeReport(report, { total: skipped, passed: 0, failed: 0, skipped, failures: [] })
    console.log(`0 passed, 0 failed, ${skipped} skipped`)
    return 0
  }
  const reports = []
  for (const name of engine === 'all' ? pathNames : [engine])
    reports.push(await runPath(name, directory, verbose === true))
  const sum = joinReports(reports)
  writeReport(report, sum)
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  return sum.failed > 0 || sum.total === 0 ? 1 : 0
}

/** @param {string | undefined} name a path, or undefined for the library as it is @param {string} directory @param {boolean} isVerbose */
async function runPath(name, directory, isVerbose) {
  const surface =
    name === undefined
      ? await openSurface((path) => import(new URL(`${path}.js`, built).href))
      : await openPath(name)
  const tally = await runConformance(surface, directory)
  await checkAlgorithmLists(surface, tally)
  console.log(`Vectors of ${directory}${name === undefined ? '' : `, engine ${name}`}\n`)
  console.log(renderTally(tally))
  if (isVerbose) console.log(`\nEvery entry that passed:\n  ${tally.details.join('\n  ')}`)
  return reportOf(tally)
}

/** @param {string | undefined} path @param {object} report */
function writeReport(path, report) {
  if (path !== undefined) writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
