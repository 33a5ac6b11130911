import { expect, test } from 'vitest'
import { type AttackReport, type Finding, formatReport } from '../../src/testing/index.ts'

const nothing: AttackReport = {
  total: 10,
  refused: 10,
  accepted: [],
  controls: 2,
  controlsRefused: [],
  wrongErrors: [],
  slow: [],
  fetched: [],
  ok: true,
}

function finding(id: string, detail: string, more: Partial<Finding> = {}): Finding {
  const info = {
    category: 'crit',
    level: 'must',
    expected: 'refuse',
    why: 'it matters',
    reference: 'RFC 7515',
  } as const
  return { ...info, id, detail, ...more }
}

test('a clean report is one line', () => {
  expect(formatReport(nothing)).toBe(
    '10 attacks: 10 refused, 0 accepted; 2 good tokens: 2 accepted, 0 refused',
  )
})

test('findings stand under what they are, the worst first, those with one reason together', () => {
  const report: AttackReport = {
    ...nothing,
    refused: 6,
    accepted: [
      finding('d', 'accepted', { level: 'should', why: 'it may matter' }),
      finding('a', 'accepted'),
      finding('b', 'accepted'),
      finding('c', 'accepted', { reference: 'CVE-1' }),
    ],
    controlsRefused: [finding('ok-plain', 'Error: no')],
    wrongErrors: [finding('e', 'TypeError: x of 1'), finding('f', 'TypeError: x of 2')],
    slow: [finding('g', '900 ms')],
    fetched: [finding('h', 'https://attacker.invalid/')],
    ok: false,
  }
  expect(formatReport(report)).toBe(
    [
      '10 attacks: 6 refused, 4 accepted; 2 good tokens: 1 accepted, 1 refused',
      'accepted, and must be refused (3):\n  it matters (RFC 7515)\n    a b\n  it matters (CVE-1)\n    c',
      'fetched, because a token said so (1):\n  it matters (RFC 7515): https://attacker.invalid/\n    h',
      'good tokens that were refused (1):\n  Error: no\n    ok-plain',
      'accepted, and should be refused (1):\n  it may matter (RFC 7515)\n    d',
      'refused by accident: no error that was meant for the caller (2):\n  TypeError\n    e f',
      'slow (1):\n  900 ms\n    g',
    ].join('\n\n'),
  )
})

test('many names are broken into lines', () => {
  const accepted = Array.from({ length: 40 }, (_, at) => finding(`an-attack-${at}`, 'accepted'))
  const lines = formatReport({ ...nothing, accepted }).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(120)
  expect(lines.length).toBeGreaterThan(6)
})
