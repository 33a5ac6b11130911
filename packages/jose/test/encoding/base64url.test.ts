import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  base64urlFault,
  decodeBase64url,
  decodeCanonical,
  decodeBase64urlText,
  encodeBase64url,
  encodeBase64urlText,
} from '../../src/encoding/base64url.ts'
import * as portable from '../../src/encoding/portable-base64url.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const decode = (text: string): Uint8Array => decodeBase64url(text, 'segment')
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const alphabet = characters.split('')

describe('encodeBase64url', () => {
  test('gives the text of RFC 7515 Appendix C', () => {
    expect(encodeBase64url(Uint8Array.of(3, 236, 255, 224, 193))).toBe('A-z_4ME')
  })

  test('agrees with Node for every length from 0 to 4100, over the border of its pieces', () => {
    for (const length of [
      ...Array.from({ length: 70 }, (_, index) => index),
      3071,
      3072,
      3073,
      4095,
      4096,
      4100,
    ]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 151 + length) & 255)
      expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }
  })

  test('agrees with Node for any bytes, and decodes back to them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect([...decode(text)]).toEqual([...bytes])
        expect(base64urlFault(text, 'text')).toBeUndefined()
      }),
    )
  })

  test('reads only the bytes of the view it is given', () => {
    const whole = Uint8Array.from([1, 2, 3, 4, 5, 6])
    expect(encodeBase64url(whole.subarray(2, 4))).toBe(Buffer.from([3, 4]).toString('base64url'))
  })
})

