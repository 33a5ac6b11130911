// @ts-check
/** Runs the test runner, counts from its report what passed and what failed, and names what failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from './setup.js'

/**
 * @typedef {object} Result  of one test; the messages are those of its attempts that failed
 * @property {string} status
 * @property {string[]} ancestorTitles
 * @property {string} title
 * @property {string[]} failureMessages
 *
 * @typedef {{ name: string, status: string, message: string, assertionResults: Result[] }} File
 *
 * @typedef {object} Report  what vitest's JSON reporter writes, as far as it is read here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {File[]} testResults
 */

/** Whether a file could not be loaded, or failed outside its tests. @param {File} file */
const isBroken = ({ status, assertionResults }) =>
  status === 'failed' && !assertionResults.some((result) => result.status === 'failed')

/**
 * Counts a run. A file that could not be loaded holds no test and counts as one that failed; so does a run that ended
 * badly although no test failed (an error outside any test).
 *
 * @param {Report | undefined} report
 * @param {number} exitCode
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countResults(report, exitCode) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const failed = report.numFailedTests + report.testResults.filter(isBroken).length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests,
  }
}

/**
 * A block of lines for each test that failed, `FAILED  file > title` and what it said, and a line for each that passed at
 * a later attempt: what `tools/failures.js` finds in a log.
 *
 * @param {Report} report
 * @returns {string[]}
 */
export function describeResults({ testResults }) {
  return testResults.flatMap((file) => {
    const path = relative(root, file.name)
    const own = isBroken(file) ? [`FAILED  ${path}`, ...firstLines(file.message)] : []
    return [...own, ...file.assertionResults.flatMap((result) => describeResult(path, result))]
  })
}

/** @param {string} path @param {Result} result @returns {string[]} */
function describeResult(path, { status, ancestorTitles, title, failureMessages }) {
  const name = [path, ...ancestorTitles, title].filter((part) => part !== '').join(' > ')
  const lines = firstLines(failureMessages[0] ?? '')
  if (status === 'failed') return [`FAILED  ${name}`, ...lines]
  if (status !== 'passed' || failureMessages.length === 0) return []
  return [`RETRIED ${name}: passed at attempt ${failureMessages.length + 1}; the first said:`, ...lines]
}

/** The message, as far as it is short, and the first place in our own files. @param {string} stack */
function firstLines(stack) {
  const lines = stripVTControlCharacters(stack).split('\n')
  const places = lines.filter((line) => /^\s+at /.test(line))
  const message = lines.filter((line) => line.trim() !== '' && !places.includes(line)).slice(0, 4)
  const own = places.find((line) => !line.includes('node_modules')) ?? ''
  return [...message, own.replace(`${root}`, '')].filter(Boolean).map((line) => `        ${line.trim()}`)
}

/** @param {string} path @returns {Report | undefined} */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Runs vitest with its output on our terminal.
 *
 * @param {string[]} args for vitest
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-test-'))
  try {
    const path = join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      stdio: 'inherit',
    })
    const exitCode = await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
    const report = readReport(path)
    const { passed, failed, skipped } = countResults(report, exitCode)
    for (const line of report === undefined ? [] : describeResults(report)) console.log(line)
    if (skipped > 0) console.log(`${skipped} skipped`)
    return { passed, failed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
