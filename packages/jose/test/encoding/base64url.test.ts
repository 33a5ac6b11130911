import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url, checkBase64url } from '../../src/encoding/base64url.ts'
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
        expect(() => checkBase64url(text, 'text')).not.toThrow()
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
        expect(outcomeOf(() => checkBase64url(text, 'text')) === 'accepted').toBe(canonical)
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
    expect(outcomeOf(() => checkBase64url(text, 'text'))).toBe('malformed')
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
    expect(refusal(() => decode('a+b=')).message).toContain('plain base64')
    expect(refusal(() => decode('QR')).message).toContain('stray bits')
  })
})