describe('decodeBase64url', () => {
  test('knows all 64 characters', () => {
    expect(Buffer.from(decode(characters)).toString('base64url')).toBe(characters)
  })

  test('takes empty text as no bytes', () => {
    expect(decode('')).toHaveLength(0)
  })

  test('accepts a text only if encoding its bytes gives the same text', () => {
    const near = fc.string({
      unit: fc.constantFrom(...alphabet, '=', '+', '/', ' ', '\n', '.', 'é'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(near, (text) => {
        const outcome = outcomeOf(() => decode(text))
        const canonical = Buffer.from(text, 'base64url').toString('base64url') === text
        expect(outcome).toBe(canonical ? 'accepted' : 'malformed')
        expect(base64urlFault(text, 'text') === undefined).toBe(canonical)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['padding', 'QQ=='],
    ['padding of one', 'QUI='],
    ['padding alone', '='],
    ['plus', 'ab+c'],
    ['slash', 'ab/c'],
    ['a space', 'ab c'],
    ['a line feed at the end', 'abcd\n'],
    ['a tab in front', '\tabcd'],
    ['a NUL', 'ab\0c'],
    ['a no-break space', 'ab\u00a0c'],
    ['a full-width letter', 'abc\uff21'],
    ['an Arabic digit', 'abc\u0661'],
    ['a character above U+00FF whose low byte is a letter', 'abc\u0141'],
    ['a dot', 'ab.c'],
    ['a surrogate pair', 'ab\u{1f511}c'],
    ['a length of 1', 'A'],
    ['a length of 5', 'AAAAA'],
    ['stray bits after one byte', 'QR'],
    ['stray bits after two bytes', 'QUJ'],
  ])('refuses %s (RFC 7515 §2)', (_name, text) => {
    expect(outcomeOf(() => decode(text))).toBe('malformed')
    expect(base64urlFault(text, 'text')?.code).toBe('malformed')
  })

  test('refuses all but one spelling of the last character of one and of two bytes', () => {
    const oneByte = alphabet.filter((last) => outcomeOf(() => decode(`Q${last}`)) === 'accepted')
    const twoBytes = alphabet.filter((last) => outcomeOf(() => decode(`QU${last}`)) === 'accepted')
    expect(oneByte).toHaveLength(4)
    expect(twoBytes).toHaveLength(16)
  })

  test('says what came and where, and never the text', () => {
    const { message } = refusal(() => decodeBase64url('c2VjcmV0LXZhbHVl=', 'payload'))
    expect(message).toContain('payload')
    expect(message).not.toContain('c2Vj')
    expect(refusal(() => decode('QQ==')).message).toContain('padding')
    expect(refusal(() => decode('a b=')).message).toContain('white space')
    expect(refusal(() => decode('a+b=')).message).toContain('other characters')
    expect(refusal(() => decode('QR')).message).toContain('stray bits')
  })
})

describe('without Node', () => {
  test('bytes have the same text, over the border of its pieces', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(portable.encodeBase64url(bytes)).toBe(encodeBase64url(bytes))
      }),
    )
    for (const length of [4095, 4096, 4097, 8192, 100_000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 151 + length) & 255)
      expect(portable.encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
    }
  })

  test('a text is taken, and its octets are, as on Node', () => {
    const near = fc.string({
      unit: fc.constantFrom(...alphabet, '=', '+', '/', ' ', '\n', '.', 'é', '\u0141'),
      maxLength: 9,
    })
    fc.assert(
      fc.property(near, (text) => {
        expect(portable.decodeCanonical(text)).toEqual(decodeCanonical(text))
      }),
      { numRuns: 3000 },
    )
    for (const last of alphabet)
      for (const text of [last, `Q${last}`, `QU${last}`, `QUJ${last}`, `QUJDR${last}`, `${last}\n`])
        expect(portable.decodeCanonical(text)).toEqual(decodeCanonical(text))
  })
})

describe('long texts, which the runtime decodes', () => {
  const sizes = fc.integer({ min: 480, max: 640 })
  const bytesOf = (size: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, at) => (at * 89 + size) & 255)

  test('decode to the same octets as short ones, at every length around the border', () => {
    for (let size = 500; size < 560; size += 1) {
      const text = encodeBase64url(bytesOf(size))
      expect(text).toBe(Buffer.from(bytesOf(size)).toString('base64url'))
      expect(Buffer.from(decode(text)).equals(bytesOf(size))).toBe(true)
    }
    const large = bytesOf(200_000)
    expect(Buffer.from(decode(encodeBase64url(large))).equals(large)).toBe(true)
  })

  test('are refused with anything that is not canonical, wherever it stands', () => {
    const stray = fc.constantFrom(
      '=',
      '+',
      '/',
      ' ',
      '\n',
      '.',
      '\0',
      '\u0141',
      '\u0241',
      '\uff21',
      '\u{1f511}',
      '\ud800',
    )
    fc.assert(
      fc.property(sizes, stray, fc.nat(), fc.boolean(), (size, character, place, insert) => {
        const text = encodeBase64url(bytesOf(size))
        const at = place % (text.length + 1)
        const bad = text.slice(0, at) + character + text.slice(insert ? at : at + 1)
        expect(outcomeOf(() => decode(bad))).toBe('malformed')
        expect(base64urlFault(bad, 'text')?.code).toBe('malformed')
        expect(outcomeOf(() => decodeBase64urlText(bad, 'text'))).toBe('malformed')
      }),
      { numRuns: 1000 },
    )
  })

  test('have one spelling of their last character', () => {
    for (const [size, spellings] of [
      [600, 64],
      [601, 4],
      [602, 16],
    ] as const) {
      const text = encodeBase64url(bytesOf(size))
      const accepted = alphabet.filter(
        (last) => outcomeOf(() => decode(text.slice(0, -1) + last)) === 'accepted',
      )
      expect(accepted).toHaveLength(spellings)
      expect(outcomeOf(() => decode(`${text}${size % 3 === 0 ? 'A' : '='}`))).toBe('malformed')
    }
  })
})

describe('text in base64url', () => {
  test('goes there and back for any text, short and long', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc.string({ unit: 'grapheme', minLength: 600, maxLength: 900 }),
      fc.string({ minLength: 600, maxLength: 900 }),
    )
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(!/\p{Surrogate}/u.test(value))
        const encoded = encodeBase64urlText(value, 'text')
        expect(encoded).toBe(Buffer.from(value, 'utf8').toString('base64url'))
        expect(decodeBase64urlText(encoded, 'text')).toBe(value)
      }),
    )
  })

  test('is refused when it has no UTF-8 form, and when octets are not UTF-8', () => {
    for (const length of [0, 2000]) {
      const filler = 'x'.repeat(length)
      expect(outcomeOf(() => encodeBase64urlText(`${filler}\ud800`, 'text'))).toBe('malformed')
      const octets = Buffer.concat([Buffer.from(filler), Buffer.of(0xff)])
      expect(outcomeOf(() => decodeBase64urlText(octets.toString('base64url'), 'text'))).toBe('malformed')
      const surrogate = Buffer.concat([Buffer.from(filler), Buffer.of(0xed, 0xa0, 0x80)])
      expect(outcomeOf(() => decodeBase64urlText(surrogate.toString('base64url'), 'text'))).toBe('malformed')
    }
  })
})
