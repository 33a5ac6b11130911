// @ts-check
/**
 * Fuzzes the built library.
 *
 *     npm run fuzz -- [--inputs N] [--seed S] [--start I] [--engine node,portable] [--only TEXT] [--max-ms MS] [--verbose]
 *
 * An input follows from the seed and its number alone: `--seed S --start I --inputs 1` makes the one that failed again, and
 * `--start I` goes on where a run was ended.
 */
import { parseArgs } from 'node:util'
import { setupOrExit } from '../../tools/setup.js'
import { engineNames, loadEngine } from './engines.js'
import { vocabularyOf } from './messages.js'
import { printReport } from './report.js'

/** @typedef {import('./engines.js').EngineName} EngineName */

const { values: options } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    start: { type: 'string', default: '0' },
    engine: { type: 'string', default: 'wasm' },
    only: { type: 'string', default: '' },
    'max-ms': { type: 'string', default: '50' },
    verbose: { type: 'boolean', default: false },
  },
})

/** @param {string} name */
function wholeNumber(name) {
  const text = String(options[/** @type {keyof typeof options} */ (name)]).replaceAll('_', '')
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new Error(`--${name}: expected a whole number`)
}

/** @returns {readonly EngineName[]} */
function chosenEngines() {
  const chosen = options.engine.split(',')
  if (chosen.every((name) => engineNames.some((known) => known === name)))
    return /** @type {EngineName[]} */ (chosen)
  throw new Error(`--engine: expected names among ${engineNames.join(', ')}`)
}

async function main() {
  // Half the time of a refusal goes into a stack that nobody reads here.
  Error.stackTraceLimit = 0
  const [inputs, seed, start, maxMs] = ['inputs', 'seed', 'start', 'max-ms'].map(wholeNumber)
  const engines = chosenEngines()
  await setupOrExit()
  // Both read the built library.
  const [{ runFuzz }, { openSubject }, { allTargets }] = await Promise.all([
    import('./fuzz.js'),
    import('./subject.js'),
    import('./targets.js'),
  ])
  const libraries = await Promise.all(engines.map(loadEngine))
  const subjects = await Promise.all(libraries.map(openSubject))
  const targets = allTargets(subjects).filter(({ name }) => name.includes(options.only))
  const began = performance.now()
  const figures = await runFuzz({
    targets,
    seed: seed ?? 1,
    start: start ?? 0,
    inputs: inputs ?? 0,
    maxMs: maxMs ?? 50,
    mayLack: libraries.length > 1,
    vocabulary: vocabularyOf(new URL('../../packages/jose/dist/', import.meta.url)),
    isJoseError: (error) => libraries.some((library) => library['isJoseError'](error)),
    codes: new Set(libraries[0]?.['tokenErrorCodes']),
    onWindow: ({ done, next, failures }) => {
      const rate = Math.round(done / ((performance.now() - began) / 1000))
      console.log(`${done} inputs, ${rate} a second, ${failures.length} failures; go on with --start ${next}`)
    },
  })
  return printReport(figures, { targets, seconds: (performance.now() - began) / 1000, ...options, engines })
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`fuzz: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
