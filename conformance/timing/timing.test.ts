/** The timing test itself: that its statistic is right, and that it tells a leak from noise. */
import { describe, expect, test } from 'vitest'
import { judge, type Subject } from './measure.js'
import { welch, worstStatistic } from './welch.js'
import { poolSize, wrongTokens } from './wrong-tokens.js'

const values = (...list: number[]): Float64Array => Float64Array.from(list)

test("Welch's t is that of a worked example", () => {
  // Two samples whose t is known: means 20.82 and 22.98, t = -2.455 with Welch's correction.
  const a = values(27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4)
  const b = values(27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4)
  expect(welch(a, b).t).toBeCloseTo(-2.46, 2)
  expect(welch(b, a).t).toBeCloseTo(2.46, 2)
  expect(welch(a, a)).toEqual({ t: 0, meanDifference: 0 })
})

test('outliers that hide a difference are cropped', () => {
  const noise = Array.from({ length: 400 }, (_, index) =>
    index % 40 === 0 ? 100_000 * (1 + (index % 7)) : index % 10,
  )
  const first = values(...noise)
  const second = values(...noise.map((value) => value + 3))
  expect(Math.abs(welch(first, second).t)).toBeLessThan(1)
  expect(Math.abs(worstStatistic(first, second).t)).toBeGreaterThan(10)
})

describe('a subject', () => {
  const spin = (rounds: number): number => {
    let sum = 0
    for (let index = 0; index < rounds; index += 1) sum += Math.sqrt(index)
    return sum
  }
  const subject = (run: Subject['run']): Subject => ({ name: 'planted', first: ['a'], second: ['b'], run })

  test('that takes longer for one class can be told apart', async () => {
    const { leaks } = await judge(
      subject((input) => spin(input === 'a' ? 1000 : 3000)),
      2000,
    )
    expect(leaks).toBe(true)
  })

  test('that takes longer now for one class and now for the other is noise', async () => {
    let calls = 0
    const { leaks, rounds } = await judge(
      subject((input) => {
        // Twice as many in each round: 2 x 2000 before the first, then 2 x 2000, 2 x 4000 …
        const round = Math.floor(Math.log2((calls += 1) / 4000 + 1e-9))
        return spin((input === 'a') === (round % 2 === 0) ? 1000 : 3000)
      }),
      2000,
    )
    expect(rounds.length).toBeGreaterThan(1)
    expect(leaks).toBe(false)
  })

  test('that takes longer for one class can be told apart, where it answers later', async () => {
    const run = async (input: string): Promise<number> => spin(input === 'a' ? 1000 : 4000)
    const { leaks } = await judge({ ...subject(run), isAsync: true }, 2000)
    expect(leaks).toBe(true)
  })
})

describe('a wrong token', () => {
  const token = `header.payload.${Buffer.from([1, 2, 3, 4]).toString('base64url')}`
  const tokens = Array.from({ length: poolSize }, () => token)
  const macsOf = (place: 'first' | 'last' | 'everywhere'): number[][] =>
    wrongTokens(tokens, place).map((text) => [...Buffer.from(text.split('.')[2] ?? '', 'base64url')])

  test('is wrong in the first octet alone', () => {
    for (const mac of macsOf('first')) expect([mac[0] === 1, ...mac.slice(1)]).toEqual([false, 2, 3, 4])
  })

  test('is wrong in the last octet alone', () => {
    for (const mac of macsOf('last')) expect([...mac.slice(0, 3), mac[3] === 4]).toEqual([1, 2, 3, false])
  })

  test('is as long as the right one', () => {
    for (const place of ['first', 'last', 'everywhere'] as const)
      for (const text of wrongTokens(tokens, place)) expect(text).toHaveLength(token.length)
  })
})
