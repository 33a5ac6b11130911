import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { forge, sharedSecret, token } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const good = token({ sub: 'a' })
const [header, payload, signature] = good.split('.') as [string, string, string]
const refuse = (value: unknown) => refusal(() => decode(value as string, key))

test('the good token of this file is good', () => {
  expect(decode(good, key)).toEqual({ sub: 'a' })
})

describe('a token is text of three segments', () => {
  test.each([
    ['empty text', '', 'empty text'],
    ['one dot', `${header}.${payload}`, '1 dots'],
    ['no dot', header, '0 dots'],
    ['four segments', `${good}.`, '3 dots'],
    ['four segments, the first empty', `.${good}`, 'dots'],
    ['no header', `.${payload}.${signature}`, 'dots'],
    ['only dots', '..', 'dots'],
    ['five parts: a JWE', `${header}..AAAA.AAAA.AAAA`, 'JWE'],
    ['many dots', '.'.repeat(5000), 'many'],
    ['the JSON serialization (T18)', JSON.stringify({ protected: header, payload, signature }), 'JSON'],
    ['a Bearer prefix', `Bearer ${good}`, 'Bearer'],
    ['a bearer prefix in lower case', `bearer ${good}`, 'Bearer'],
    ['a space in front', ` ${good}`, 'white space'],
    ['a line feed behind', `${good}\n`, 'white space'],
    ['a tab behind', `${good}\t`, 'white space'],
  ])('%s is malformed, and the message says what came', (_name, value, words) => {
    const error = refuse(value)
    expect(error.code).toBe('malformed')
    expect(error.message).toContain(words)
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 42],
    ['bytes', new TextEncoder().encode(good)],
    ['an array', [good]],
    ['a boxed text (T60)', Object(good)],
    ['an object with toString (T60)', { toString: () => good, length: good.length }],
    ['a function', () => good],
    ['a promise', Promise.resolve(good)],
    ['true', true],
  ])('%s is no text', (_name, value) => {
    expect(refuse(value).code).toBe('malformed')
    expect(outcomeOf(() => decodeUnverified(value as string))).toBe('malformed')
  })
})

describe('T16 one signed content has one text (CVE-2026-102269)', () => {
  const mutations: [string, (segment: string) => string][] = [
    ['= padding', (text) => `${text}=`],
    ['== padding', (text) => `${text}==`],
    ['a line feed inside', (text) => `${text.slice(0, 5)}\n${text.slice(5)}`],
    ['a space inside', (text) => `${text.slice(0, 5)} ${text.slice(5)}`],
    ['a NUL behind', (text) => `${text}\0`],
    ['a plus', (text) => `+${text.slice(1)}`],
    ['a slash', (text) => `/${text.slice(1)}`],
    ['a full-width digit', (text) => `${text.slice(0, -1)}\uff11`],
    ['a letter whose low byte is a letter', (text) => `${text.slice(0, 4)}\u0141${text.slice(5)}`],
    ['a percent escape', (text) => `${text.slice(0, -1)}%41`],
  ]

  test.each(mutations)('%s in any segment is malformed', (_name, mutate) => {
    const tokens = [
      `${mutate(header)}.${payload}.${signature}`,
      `${header}.${mutate(payload)}.${signature}`,
      `${header}.${payload}.${mutate(signature)}`,
    ]
    expect(tokens.map((value) => refuse(value).code)).toEqual(['malformed', 'malformed', 'malformed'])
  })

  test('stray bits in the last character of any segment are malformed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // Sizes whose last character carries 2 or 4 bits of nothing; the MAC of HS256 has 2.
    for (const [at, value] of [token({ sub: 'ab' }), token({ sub: 'abc' }, { kid: 'a' })].entries()) {
      for (const [part, text] of value.split('.').entries()) {
        if (text.length % 4 === 0) continue
        const segments = value.split('.')
        const outcomes = Array.from(alphabet, (last) => {
          segments[part] = text.slice(0, -1) + last
          return outcomeOf(() => decode(segments.join('.'), key))
        })
        expect([at, part, outcomes.filter((outcome) => outcome === 'accepted').length]).toEqual([at, part, 1])
        expect(outcomes.filter((outcome) => outcome === 'malformed').length).toBeGreaterThanOrEqual(48)
      }
    }
  })
})

