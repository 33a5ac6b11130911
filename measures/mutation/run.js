/**
 * `npm run test:mutation`: changes the sources of `jwt/` and `jws/` in every way that Stryker knows, one at a time, and
 * counts the changes that some test sees.
 *   -- --only TEXT    the sources whose path contains TEXT, such as jwt/claims.ts
 *   -- --sample N     every Nth change alone: a quick look, which can be off by some percent
 *   -- --survivors    prints the changes that no test saw
 *   -- --json FILE    every mutant and its outcome
 *   -- --jobs N       processes at once; default 2
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleScripts, sharedNames } from './bundle.js'
import { instrument } from './instrument.js'
import { createWorker } from './pool.js'
import { printReport } from './report.js'

/** @typedef {import('./instrument.js').Mutant} Mutant */
/** @typedef {import('./worker.js').Coverage} Coverage */
/** @typedef {{ mutant: Mutant, outcome: 'killed' | 'timeout' | 'survived' | 'uncovered', killedBy?: string }} Result */
/** @typedef {{ file: string, names: string[], ms: number }} Selection */
/** @typedef {{ name: string, ms: number, failure?: string }} Outcome */
/** @typedef {{ file: string, tests: Map<string, number>, coverage: Coverage }} Baseline */

/** The goal of the score, in percent. */
const goal = 85

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    sample: { type: 'string', default: '1' },
    survivors: { type: 'boolean' },
    json: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
})

const jose = fileURLToPath(new URL('../../packages/jose', import.meta.url))
const rooms = ['jwt', 'jws']
const testFiles = [
  ...[...rooms, 'advisories'].flatMap((room) => filesBelow(join(jose, 'test', room), '.test.ts')),
  ...['unverified', 'options', 'errors', 'web-crypto'].map((name) => join(jose, `test/${name}.test.ts`)),
]
const sourceFiles = rooms.flatMap((room) => filesBelow(join(jose, 'src', room), '.ts')).filter(isChosen)

const started = performance.now()
const { sources, mutants: all } = await instrument(sourceFiles)
const mutants = all.filter((_mutant, index) => index % Number(values.sample) === 0)
const shared = sharedNames.map((name) => join(jose, `test/${name}.ts`))
const scripts = await bundleScripts([...testFiles, ...shared], sources)
const baselines = await runBaselines()
const results = await runMutants()
const isGood = printReport(results, { goal, root: jose, survivors: values.survivors === true })
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`)
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`)
console.log(`${isGood ? 1 : 0} passed, ${isGood ? 0 : 1} failed`)
process.exitCode = isGood ? 0 : 1

/** @param {string} folder @param {string} ending */
function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name))
}

/** @param {string} file */
function isChosen(file) {
  return values.only === undefined || values.only.some((part) => file.includes(part))
}

/** @returns {Promise<Baseline[]>} */
async function runBaselines() {
  const worker = createWorker(scripts)
  const found = []
  for (const file of testFiles) {
    const answer = await worker.send({ kind: 'baseline', file }, 120_000)
    if (answer === undefined) throw new Error(`${file}: no answer`)
    found.push({ file, tests: passingTests(file, answer.outcomes), coverage: answer.coverage })
  }
  worker.stop()
  return found
}

/** A test that fails without a mutant would be said to see every one. @param {string} file @param {Outcome[]} outcomes */
function passingTests(file, outcomes) {
  for (const { name, failure } of outcomes) {
    if (failure !== undefined) throw new Error(`${file}:${name}: ${failure}`)
  }
  return new Map(outcomes.map(({ name, ms }) => [name, ms]))
}

/** The tests that reach a mutant, the quickest files first. @param {string} id @returns {Selection[]} */
function selectionsFor(id) {
  return baselines
    .map(({ file, tests, coverage }) => {
      const all = [...tests.keys()]
      const names =
        id in coverage.static ? all : all.filter((name) => coverage.perTest[name]?.[id] !== undefined)
      return { file, names, ms: names.reduce((sum, name) => sum + (tests.get(name) ?? 0), 0) }
    })
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => a.ms - b.ms)
}

/** @returns {Promise<Result[]>} */
async function runMutants() {
  const waiting = [...mutants]
  /** @type {Result[]} */
  const done = []
  const work = async () => {
    const worker = createWorker(scripts)
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      done.push({ mutant, ...(await outcomeOf(mutant, worker)) })
      if (process.stderr.isTTY) process.stderr.write(`\r${done.length} of ${mutants.length} `)
    }
    worker.stop()
  }
  await Promise.all(Array.from({ length: Number(values.jobs) }, work))
  return done
}

/** @param {Mutant} mutant @param {ReturnType<typeof createWorker>} worker @returns {Promise<Omit<Result, 'mutant'>>} */
async function outcomeOf(mutant, worker) {
  const selections = selectionsFor(mutant.id)
  if (selections.length === 0) return { outcome: 'uncovered' }
  const expectedMs = selections.reduce((sum, { ms }) => sum + ms, 0)
  const answer = await worker.send({ kind: 'mutant', id: mutant.id, selections }, 10_000 + expectedMs * 10)
  if (answer === undefined) return { outcome: 'timeout' }
  return answer.killedBy === undefined
    ? { outcome: 'survived' }
    : { outcome: 'killed', killedBy: answer.killedBy }
}
