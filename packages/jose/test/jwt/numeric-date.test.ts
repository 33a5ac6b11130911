import { describe, expect, test } from 'vitest'
import { dateFault, durationSeconds, isDate, readClock } from '../../src/jwt/numeric-date.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const seconds = (duration: unknown): number => durationSeconds(duration, 'expiresIn', 'signJwt')

describe('durationSeconds', () => {
  test.each([
    [1, 1],
    [0.5, 0.5],
    [900, 900],
    ['1s', 1],
    ['90s', 90],
    ['15m', 900],
    ['2h', 7200],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['1.5h', 5400],
    ['0.5s', 0.5],
  ])('%j is %d seconds', (duration, expected) => {
    expect(seconds(duration)).toBe(expected)
  })

  test.each<unknown>([
    '',
    '10',
    '15',
    '15 m',
    ' 15m',
    '15m ',
    '15M',
    '15min',
    '15 minutes',
    '1 fortnight',
    '1y',
    '1ms',
    '-5m',
    '+5m',
    '1e3s',
    '.5h',
    '5.h',
    '0x10s',
    'm',
    'NaNs',
    'Infinitys',
    '١٥m',
    '15m15s',
    '1,5h',
    '0s',
    0,
    -1,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e12,
    '9999999999d',
    null,
    undefined,
    true,
    {},
    [[]],
    [[15]],
    15n,
    new Date(),
    { valueOf: () => 15 },
    { toString: () => '15m' },
  ])('T36 %# is option_invalid, never silence (CVE-2026-107275)', (duration: unknown) => {
    expect(outcomeOf(() => seconds(duration))).toBe('option_invalid')
  })

  test('the message shows a good one', () => {
    expect(refusal(() => seconds('15')).message).toContain("'15m'")
  })
})

describe('readClock', () => {
  test('reads a number, a function, and the system clock', () => {
    expect(readClock(5.5, 'verify')).toBe(5.5)
    expect(readClock(() => 7, 'verify')).toBe(7)
    const before = Date.now() / 1000
    const read = readClock(undefined, 'verify')
    expect(read).toBeGreaterThanOrEqual(before)
    expect(read).toBeLessThanOrEqual(Date.now() / 1000)
  })

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '5',
    null,
    new Date(),
    5n,
    () => '5',
    () => Number.NaN,
    () => undefined,
  ])('refuses a clock that gives %#', (clock) => {
    expect(outcomeOf(() => readClock(clock as number, 'verify'))).toBe('option_invalid')
  })
})

test('a date is a finite number up to 1e11', () => {
  for (const value of [0, -1, 1.5, 1e11, 1_539_517_391])
    expect([isDate(value), dateFault(value, 'exp')]).toEqual([true, undefined])
  for (const value of [
    1e11 + 1,
    Date.now(),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '5',
    null,
    undefined,
    new Date(),
    5n,
  ])
    expect([isDate(value), dateFault(value, 'exp')?.code]).toEqual([false, 'claim_invalid'])
})
