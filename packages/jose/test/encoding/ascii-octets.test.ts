import { expect, test } from 'vitest'
import { asciiOctets } from '../../src/encoding/ascii-octets.ts'

const octetsOf = (text: string): number[] => [...new TextEncoder().encode(text)]

test('gives the octets of the beginning of a text, whatever stood there before', () => {
  for (const text of ['abc.def.ghi', 'x', '', 'longer than the one before'.repeat(200), 'abc'])
    for (const length of [0, text.length >> 1, text.length])
      expect([...(asciiOctets(text, length) ?? [])]).toEqual(octetsOf(text.slice(0, length)))
})

test('has none for a text beyond ASCII, nor for one above 16 KiB', () => {
  for (const text of ['abc\u0141', '\u00e9', '\ud800', 'x'.repeat(16_385)])
    expect(asciiOctets(text, 1)).toBeUndefined()
  expect(asciiOctets('x'.repeat(16_384), 16_384)).toHaveLength(16_384)
})
