import { describe, expect, test } from 'vitest'
import { relativeTime, timesOf } from '../src/times.ts'

describe('a span in words', () => {
  test.each([
    [0, 'now'],
    [0.4, 'now'],
    [-0.9, 'now'],
    [59, 'in 59 s'],
    [60, 'in 1 min'],
    [599.9, 'in 9 min'],
    [-10_800, '3 h ago'],
    [86_400 * 14, 'in 14 d'],
    [31_557_600 * 2, 'in 2 y'],
  ])('%s seconds are %s', (seconds, words) => {
    expect(relativeTime(seconds)).toBe(words)
  })
})

describe('the times of claims', () => {
  test('say what each claim says, and of an expiry that has passed that it has', () => {
    const labels = (now: number) =>
      timesOf({ iat: 100, nbf: 100, exp: 200 }, now).map(({ claim, label }) => `${claim} ${label}`)
    expect(labels(150)).toEqual(['exp expires', 'nbf valid from', 'iat issued'])
    expect(labels(200)[0]).toBe('exp expired')
  })

  test('leave out what is no date that can be shown', () => {
    expect(timesOf({ exp: '200', nbf: Number.POSITIVE_INFINITY, iat: 1e300, auth_time: null }, 0)).toEqual([])
    expect(timesOf({ exp: 8.64e12 }, 0)).toHaveLength(1)
  })

  test('are shown in universal and in local time with its offset', () => {
    const [time] = timesOf({ exp: 1_700_000_000 }, 0)
    expect(time?.utc).toBe('2023-11-14 22:13:20 UTC')
    const [, date, offset] = /^(\S+ \S+) ([+-]\d\d:\d\d)$/.exec(time?.local ?? '') ?? []
    expect(Date.parse(`${date?.replace(' ', 'T')}${offset}`)).toBe(1_700_000_000_000)
  })
})
