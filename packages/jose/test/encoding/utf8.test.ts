import { describe, expect, test } from 'vitest'
import { decodeUtf8, encodeAscii, encodeUtf8, hasLoneSurrogate } from '../../src/encoding/utf8.ts'
import { outcomeOf } from '../outcome.ts'

describe('encodeUtf8', () => {
  test.each(['', 'plain', 'é', '한국어', '\u{1f511}', '\0'])('gives the octets of %j', (text) => {
    expect([...encodeUtf8(text, 'text')]).toEqual([...Buffer.from(text, 'utf8')])
  })

  test.each(['\ud800', 'a\udc00', '\udc00\ud800', 'x\ud83dy'])(
    'refuses a lone surrogate instead of writing U+FFFD (T64): %#',
    (text) => {
      expect(outcomeOf(() => encodeUtf8(text, 'text'))).toBe('malformed')
      expect(hasLoneSurrogate(text)).toBe(true)
    },
  )

  test('takes a proper pair', () => {
    expect(hasLoneSurrogate('\u{10ffff}')).toBe(false)
  })
})

test('encodeAscii gives one octet a character', () => {
  expect([...encodeAscii('aA.-_')]).toEqual([97, 65, 46, 45, 95])
})

describe('decodeUtf8', () => {
  test.each(['', 'é', '한국어', '\u{1f511}'])('gives back %j', (text) => {
    expect(decodeUtf8(Buffer.from(text), 'text')).toBe(text)
  })

  test.each([
    ['a lone continuation octet', [0x80]],
    ['a sequence that ends early', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
    ['0xFF', [0xff]],
  ])('refuses %s (RFC 8725 §3.7)', (_name, octets) => {
    expect(outcomeOf(() => decodeUtf8(Uint8Array.from(octets), 'text'))).toBe('malformed')
  })

  test('keeps a byte order mark as a character, so that JSON with one is refused', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b), 'text')).toBe('\ufeff{')
  })
})
