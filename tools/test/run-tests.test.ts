import { expect, test } from 'vitest'
import { countResults } from '../run-tests.js'

const file = (status: string, ...results: string[]) => ({
  status,
  assertionResults: results.map((result) => ({ status: result })),
})
const report = (
  numPassedTests: number,
  numFailedTests: number,
  ...testResults: ReturnType<typeof file>[]
) => ({
  numPassedTests,
  numFailedTests,
  numPendingTests: 0,
  testResults,
})

test('counts tests', () => {
  const run = report(2, 1, file('passed', 'passed'), file('failed', 'passed', 'failed'))
  expect(countResults(run, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 })
})

test('counts a file that could not be loaded as one failure', () => {
  expect(countResults(report(1, 0, file('passed', 'passed'), file('failed')), 1).failed).toBe(1)
})

test('counts an error outside any test as one failure', () => {
  expect(countResults(report(1, 0, file('passed', 'passed')), 1).failed).toBe(1)
  expect(countResults(report(1, 0, file('passed', 'passed')), 0).failed).toBe(0)
})

test('counts a run without a report as one failure', () => {
  expect(countResults(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
