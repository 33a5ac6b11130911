import { describe, expect, test } from 'vitest'
import { decodeUnverified } from '../../src/unverified.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { asymmetricAlgorithms, hmacAlgorithms, pairFor, sharedSecret, signatureOf } from '../forge.ts'
import { decodeLater, encodeLater } from '../later.ts'
import { outcomeLater, outcomeOf } from '../outcome.ts'

test.each(hmacAlgorithms)('%s signatures are those of node:crypto', (algorithm) => {
  const [header, payload, signature] = encode({ a: '한국어' }, secret(algorithm, sharedSecret)).split('.')
  const expected = signatureOf(algorithm, sharedSecret, `${header}.${payload}`)
  expect(signature).toBe(expected.toString('base64url'))
})

test('keys and algorithms that take turns never mix (the fast way shares its buffers)', () => {
  const keys = hmacAlgorithms.flatMap((algorithm) =>
    ['one', 'two', 'three'].map((name) => ({
      algorithm,
      text: `${name} ${sharedSecret}${'.'.repeat(name.length * 30)}`,
    })),
  )
  const made = keys.map((key) => ({ ...key, key: secret(key.algorithm, key.text) }))
  for (let round = 0; round < 20; round += 1) {
    for (const [index, { algorithm, text, key }] of made.entries()) {
      const token = encode({ round, text: 'x'.repeat((round * 37 + index * 11) % 700) }, key)
      const at = token.lastIndexOf('.')
      expect(token.slice(at + 1)).toBe(signatureOf(algorithm, text, token.slice(0, at)).toString('base64url'))
      const accepted = made.filter((other) => outcomeOf(() => decode(token, other.key)) === 'accepted')
      expect(accepted).toHaveLength(1)
    }
  }
})

test.each(asymmetricAlgorithms)(
  '%s: encode and signJwt make tokens that its public key verifies',
  async (name) => {
    const key = await importKey(pairFor(name).privateJwk, { type: 'private' })
    const claims = { sub: 'a', exp: 4_000_000_000 }
    for (const token of [await encodeLater(claims, key), await signJwt(claims, key, {})]) {
      expect(decodeUnverified(token).unverified.header).toEqual({ typ: 'JWT', alg: name })
      expect(await decodeLater(token, key.publicKey)).toMatchObject(claims)
    }
  },
)

describe('a token that no verifier would take is not signed', () => {
  test('because it is longer than 16384 characters', async () => {
    const key = secret('HS256', sharedSecret)
    expect(outcomeOf(() => encode({ data: 'x'.repeat(12_200) }, key))).toBe('accepted')
    expect(outcomeOf(() => encode({ data: 'x'.repeat(12_300) }, key))).toBe('too_large')
    const sign = () => signJwt({ data: 'x'.repeat(12_300) }, key, { expiresIn: '1m' })
    expect(await outcomeLater(sign)).toBe('too_large')
  })
})

describe('a key that cannot sign', () => {
  test('is refused: a public key, a key of nobody, a missing one', async () => {
    const { publicKey } = await generateKey('ES256')
    const keys: unknown[] = [
      publicKey,
      undefined,
      null,
      {},
      5,
      pairFor('ES256').privateJwk,
      pairFor('ES256').privateKey,
      { type: 'private', algorithm: 'ES256' },
    ]
    for (const key of keys) {
      expect(outcomeOf(() => encode({}, key as string))).toBe('key_invalid')
      expect(await outcomeLater(() => signJwt({}, key as never, { expiresIn: 1 }))).toBe('key_invalid')
    }
  })
})
