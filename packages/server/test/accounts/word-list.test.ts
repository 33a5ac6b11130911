import { describe, expect, test } from 'vitest'
import { createWordList } from '../../src/accounts/word-list.ts'

describe.each([
  ['that ends with its last word', 'ab\nabc\nb\nzz'],
  ['that ends with a line feed', 'ab\nabc\nb\nzz\n'],
])('a list of words %s', (_, text) => {
  const list = createWordList(Buffer.from(text))

  test.each(['ab', 'abc', 'b', 'zz'])('has %s', (word) => {
    expect(list.has(word)).toBe(true)
  })

  test.each(['', 'a', 'abcd', 'aa', 'c', 'z', 'zzz', 'b\nzz', '\n', 'bé', '비'])('has no %j', (word) => {
    expect(list.has(word)).toBe(false)
  })
})

test('an empty list has nothing', () => {
  expect(createWordList(Buffer.from('')).has('')).toBe(false)
  expect(createWordList(Buffer.from('')).has('a')).toBe(false)
})
