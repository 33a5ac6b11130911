import { expect, test } from 'vitest'
import { failuresOf, retriesOf } from '../failures.js'

const log = [
  'ok      one',
  'FAILED  two',
  '        expected 1, got 2',
  'ok      three',
  '\u001b[31mFAILED\u001b[39m  four',
  'not indented, as a compiler says it',
  '',
  'RETRIED five: passed at attempt 2; the first said:',
  '        too slow',
  '3 passed, 2 failed',
].join('\n')

test('names every failure with what is beneath it, and nothing else', () => {
  expect(failuresOf(log, 60)).toEqual([
    'FAILED  two',
    '        expected 1, got 2',
    'FAILED  four',
    'not indented, as a compiler says it',
  ])
})

test('names the tests that passed at a later attempt', () => {
  expect(retriesOf(log)).toEqual(['RETRIED five: passed at attempt 2; the first said:', '        too slow'])
  expect(retriesOf('ok one\n1 passed, 0 failed')).toEqual([])
})

test('shows an error outside any test as the test runner prints it', () => {
  const lines = ['⎯⎯⎯⎯ Unhandled Rejection ⎯⎯⎯⎯⎯', 'Error: nobody waited', ' ❯ a.test.ts:1:1', '', 'more']
  expect(failuresOf(lines.join('\n'), 60)).toEqual(lines.slice(0, 3))
})

test('shows the last lines where none names a failure', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`)
  expect(failuresOf(lines.join('\n'), 60)).toEqual(lines.slice(-20))
  expect(failuresOf('', 60)).toEqual([])
})

test('cuts a long list, and says so', () => {
  const many = Array.from({ length: 100 }, (_, index) => `FAILED  test ${index}`)
  expect(failuresOf(many.join('\n'), 10)).toEqual([...many.slice(0, 10), '… and 90 lines more in the log'])
})

test('cuts what one failure says', () => {
  const long = ['FAILED  one', ...Array.from({ length: 30 }, () => '  a line of a long diff')]
  expect(failuresOf(long.join('\n'), 60)).toHaveLength(6)
})
