import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { forge, hmacAlgorithms } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'
import { keyEncodings } from './key-encodings.ts'

describe('T5 public keys in any dress are no secret, for any algorithm and with every waiver', () => {
  test.each(keyEncodings)('%s', (_name, source) => {
    for (const algorithm of hmacAlgorithms) {
      const error = refusal(() => secret(algorithm, source, { allowWeakKey: true }))
      expect(error.code).toBe('key_invalid')
      expect(error.message).toContain('importKey')
    }
  })

  test.each(keyEncodings)('%s, as a raw key of decode and encode', (_name, source) => {
    const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
    const forged = forge({ alg: 'HS256' }, { sub: 'admin' }, { key: bytes })
    const options = { allowWeakKey: true, algorithms: ['HS256'] } as const
    expect(outcomeOf(() => decode(forged, source, options))).toBe('key_invalid')
    const sign = () => encode({ sub: 'a' }, source, { algorithm: 'HS256', allowWeakKey: true })
    expect(outcomeOf(sign)).toBe('key_invalid')
  })
})

describe('proper secrets are not mistaken for keys', () => {
  test('random bytes, and their base64, base64url and hex texts', () => {
    const source = fc.uint8Array({ minLength: 32, maxLength: 96 }).chain((bytes) => {
      const { buffer } = { buffer: Buffer.from(bytes) }
      return fc.constantFrom(
        bytes,
        buffer.toString('base64'),
        buffer.toString('base64url'),
        buffer.toString('hex'),
        { base64url: buffer.toString('base64url') },
        { hex: buffer.toString('hex') },
      )
    })
    fc.assert(
      fc.property(source, (secretSource) => {
        const outcome = outcomeOf(() => secret('HS256', secretSource, { allowWeakKey: true }))
        expect(outcome).toBe('accepted')
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    'correct horse battery staple, but longer than that',
    'we BEGIN at nine and END at five; the public key is under the mat',
    'a-secret--with-dashes---in-it-----and-more------------',
    '{"not":"a key","but":"a secret in JSON, as some have it"}',
    'my-ssh-rsa-passphrase-that-is-long-enough-to-be-used',
    '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'MII is how this secret begins, but it is no key at all',
  ])('%j', (text) => {
    expect(outcomeOf(() => secret('HS256', text))).toBe('accepted')
  })
})
