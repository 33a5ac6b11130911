// @ts-check
/**
 * Runs every vector against the built library.
 *
 *     node conformance/run.js [--vectors DIR] [--report FILE] [--verbose]
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkAlgorithmLists, runConformance } from './conformance.js'
import { openSurface } from './surface.js'
import { renderTally, reportOf } from './tally.js'
import { findVectors, usualVectorCount } from './vectors.js'

const built = new URL('../packages/jose/dist/', import.meta.url)

/** @param {string[]} argv @returns {Promise<number>} the exit code */
async function main(argv) {
  const options = { vectors: { type: 'string' }, report: { type: 'string' }, verbose: { type: 'boolean' } }
  const { values } = parseArgs({ args: argv, options: /** @type {any} */ (options) })
  const { vectors, report, verbose } =
    /** @type {{ vectors?: string, report?: string, verbose?: boolean }} */ (values)
  const { directory, named, found } = findVectors(vectors)
  if (!found && named) throw new Error(`the folder of vectors is not there: ${directory}`)
  if (!found) {
    console.log(`No folder of vectors at ${directory}: ${usualVectorCount} vectors were left out.`)
    writeReport(report, {
      total: usualVectorCount,
      passed: 0,
      failed: 0,
      skipped: usualVectorCount,
      failures: [],
    })
    console.log(`0 passed, 0 failed, ${usualVectorCount} skipped`)
    return 0
  }
  const surface = await openSurface((path) => import(new URL(`${path}.js`, built).href))
  const tally = await runConformance(surface, directory)
  await checkAlgorithmLists(surface, tally)
  const sum = tally.sum()
  console.log(`Vectors of ${directory}\n`)
  console.log(renderTally(tally))
  if (verbose) console.log(`\nEvery entry that passed:\n  ${tally.details.join('\n  ')}`)
  writeReport(report, reportOf(tally))
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  return sum.failed > 0 || sum.total === 0 ? 1 : 0
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
