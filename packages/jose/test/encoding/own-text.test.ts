import { expect, test } from 'vitest'
import { ownText } from '../../src/encoding/own-text.ts'

test('ownText copies a text of any length, whatever was copied before', () => {
  for (const length of [0, 1, 40, 3000, 7, 1024, 1025, 20_000, 5]) {
    const whole = `<${'abcdefghij'.repeat(2000)}>`
    expect(ownText(whole.slice(1, 1 + length))).toBe(whole.slice(1, 1 + length))
  }
})
