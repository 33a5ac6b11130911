import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { exportJwk } from '../../src/jwk/export.ts'
import { importKey } from '../../src/jwk/import.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { asymmetricAlgorithms, pairFor, sharedBytes } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const k = Buffer.from(sharedBytes).toString('base64url')
const ec = pairFor('ES256')
const okp = pairFor('Ed25519')

describe.each(asymmetricAlgorithms)('a JWK for %s', (algorithm) => {
  const { publicJwk, privateJwk } = pairFor(algorithm)

  test('is imported as the key it is, with its key ID', async () => {
    expect(await importKey(publicJwk)).toEqual({ type: 'public', algorithm })
    expect(await importKey({ ...publicJwk, kid: 'a' })).toEqual({ type: 'public', algorithm, kid: 'a' })
    const key = await importKey({ ...privateJwk, kid: 'a' })
    expect(key).toEqual({
      type: 'private',
      algorithm,
      kid: 'a',
      extractable: false,
      publicKey: { type: 'public', algorithm, kid: 'a' },
    })
  })

  test('comes out again as it went in', async () => {
    const own = await importKey(privateJwk, { extractable: true, type: 'private' })
    expect(await exportJwk(own)).toEqual({ ...privateJwk, use: 'sig' })
    expect(await exportJwk(own.publicKey)).toEqual({ ...publicJwk, use: 'sig' })
    expect(await exportJwk(await importKey(publicJwk))).toEqual({ ...publicJwk, use: 'sig' })
  })
})

describe('the algorithm of a JWK', () => {
  const bare = (jwk: Jwk): Jwk => {
    const { alg: _alg, ...rest } = jwk
    return rest
  }

  test('is implied by an EC or Ed25519 curve', async () => {
    expect(await importKey(bare(ec.publicJwk))).toMatchObject({ algorithm: 'ES256' })
    expect(await importKey(bare(pairFor('ES512').publicJwk))).toMatchObject({ algorithm: 'ES512' })
    expect(await importKey(bare(okp.publicJwk))).toMatchObject({ algorithm: 'Ed25519' })
  })

  test('must be named for RSA and for secrets, which could be for several', async () => {
    const rsa = bare(pairFor('RS256').publicJwk)
    const error = await rejection(importKey(rsa))
    expect(error.code).toBe('option_invalid')
    expect(error.message).toMatch(/RS256.*PS512/)
    expect(await importKey(rsa, { algorithm: 'PS256' })).toMatchObject({ algorithm: 'PS256' })
    expect(await outcomeLater(() => importKey({ kty: 'oct', k }))).toBe('option_invalid')
    expect(await importKey({ kty: 'oct', k }, { algorithm: 'HS512' })).toMatchObject({ algorithm: 'HS512' })
  })

  test('cannot be changed by the option, but Ed25519 goes by either of its names', async () => {
    const rsa = pairFor('RS256').publicJwk
    expect(await outcomeLater(() => importKey(rsa, { algorithm: 'PS256' }))).toBe('key_invalid')
    expect(await outcomeLater(() => importKey(rsa, { algorithm: 'RS256' }))).toBe('accepted')
    expect(await importKey(okp.publicJwk, { algorithm: 'EdDSA' })).toMatchObject({ algorithm: 'EdDSA' })
    const old = pairFor('EdDSA').publicJwk
    expect(await importKey(old, { algorithm: 'Ed25519' })).toMatchObject({ algorithm: 'Ed25519' })
  })

  test.each([
    ['ES256', pairFor('ES384').publicJwk],
    ['ES384', ec.publicJwk],
    ['ES512', ec.publicJwk],
    ['ES256', pairFor('RS256').publicJwk],
    ['ES256', okp.publicJwk],
    ['RS256', ec.publicJwk],
    ['Ed25519', ec.publicJwk],
    ['HS256', pairFor('RS256').publicJwk],
    ['HS256', ec.publicJwk],
    ['RS256', { kty: 'oct', k }],
  ] as const)('%s takes no key of another kind (T3, CVE-2022-23541): %#', async (algorithm, jwk) => {
    expect(await outcomeLater(() => importKey(bare(jwk as Jwk), { algorithm }))).toBe('key_invalid')
    expect(await outcomeLater(() => importKey({ ...bare(jwk as Jwk), alg: algorithm }))).toBe('key_invalid')
  })

  test.each(['none', 'ES256k', 'es256', 'RSA1_5'])(
    'of the JWK must be one that signs or encrypts: %s',
    async (alg) => {
      expect(await outcomeLater(() => importKey({ ...ec.publicJwk, alg }))).toBe('unsupported')
    },
  )

  test.each(['none', 'es256', '', null, 5, ['ES256']])(
    'of the option must be known: %j',
    async (algorithm) => {
      const options = { algorithm } as { algorithm: 'ES256' }
      expect(await outcomeLater(() => importKey(ec.publicJwk, options))).toBe('option_invalid')
    },
  )

  test.each([
    ['P-224', { ...bare(ec.publicJwk), crv: 'P-224' }],
    ['EC without a curve', { kty: 'EC', x: ec.publicJwk.x, y: ec.publicJwk.y }],
    ['an unknown key type', { kty: 'LWE' }],
  ])('is not found for %s', async (_name, jwk) => {
    expect(await outcomeLater(() => importKey(jwk as Jwk))).toBe('unsupported')
  })
})

