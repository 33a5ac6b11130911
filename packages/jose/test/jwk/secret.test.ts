import { describe, expect, test } from 'vitest'
import { exportJwk } from '../../src/jwk/export.ts'
import { secret } from '../../src/jwk/secret.ts'
import { encode } from '../../src/jwt/encode.ts'
import { forge, hmacAlgorithms, sharedBytes, sharedSecret, signatureOf } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const least = { HS256: 32, HS384: 48, HS512: 64 } as const
const randomBytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 197 + 61) & 255)

describe('secret', () => {
  test('takes text as its UTF-8, bytes, { base64url } and { hex } alike', async () => {
    const bytes = Buffer.from(sharedSecret)
    const sources = [
      sharedSecret,
      sharedBytes,
      bytes,
      { base64url: bytes.toString('base64url') },
      { hex: bytes.toString('hex') },
    ]
    for (const source of sources)
      expect(await exportJwk(secret('HS512', source))).toMatchObject({ k: bytes.toString('base64url') })
  })

  test('takes text beyond ASCII as UTF-8', () => {
    const text = '비밀은 서른두 바이트보다 길어야 합니다'
    const expected = forge({ typ: 'JWT', alg: 'HS256' }, { a: 1 }, { key: Buffer.from(text, 'utf8') })
    expect(encode({ a: 1 }, secret('HS256', text))).toBe(expected)
  })

  test('is frozen, knows its algorithm and has no key ID', () => {
    const key = secret('HS384', sharedSecret)
    expect(key).toEqual({ type: 'secret', algorithm: 'HS384' })
    expect(Object.isFrozen(key)).toBe(true)
  })

  test('does not change when the bytes that it was made of change', () => {
    const bytes = randomBytes(32)
    const key = secret('HS256', bytes)
    const before = encode({ a: 1 }, key)
    bytes.fill(0)
    expect(encode({ a: 1 }, key)).toBe(before)
  })

  test('signs with exactly the octets of the view it was given', () => {
    const part = randomBytes(100).subarray(10, 50)
    const [header, payload, signature] = encode({ a: 1 }, secret('HS256', part)).split('.')
    expect(signature).toBe(signatureOf('HS256', part, `${header}.${payload}`).toString('base64url'))
  })
})

describe.each(hmacAlgorithms)('the length of a secret for %s (RFC 7518 §3.2, T13)', (algorithm) => {
  const minimum = least[algorithm]

  test('is at least that of the hash', () => {
    expect(outcomeOf(() => secret(algorithm, randomBytes(minimum)))).toBe('accepted')
    expect(outcomeOf(() => secret(algorithm, randomBytes(minimum + 1)))).toBe('accepted')
    expect(outcomeOf(() => secret(algorithm, randomBytes(minimum - 1)))).toBe('weak_key')
    expect(outcomeOf(() => secret(algorithm, 'a'))).toBe('weak_key')
  })

  test('counts octets, not characters', () => {
    const text = '가나다라마바사아자차카타파하'
    const long = text.repeat(Math.ceil(minimum / 42))
    expect(outcomeOf(() => secret(algorithm, long))).toBe('accepted')
    expect(outcomeOf(() => secret(algorithm, { base64url: 'QUJD'.repeat(Math.ceil(minimum / 4)) }))).toBe(
      'weak_key',
    )
  })

  test('may be shorter with the explicit word, and the message names it and a way to a proper one', () => {
    expect(outcomeOf(() => secret(algorithm, 'a', { allowWeakKey: true }))).toBe('accepted')
    const { message } = refusal(() => secret(algorithm, 'hunter2'))
    expect(message).toContain('allowWeakKey')
    expect(message).toContain(`keygen ${algorithm}`)
    expect(message).toContain(String(minimum))
    expect(message).not.toContain('hunter2')
  })

  test('does not count when one octet is repeated', () => {
    expect(outcomeOf(() => secret(algorithm, new Uint8Array(minimum)))).toBe('weak_key')
    expect(outcomeOf(() => secret(algorithm, 'x'.repeat(100)))).toBe('weak_key')
  })
})

describe('secret refuses', () => {
  test.each([
    ['undefined (a missing environment variable)', undefined],
    ['null', null],
    ['empty text (T12)', ''],
    ['no bytes (T12)', new Uint8Array()],
    ['empty base64url', { base64url: '' }],
    ['empty hex', { hex: '' }],
    ['a number', 12_345_678],
    ['a boolean', true],
    ['an array of numbers', [1, 2, 3]],
    ['an ArrayBuffer', new ArrayBuffer(64)],
    ['a DataView', new DataView(new ArrayBuffer(64))],
    ['wider integers', new Uint16Array(64)],
    ['a function', () => sharedSecret],
    ['an object with toString (T60)', { toString: () => sharedSecret }],
    ['a boxed text (T60)', Object(sharedSecret)],
    ['a JWK object', { kty: 'oct', k: Buffer.from(sharedBytes).toString('base64url') }],
    ['hex and base64url together', { hex: 'aa'.repeat(32), base64url: 'QUJD'.repeat(20) }],
    ['hex of odd length', { hex: 'a'.repeat(65) }],
    ['hex with 0x', { hex: `0x${'aa'.repeat(32)}` }],
    ['base64 with padding', { base64url: `${'QUJD'.repeat(11)}QQ==` }],
    ['base64 in place of base64url', { base64url: '+/+/'.repeat(12) }],
    ['hex that is no text', { hex: randomBytes(32) }],
  ])('%s: key_invalid', (_name, source) => {
    expect(outcomeOf(() => secret('HS256', source as string))).toBe('key_invalid')
    expect(outcomeOf(() => secret('HS256', source as string, { allowWeakKey: true }))).toBe('key_invalid')
  })

  test('a missing variable with a message that asks for it', () => {
    expect(refusal(() => secret('HS256', undefined)).message).toContain('is the variable set?')
  })

  test('text with a lone surrogate, which has no UTF-8 form', () => {
    expect(outcomeOf(() => secret('HS256', `${'x1'.repeat(20)}\ud800`))).not.toBe('accepted')
  })

  test.each(['RS256', 'none', 'hs256', 'HS128', '', undefined, null, 5, '__proto__', ['HS256']])(
    'the algorithm %j: option_invalid',
    (algorithm) => {
      expect(outcomeOf(() => secret(algorithm as 'HS256', sharedSecret))).toBe('option_invalid')
    },
  )

  test('unknown options, and flags that are no booleans', () => {
    const weak = (options: unknown) =>
      outcomeOf(() => secret('HS256', 'a', options as { allowWeakKey: true }))
    expect(weak({ allowWeak: true })).toBe('option_invalid')
    expect(weak({ allowWeakKey: undefined })).toBe('option_invalid')
    expect(weak({ allowWeakKey: 'false' })).toBe('option_invalid')
    expect(weak({ allowWeakKey: 1 })).toBe('option_invalid')
    expect(weak('allowWeakKey')).toBe('option_invalid')
  })
})
