// @ts-check
/** Runs the test runner and counts, from its report, what passed and what failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './setup.js'

/**
 * @typedef {object} Report  what vitest's JSON reporter writes, as far as it is read here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

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
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests,
  }
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
    const { passed, failed, skipped } = countResults(readReport(path), exitCode)
    if (skipped > 0) console.log(`${skipped} skipped`)
    return { passed, failed }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
