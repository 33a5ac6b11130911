import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countResults, describeResults } from '../run-tests.js'
import { root } from '../setup.js'

const result = (status: string, ...failureMessages: string[]) => ({
  status,
  ancestorTitles: ['a room'],
  title: 'a sentence',
  failureMessages,
})
const file = (status: string, ...results: string[]) => ({
  name: join(root, 'packages/jose/test/some.test.ts'),
  status,
  message: '',
  assertionResults: results.map((one) => result(one)),
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

const stack = `AssertionError: \u001b[31mexpected 1 to be 2\u001b[39m
    at file:///somewhere/node_modules/runner.js:1:1
    at ${join(root, 'packages/jose/test/some.test.ts')}:4:57`

test('names each test that failed, with what it said and where', () => {
  const run = report(1, 1, {
    ...file('failed', 'passed'),
    assertionResults: [result('passed'), result('failed', stack)],
  })
  expect(describeResults(run)).toEqual([
    'FAILED  packages/jose/test/some.test.ts > a room > a sentence',
    '        AssertionError: expected 1 to be 2',
    '        at packages/jose/test/some.test.ts:4:57',
  ])
})

test('names each test that passed at a later attempt', () => {
  const run = report(1, 0, { ...file('passed'), assertionResults: [result('passed', stack, stack)] })
  expect(describeResults(run)[0]).toBe(
    'RETRIED packages/jose/test/some.test.ts > a room > a sentence: passed at attempt 3; the first said:',
  )
})

test('names a file that could not be loaded', () => {
  const run = report(0, 0, { ...file('failed'), message: 'no such module' })
  expect(describeResults(run)).toEqual(['FAILED  packages/jose/test/some.test.ts', '        no such module'])
})
