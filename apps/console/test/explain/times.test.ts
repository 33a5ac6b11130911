import { describe, expect, test } from 'vitest'
import { describeDate, describeDistance, describeDuration } from '../../src/explain/times.ts'
import { en } from '../../src/language/en.ts'
import { ko } from '../../src/language/ko.ts'

test.each([
  [0, '0 s', '0초'],
  [0.9, '0 s', '0초'],
  [-5, '0 s', '0초'],
  [59, '59 s', '59초'],
  [60, '1 min 0 s', '1분 0초'],
  [3599, '59 min 59 s', '59분 59초'],
  [3661, '1 h 1 min', '1시간 1분'],
  [90_000, '1 d 1 h', '1일 1시간'],
])('%d seconds are told in the two largest units', (seconds, english, korean) => {
  expect(describeDuration(seconds, en)).toBe(english)
  expect(describeDuration(seconds, ko)).toBe(korean)
})

describe('the distance of a time', () => {
  test.each([
    [1000, 1000, 'now', '지금'],
    [1000.5, 1000, 'now', '지금'],
    [1009.2, 1000, 'in 10 s', '10초 뒤'],
    [1600, 1000, 'in 10 min 0 s', '10분 0초 뒤'],
    [990.2, 1000, '9 s ago', '9초 전'],
  ])('%d seen from %d', (date, now, english, korean) => {
    expect(describeDistance(date, now, en)).toBe(english)
    expect(describeDistance(date, now, ko)).toBe(korean)
  })
})

test('a NumericDate is seconds, not milliseconds, and is told in the language of the page', () => {
  expect(describeDate(1_795_432_230, en, 'UTC')).toMatch(/^November 23, 2026 at 11:10:30/)
  expect(describeDate(1_795_432_230, ko, 'Asia/Seoul')).toMatch(/^2026년 11월 23일 .*8:10:30$/)
})
