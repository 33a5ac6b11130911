// @ts-check
/** Bundles the suite once and runs it on the runtimes of one's choice, two at a time. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.js'
import { compareReports } from './compare.js'
import { differences } from './differences.js'
import { programOf, runtimes, versionOf } from './runtimes.js'
import { pageFaults, renewPage } from './support-page.js'

const page = new URL('../../docs/runtimes.md', import.meta.url)
const folder = fileURLToPath(new URL('dist', import.meta.url))
/** Run when nothing is chosen: what npm installs, each once. */
const usual = ['node20', 'node22', 'node24', 'node26', 'deno', 'bun', 'workerd']
/** Knows every test, so that none is missing elsewhere without being missed. */
const reference = 'node24'

/** @typedef {{ names?: string[], coverage?: string | undefined, vectors?: string | undefined, only?: string | undefined, write?: boolean | undefined }} Options */
/** @typedef {{ passed: number, failed: number }} Counts */

/** @param {string[]} names */
function choose(names) {
  if (names.length === 0) return runtimes.filter(({ id }) => usual.includes(id))
  if (names.includes('all')) return runtimes
  const unknown = names.find((name) => !runtimes.some(({ id }) => id === name))
  if (unknown !== undefined) {
    throw new Error(`expected all or some of ${runtimes.map(({ id }) => id).join(', ')}, got ${unknown}`)
  }
  return runtimes.filter(({ id }) => names.includes(id))
}

/** @param {Options} [options] @returns {Promise<Counts>} */
export async function runRuntimes({ names = [], coverage, vectors, only, write = false } = {}) {
  const chosen = choose(names)
  mkdirSync(folder, { recursive: true })
  await bundle({ folder, vectors, only })
  const runs = await inPairs(chosen, (runtime) => runOne(runtime, coverage))
  const reports = runs.flatMap(({ report }) => (report === undefined ? [] : [report]))
  const titles = runtimes.map(({ title }) => title)
  if (write) writeFileSync(page, renewPage(readFileSync(page, 'utf8'), reports, titles))
  const text = readFileSync(page, 'utf8')
  const isWhole = only === undefined && reports.some(({ id }) => id === reference)
  const verdicts = compareReports(reports, differences, isWhole)
  let [passed, failed] = [0, 0]
  for (const { runtime, report, fault } of runs) {
    const verdict = verdicts.get(runtime.id) ?? { passed: 0, failures: [String(fault)], skipped: {} }
    if (report !== undefined) judgePage(verdict, pageFaults(text, report))
    printVerdict(`${runtime.title} ${report?.version ?? ''}`, verdict)
    passed += verdict.passed
    failed += verdict.failures.length
  }
  return { passed, failed }
}

/** The page counts as one test. @param {import('./compare.js').Verdict} verdict @param {string[]} faults */
function judgePage(verdict, faults) {
  if (faults.length === 0) verdict.passed += 1
  else verdict.failures.push(`docs/runtimes.md says ${faults.join('; ')}: write it anew with --write`)
}

/** @param {import('./runtimes.js').Runtime} runtime @param {string | undefined} coverage */
async function runOne(runtime, coverage) {
  const program = programOf(runtime)
  if (program === undefined) return { runtime, fault: `is not installed: expected ${runtime.programs[0]}` }
  try {
    const { id, title } = runtime
    const report = {
      id,
      title,
      version: versionOf(program),
      ...(await runtime.run(program, { folder, coverage })),
    }
    writeFileSync(join(folder, `${id}.json`), JSON.stringify(report))
    return { runtime, report }
  } catch (error) {
    return { runtime, fault: error instanceof Error ? error.message : String(error) }
  }
}

/** @template T, U @param {T[]} values @param {(value: T) => Promise<U>} action @returns {Promise<U[]>} in the order of values */
async function inPairs(values, action) {
  /** @type {U[]} */
  const results = []
  const waiting = values.entries()
  const worker = async () => {
    for (const [index, value] of waiting) results[index] = await action(value)
  }
  await Promise.all([worker(), worker()])
  return results
}

/** @param {string} name @param {import('./compare.js').Verdict} verdict */
function printVerdict(name, { passed, failures, skipped }) {
  const count = Object.values(skipped).reduce((sum, one) => sum + one, 0)
  const reasons = Object.entries(skipped).map(([why, many]) => `${many} ${why}`)
  const detail = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
  console.log(`${name}: ${passed} passed, ${failures.length} failed, ${count} skipped${detail}`)
  for (const failure of failures.slice(0, 40)) console.log(`FAILED  ${name}: ${failure}`)
  if (failures.length > 40) console.log(`  and ${failures.length - 40} more`)
}