describe('limits', () => {
  const sized = (length: number): string => {
    for (let size = 0; ; size += 1) {
      const value = token({ data: 'x'.repeat(Math.floor((length - 90) * 0.75) - 40 + size) })
      if (value.length >= length) return value
    }
  }

  test('T53 a token of 16384 characters is read, a longer one is too_large', () => {
    const atLimit = sized(16_384)
    expect(atLimit).toHaveLength(16_384)
    expect(outcomeOf(() => decode(atLimit, key))).toBe('accepted')
    const above = sized(16_386)
    expect(refuse(above).code).toBe('too_large')
    expect(outcomeOf(() => decodeUnverified(above))).toBe('too_large')
  })

  test('T53 twenty million dots are too_large before anything splits them (CVE-2025-30204)', () => {
    expect(refuse('.'.repeat(20_000_000)).code).toBe('too_large')
    expect(outcomeOf(() => decodeUnverified('.'.repeat(20_000_000)))).toBe('too_large')
  })

  test('T54 a signature of 16 KB is refused', () => {
    expect(refuse(`${header}.${payload}.${'A'.repeat(12_000)}`).code).toBe('bad_signature')
    expect(refuse(`${header}.${payload}.${'A'.repeat(17_000)}`).code).toBe('too_large')
  })
})

describe('the verdict on a token is the same for a fresh verifier and one that has seen its header', () => {
  const policy = { issuer: null, audience: null, requireExp: false } as const
  const strange = { alg: 'HS256', kid: 'unknown' }
  const encoded = forge(strange, {}).split('.')[0]
  const cases: [string, string][] = [
    ['no signature', `${header}.${payload}.`],
    ['no payload', forge(JSON.parse(Buffer.from(header, 'base64url').toString()), '')],
    ['padding in the payload', `${header}.${payload}=.${signature}`],
    ['padding in the signature', `${header}.${payload}.${signature}=`],
    ['white space behind', `${good} `],
    ['another signature', `${header}.${payload}.${'A'.repeat(43)}`],
    ['a short signature', `${header}.${payload}.AAAA`],
    ['a payload that is no JSON', forge(JSON.parse(Buffer.from(header, 'base64url').toString()), 'x')],
    ['an unknown kid and a broken payload', `${encoded}.!!!!.${signature}`],
    ['an unknown kid and a broken signature', `${encoded}.${payload}.!!!!`],
    ['an unknown kid and no signature', `${encoded}.${payload}.`],
    ['too long, with padding in the payload', `${header}.${'A'.repeat(20_000)}=.${signature}`],
    ['too long, without a signature', `${header}.${'A'.repeat(20_000)}.`],
    ['too long', `${header}.${'A'.repeat(20_000)}.${signature}`],
  ]

  test.each(cases)('%s', (_name, value) => {
    const keys = { selectKeys: ({ kid }: { kid?: string }) => (kid === undefined ? [key] : []) }
    const fresh = createVerifier({ keys, ...policy })
    const used = createVerifier({ keys, ...policy })
    expect(used.safeVerifySync(good).ok).toBe(true)
    expect(used.safeVerifySync(forge(strange, {}))).toMatchObject({ code: 'key_not_found' })
    const first = outcomeOf(() => fresh.verifySync(value))
    expect(first).not.toBe('accepted')
    expect(outcomeOf(() => used.verifySync(value))).toBe(first)
    expect(outcomeOf(() => fresh.verifySync(value))).toBe(first)
  })
})
