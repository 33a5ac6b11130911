import { expect, test } from 'vitest'
import { kindOf } from '../../src/encoding/json.ts'

test.each([
  [null, 'null'],
  [undefined, 'undefined'],
  ['', 'empty text'],
  ['secret', 'text'],
  [1, 'a number'],
  [Number.NaN, 'a number that is not finite'],
  [true, 'true or false'],
  [[1], 'an array'],
  [{}, 'an object'],
  [1n, 'a bigint'],
  [() => 1, 'a function'],
])('kindOf names a kind, never the value: %#', (value, kind) => {
  expect(kindOf(value)).toBe(kind)
})
