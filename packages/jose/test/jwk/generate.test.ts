import { describe, expect, test } from 'vitest'
import { exportJwk, exportPem } from '../../src/jwk/export.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { calculateThumbprint } from '../../src/jwk/thumbprint.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode } from '../../src/jwt/encode.ts'
import { asymmetricAlgorithms, hmacAlgorithms } from '../forge.ts'
import { decodeLater, encodeLater } from '../later.ts'
import { outcomeLater } from '../outcome.ts'

test.each(asymmetricAlgorithms)(
  'makes a private key for %s with its public key and thumbprint',
  async (name) => {
    const key = await generateKey(name)
    expect(key).toMatchObject({ type: 'private', algorithm: name, extractable: false })
    expect(key.publicKey).toMatchObject({ type: 'public', algorithm: name, kid: key.kid })
    expect(key.kid).toBe(await calculateThumbprint(key.publicKey))
    expect(key.kid).toBe(await calculateThumbprint(await exportJwk(key.publicKey)))
    expect(key.kid).toMatch(/^[\w-]{43}$/)
    expect(await decodeLater(await encodeLater({ a: 1 }, key), key.publicKey)).toEqual({ a: 1 })
  },
)

test.each(hmacAlgorithms)('makes a secret for %s as long as its hash, with a key ID', async (name) => {
  const key = await generateKey(name)
  expect(key).toMatchObject({ type: 'secret', algorithm: name })
  const { k } = await exportJwk(key)
  expect(Buffer.from(String(k), 'base64url')).toHaveLength(Number(name.slice(2)) / 8)
  expect(key.kid).toBe(await calculateThumbprint(key))
  expect(decode(encode({ a: 1 }, key), key)).toEqual({ a: 1 })
})

test('never makes one key twice', async () => {
  const kids = await Promise.all(Array.from({ length: 20 }, async () => (await generateKey('HS256')).kid))
  expect(new Set(kids).size).toBe(20)
})

describe('extractable', () => {
  test('is off unless asked for', async () => {
    expect(await outcomeLater(async () => exportJwk(await generateKey('ES256')))).toBe('key_invalid')
    const key = await generateKey('ES256', { extractable: true })
    expect(Object.keys(await exportJwk(key)).sort()).toEqual([
      'alg',
      'crv',
      'd',
      'kid',
      'kty',
      'use',
      'x',
      'y',
    ])
    expect(await exportPem(key)).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  })

  test('must be a boolean', async () => {
    for (const extractable of ['false', 1, null])
      expect(await outcomeLater(() => generateKey('ES256', { extractable } as never))).toBe('option_invalid')
  })
})

test('makes RSA keys of 2048 bits and exponent 65537', async () => {
  const { n, e } = await exportJwk((await generateKey('RS256')).publicKey)
  expect(Buffer.from(String(n), 'base64url')).toHaveLength(256)
  expect(e).toBe('AQAB')
})

test.each(['none', 'es256', 'ES256k', 'dir', '', undefined, null, 256, '__proto__'])(
  'refuses the algorithm %j',
  async (name) => {
    expect(await outcomeLater(() => generateKey(name as 'ES256'))).toBe('unsupported')
  },
)

test.each([
  { extractible: true },
  { extractable: undefined },
  { modulusLength: 1024 },
  'extractable',
  [true],
])('refuses the options %j (T67)', async (options) => {
  expect(await outcomeLater(() => generateKey('ES256', options as never))).toBe('option_invalid')
})
