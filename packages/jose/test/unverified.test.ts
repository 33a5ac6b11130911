import { describe, expect, test } from 'vitest'
import * as room from '../src/unverified.ts'
import { decodeUnverified } from '../src/unverified.ts'
import { forge, segment, sharedSecret, signatureOf, token } from './forge.ts'
import { outcomeOf, refusal } from './outcome.ts'

describe('decodeUnverified', () => {
  test('opens any token of three parts, in a box that has to be opened on purpose', () => {
    const value = token({ sub: 'a' }, { kid: 'k' })
    const box = decodeUnverified(value)
    expect(Object.keys(box)).toEqual(['unverified'])
    expect(box.unverified.header).toEqual({ typ: 'JWT', alg: 'HS256', kid: 'k' })
    expect(box.unverified.claims).toEqual({ sub: 'a' })
    const signed = value.slice(0, value.lastIndexOf('.'))
    expect(Buffer.from(box.unverified.signature)).toEqual(signatureOf('HS256', sharedSecret, signed))
  })

  test('judges neither algorithm nor signature nor times: it shows what is there', () => {
    for (const header of [{ alg: 'none' }, { alg: 'XX' }, {}, { crit: ['x'], x: 1 }, { kid: 5 }]) {
      const value = `${segment(header)}.${segment({ exp: '1' })}.`
      expect(decodeUnverified(value).unverified).toMatchObject({ header, claims: { exp: '1' } })
    }
  })

  test.each([{ toString: 1, valueOf: 1 }, [], null, 5, true])('takes any alg for what it is: %j', (alg) => {
    expect(decodeUnverified(forge({ alg }, {})).unverified.header).toEqual({ alg })
  })

  test('takes as many characters as a verifier of the same algorithm (T53)', () => {
    const padded = (alg: string, length: number): string => {
      const token = `${segment({ alg })}.${segment({})}.`
      return token + 'A'.repeat(length - token.length)
    }
    const outcome = (alg: string, length: number): string =>
      outcomeOf(() => decodeUnverified(padded(alg, length)))
    for (const [alg, most] of [
      ['HS256', 16_384],
      ['ML-DSA-65', 65_536],
    ] as const) {
      expect(outcome(alg, most - 1)).not.toBe('too_large')
      expect(outcome(alg, most)).not.toBe('too_large')
      expect(outcome(alg, most + 1)).toBe('too_large')
    }
  })

  test.each([
    ['a header that is no JSON', forge('x', {})],
    ['a header that is a list', forge('[]', {})],
    ['claims that are no JSON', forge({}, 'x')],
    ['claims that are a list', forge({}, '[]')],
    ['claims that stand twice', forge({}, '{"a":1,"a":2}')],
    ['a member named __proto__', forge({}, '{"__proto__":{}}')],
    ['octets that are no UTF-8', forge({}, Uint8Array.of(0x7b, 0xff, 0x7d))],
    ['padding', `${token({})}=`],
    ['two parts', 'a.b'],
    ['a JWE', 'a.b.c.d.e'],
    ['a Bearer prefix', `Bearer ${token({})}`],
    ['no text', 5],
    ['empty text', ''],
  ])('refuses %s', (_name, value) => {
    expect(outcomeOf(() => decodeUnverified(value as string))).toBe('malformed')
  })

  test('names no content of the token in its messages', () => {
    expect(refusal(() => decodeUnverified(forge({}, '{"a":"hunter2"'))).message).not.toContain('hunter2')
  })
})

test('the room holds decodeUnverified alone', () => {
  expect(Object.keys(room)).toEqual(['decodeUnverified'])
})