describe('a secret as a JWK', () => {
  test('is imported with its key ID, and as strictly as secret() does', async () => {
    const key = await importKey({ kty: 'oct', k, alg: 'HS256', kid: 's1' }, { type: 'secret' })
    expect(key).toEqual({ type: 'secret', algorithm: 'HS256', kid: 's1' })
    expect(await exportJwk(key)).toEqual({ kty: 'oct', k, alg: 'HS256', kid: 's1', use: 'sig' })
    const outcome = (value: unknown) =>
      outcomeLater(() => importKey({ kty: 'oct', k: value, alg: 'HS256' } as Jwk))
    expect(await outcome('c2hvcnQ')).toBe('weak_key')
    expect(await outcome('')).toBe('key_invalid')
    expect(await outcome(undefined)).toBe('key_invalid')
    expect(await outcome(`${k}=`)).toBe('key_invalid')
    const der = ec.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url')
    expect(await outcome(der)).toBe('key_invalid')
  })

  test('may be weak with the explicit word', async () => {
    const jwk = { kty: 'oct', k: 'c2hvcnQ', alg: 'HS256' }
    expect(await outcomeLater(() => importKey(jwk, { allowWeakKey: true }))).toBe('accepted')
  })
})

describe('importKey refuses', () => {
  test('a private key whose public members are of another key (CVE-2026-102275)', async () => {
    const other = pairFor('ES256', 'other')
    const otherEd = pairFor('Ed25519', 'other')
    const otherRsa = pairFor('RS256', 'other')
    const mixed = [
      { ...ec.privateJwk, x: other.publicJwk.x, y: other.publicJwk.y },
      { ...ec.privateJwk, d: other.privateJwk.d },
      { ...okp.privateJwk, x: otherEd.publicJwk.x },
      { ...okp.privateJwk, d: otherEd.privateJwk.d },
      { ...pairFor('RS256').privateJwk, n: otherRsa.publicJwk.n },
    ]
    const outcomes = await Promise.all(mixed.map((jwk) => outcomeLater(() => importKey(jwk as Jwk))))
    expect(outcomes).toEqual(mixed.map(() => 'key_invalid'))
  })

  test('an RSA key whose d, p, q, dp, dq or qi is of another key', async () => {
    const own = pairFor('RS256').privateJwk
    const other = pairFor('RS256', 'other').privateJwk
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const) {
      const outcome = await outcomeLater(() => importKey({ ...own, [name]: other[name] }))
      expect([name, outcome]).toEqual([name, 'key_invalid'])
    }
  })

  test('a point that is not on its curve, zero, and coordinates above the prime', async () => {
    const { publicJwk } = ec
    const point = (x: Buffer, y: Buffer): Jwk => ({
      ...publicJwk,
      x: x.toString('base64url'),
      y: y.toString('base64url'),
    })
    const bad = [
      { ...publicJwk, y: publicJwk.x } as Jwk,
      point(Buffer.alloc(32), Buffer.alloc(32)),
      point(Buffer.alloc(32, 255), Buffer.alloc(32, 255)),
      { ...publicJwk, x: pairFor('ES256', 'other').publicJwk.x } as Jwk,
    ]
    for (const jwk of bad) expect(await outcomeLater(() => importKey(jwk))).toBe('key_invalid')
  })

  test('a private scalar of zero, of the order of the curve, and above it', async () => {
    const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
    for (const hex of ['00'.repeat(32), order, 'ff'.repeat(32)]) {
      const d = Buffer.from(hex, 'hex').toString('base64url')
      expect(await outcomeLater(() => importKey({ ...ec.privateJwk, d }))).toBe('key_invalid')
    }
  })

  test('RSA keys below 2048 bits, in every form (T13)', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const sources = [
      publicKey.export({ format: 'jwk' }) as Jwk,
      privateKey.export({ format: 'jwk' }) as Jwk,
      publicKey.export({ format: 'pem', type: 'spki' }) as string,
      privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    ]
    for (const source of sources)
      expect(await outcomeLater(() => importKey(source, { algorithm: 'RS256' }))).toBe('weak_key')
  })

  test('a key that is for something else (use, key_ops)', async () => {
    const outcome = (members: object) => outcomeLater(() => importKey({ ...ec.publicJwk, ...members }))
    expect(await outcome({ use: 'enc' })).toBe('key_invalid')
    expect(await outcome({ key_ops: ['sign'] })).toBe('key_invalid')
    expect(await outcome({ key_ops: ['verify'], use: 'sig' })).toBe('accepted')
    const own = (members: object) => outcomeLater(() => importKey({ ...ec.privateJwk, ...members }))
    expect(await own({ key_ops: ['verify'] })).toBe('key_invalid')
    expect(await own({ key_ops: ['sign'] })).toBe('accepted')
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['a function', () => ec.publicJwk],
    ['a boolean', true],
    ['an array', [ec.publicJwk]],
    ['a JWK Set', { keys: [ec.publicJwk] }],
    ['a key object of node:crypto', createPublicKey(ec.publicKey.export({ format: 'pem', type: 'spki' }))],
    ['a JWK as text', JSON.stringify(ec.publicJwk)],
    ['empty text', ''],
    ['no bytes', new Uint8Array()],
    ['an object without members', {}],
  ])('%s in place of a key', async (_name, source) => {
    expect(await outcomeLater(() => importKey(source as Jwk))).toBe('key_invalid')
  })

  test('a key of another type than the option asks for', async () => {
    expect(await outcomeLater(() => importKey(ec.privateJwk, { type: 'public' }))).toBe('key_invalid')
    expect(await outcomeLater(() => importKey(ec.publicJwk, { type: 'private' }))).toBe('key_invalid')
    expect(await outcomeLater(() => importKey(ec.publicJwk, { type: 'secret' }))).toBe('key_invalid')
  })

  test('unknown options, values of undefined, and flags that are no booleans (T67)', async () => {
    const outcome = (options: unknown) => outcomeLater(() => importKey(ec.privateJwk, options as object))
    expect(await outcome({ alg: 'ES256' })).toBe('option_invalid')
    expect(await outcome({ algorithm: undefined })).toBe('option_invalid')
    expect(await outcome({ extractable: 'false' })).toBe('option_invalid')
    expect(await outcome({ allowWeakKey: 1 })).toBe('option_invalid')
    expect(await outcome({ type: 'key' })).toBe('option_invalid')
    expect(await outcome('ES256')).toBe('option_invalid')
  })
})

test('errors of importKey hold no key material', async () => {
  const d = String(ec.privateJwk.d)
  const error = await rejection(importKey({ ...ec.privateJwk, x: d }))
  expect(error.message).not.toContain(d.slice(0, 8))
  expect(JSON.stringify(error)).not.toContain(d.slice(0, 8))
})
