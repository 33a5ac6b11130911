import { describe, expect, test } from 'vitest'
import { createTokenMemory } from '../../src/jwt/token-memory.ts'

/** A text that ends as tokens do; `length` characters long. */
const text = (number: number, length = 280): string => `${number}`.padStart(length, 'x')

describe('a memory of tokens', () => {
  test('knows a text that it was given, whichever string holds it', () => {
    const memory = createTokenMemory<number>(10)
    memory.keep(text(1), 1)
    expect(memory.find(`  ${text(1)}  `.trim())).toBe(1)
  })

  test('knows no other text, though it ends alike (T39)', () => {
    const memory = createTokenMemory<number>(10)
    memory.keep(text(1), 1)
    for (const other of [text(1, 281), text(1, 279), `y${text(1).slice(1)}`, text(1).slice(-12), ''])
      expect(memory.find(other)).toBeUndefined()
    expect(memory.find(text(1))).toBe(1)
  })

  test('keeps the later of two texts that end alike', () => {
    const memory = createTokenMemory<number>(10)
    memory.keep(text(1, 280), 1)
    memory.keep(text(1, 281), 2)
    expect([memory.find(text(1, 280)), memory.find(text(1, 281))]).toEqual([undefined, 2])
  })

  test.for([2, 3, 10, 100])('of %i tokens never knows more', (maxTokens) => {
    const memory = createTokenMemory<number>(maxTokens)
    const numbers = Array.from({ length: 500 }, (_, index) => index)
    for (const number of numbers) memory.keep(text(number), number)
    const known = numbers.filter((number) => memory.find(text(number)) !== undefined)
    expect(known.length).toBeLessThanOrEqual(maxTokens)
    expect(known).toContain(499)
  })

  test('keeps what keeps coming, however much comes besides', () => {
    const memory = createTokenMemory<string>(10)
    memory.keep(text(0), 'regular')
    for (let number = 1; number < 200; number += 1) {
      memory.keep(text(number), 'passing')
      expect(memory.find(text(0))).toBe('regular')
    }
    expect(memory.find(text(1))).toBeUndefined()
  })

  test('counts a long token as several, and keeps none above 16 KiB', () => {
    const memory = createTokenMemory<number>(20)
    for (let number = 0; number < 20; number += 1) memory.keep(text(number, 8000), number)
    const known = Array.from({ length: 20 }, (_, number) => number).filter(
      (number) => memory.find(text(number, 8000)) !== undefined,
    )
    expect(known).toEqual([18, 19])
    memory.keep(text(1, 16_385), 1)
    expect(memory.find(text(1, 16_385))).toBeUndefined()
  })

  test('forgets when it is told to', () => {
    const memory = createTokenMemory<number>(4)
    for (const number of [1, 2, 3, 4]) memory.keep(text(number), number)
    memory.clear()
    for (const number of [1, 2, 3, 4]) expect(memory.find(text(number))).toBeUndefined()
  })
})
