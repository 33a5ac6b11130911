import { describe, expect, test } from 'vitest'
import { supports } from '../../src/jwa/supports.ts'
import { exportJwk } from '../../src/jwk/export.ts'
import { encryptionSecret } from '../../src/jwk/encryption-secret.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { curves, lockerFor, password } from '../jwe/keys.ts'
import { outcomeLater, outcomeOf, refusal, rejection } from '../outcome.ts'

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index * 7 + 1)
const { open } = await lockerFor('ECDH-ES')
const privateJwk = await exportJwk(open)
const { d: _d, ...publicJwk } = privateJwk
const imported = (jwk: object, options: object = {}): Promise<string> =>
  outcomeLater(() => importKey(jwk as Jwk, options as never))

describe('encryptionSecret', () => {
  test.each([
    ['A128GCM', 16],
    ['A256GCM', 32],
    ['A128CBC-HS256', 32],
    ['A256CBC-HS512', 64],
    ['A192KW', 24],
    ['A256GCMKW', 32],
  ] as const)('%s takes %i octets and no other number', (algorithm, size) => {
    expect(encryptionSecret(algorithm, bytes(size))).toMatchObject({ type: 'secret', algorithm })
    for (const length of [size - 1, size + 1, size * 2]) {
      const { code, message } = refusal(() => encryptionSecret(algorithm, bytes(length)))
      expect(code).toBe('key_invalid')
      expect(message).toContain(`expected exactly ${size} bytes for ${algorithm}, got ${length}`)
    }
  })

  test('takes base64url and hex, and no text for an AES key: text is not random', () => {
    const hex = Buffer.from(bytes(16)).toString('hex')
    const base64url = Buffer.from(bytes(16)).toString('base64url')
    expect(outcomeOf(() => encryptionSecret('A128KW', { hex }))).toBe('accepted')
    expect(outcomeOf(() => encryptionSecret('A128KW', { base64url }))).toBe('accepted')
    const { code, message } = refusal(() => encryptionSecret('A128KW', 'sixteen letters!' as never))
    expect(code).toBe('key_invalid')
    expect(message).toContain('PBES2')
  })

  test('takes a password of as many octets as its algorithm wants (RFC 7518 §8.8)', () => {
    expect(outcomeOf(() => encryptionSecret('PBES2-HS512+A256KW', password))).toBe('accepted')
    expect(outcomeOf(() => encryptionSecret('PBES2-HS256+A128KW', 'fifteen letters'))).toBe('weak_key')
    expect(outcomeOf(() => encryptionSecret('PBES2-HS256+A128KW', 'sixteen letters!'))).toBe('accepted')
    const waived = { allowWeakKey: true } as const
    expect(outcomeOf(() => encryptionSecret('PBES2-HS256+A128KW', 'short', waived))).toBe('accepted')
  })

  test('refuses one octet repeated, a key of another kind, and nothing', () => {
    expect(outcomeOf(() => encryptionSecret('A128KW', new Uint8Array(16)))).toBe('weak_key')
    const pem = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----'
    expect(outcomeOf(() => encryptionSecret('PBES2-HS256+A128KW', pem))).toBe('key_invalid')
    expect(outcomeOf(() => encryptionSecret('A128KW', undefined))).toBe('key_invalid')
    expect(outcomeOf(() => encryptionSecret('PBES2-HS256+A128KW', ''))).toBe('key_invalid')
  })

  test.each(['HS256', 'RSA-OAEP', 'ECDH-ES', 'dir', 'RSA1_5', 'none', '', undefined])(
    'refuses %s, which is no algorithm of secrets',
    (algorithm) => {
      expect(outcomeOf(() => encryptionSecret(algorithm as 'A128KW', bytes(16)))).toBe('option_invalid')
    },
  )

  test('reads its options strictly', () => {
    for (const options of [{ allowWeak: true }, { allowWeakKey: 'yes' }, { allowWeakKey: undefined }])
      expect(outcomeOf(() => encryptionSecret('A128KW', bytes(16), options as never))).toBe('option_invalid')
  })
})

describe('importKey: keys for encryption', () => {
  test('refuses to guess what a key is for, and names what it could be for', async () => {
    const { alg: _alg, kid: _kid, ...open } = publicJwk
    const error = await rejection(importKey({ ...open, use: 'enc' }))
    expect(error.code).toBe('option_invalid')
    expect(error.message).toContain('ECDH-ES, ECDH-ES+A128KW')
    expect(await imported({ ...open, use: 'enc' }, { algorithm: 'ECDH-ES' })).toBe('accepted')
  })

  test('holds the option against what the key says of itself', async () => {
    const error = await rejection(importKey(publicJwk as Jwk, { algorithm: 'ECDH-ES+A256KW' } as never))
    expect(error.code).toBe('key_invalid')
    expect(error.message).toMatch(/for ECDH-ES, the option says ECDH-ES\+A256KW/)
  })

  test('says that a type speaks of signatures, unless the algorithm is named', async () => {
    expect(await imported(publicJwk, { type: 'public' })).toBe('option_invalid')
    expect(await imported(publicJwk, { type: 'public', algorithm: 'ECDH-ES' })).toBe('accepted')
  })

  test.each<[string, object, string]>([
    ['an algorithm of encryption that nobody should use', { alg: 'RSA1_5' }, 'unsupported'],
    ['the use of signatures', { use: 'sig' }, 'key_invalid'],
    ['operations of signatures', { key_ops: ['verify'] }, 'key_invalid'],
    ['an operation twice', { key_ops: ['deriveBits', 'deriveBits'] }, 'key_invalid'],
    ['another key type', { kty: 'RSA' }, 'key_invalid'],
    ['a curve that no agreement uses', { crv: 'secp256k1' }, 'key_invalid'],
    ['a curve of another key type', { crv: 'X25519' }, 'key_invalid'],
    ['a coordinate that is too short', { x: 'AAAA' }, 'key_invalid'],
    ['a point off its curve (CVE-2016-9121)', { y: publicJwk.x }, 'key_invalid'],
  ])('refuses a key with %s', async (_name, change, code) => {
    expect(await imported({ ...publicJwk, ...change })).toBe(code)
  })

  test('takes the operations that WebCrypto writes, none at all for the public half of an agreement', async () => {
    expect(await imported({ ...publicJwk, key_ops: [] })).toBe('accepted')
    expect(await imported({ ...privateJwk, key_ops: ['deriveKey', 'deriveBits'] })).toBe('accepted')
    expect(await imported({ ...privateJwk, key_ops: [] })).toBe('key_invalid')
    const secret = { kty: 'oct', alg: 'A128KW', k: Buffer.from(bytes(16)).toString('base64url') }
    expect(await imported({ ...secret, key_ops: ['wrapKey', 'unwrapKey'] })).toBe('accepted')
    expect(await imported({ ...secret, key_ops: ['encrypt'] })).toBe('key_invalid')
  })

  test('refuses a private key whose halves belong to different keys (CVE-2026-102275)', async () => {
    const second = await exportJwk((await lockerFor('ECDH-ES', 'P-256', 'second')).open)
    expect(await imported({ ...privateJwk, d: second.d })).toBe('key_invalid')
  })

  test('refuses a secret under an algorithm of pairs, and a pair under one of secrets', async () => {
    const secret = { kty: 'oct', k: Buffer.from(bytes(32)).toString('base64url') }
    expect(await imported(secret, { algorithm: 'ECDH-ES' })).toBe('key_invalid')
    const { alg: _alg, ...open } = publicJwk
    expect(await imported(open, { algorithm: 'A256KW' })).toBe('key_invalid')
  })

  test.each([
    ['X25519', '00'.repeat(32)],
    ['X25519', `01${'00'.repeat(31)}`],
    ['X25519', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['X448', '00'.repeat(56)],
  ] as const)('refuses a point of %s of low order (RFC 7748 §6)', async (crv, hex) => {
    const x = Buffer.from(hex, 'hex').toString('base64url')
    const has = await supports('ECDH-ES', { curve: crv })
    expect(await imported({ kty: 'OKP', crv, x, alg: 'ECDH-ES' })).toBe(has ? 'key_invalid' : 'unsupported')
  })
})

describe('generateKey: keys for encryption', () => {
  test.each(curves)('makes keys of agreement on %s, named by their thumbprint', async (curve) => {
    const key = await generateKey('ECDH-ES', { curve, extractable: true })
    expect(await exportJwk(key)).toMatchObject({ crv: curve, alg: 'ECDH-ES' })
    expect(key.kid).toMatch(/^[\w-]{43}$/)
    expect(key.publicKey.kid).toBe(key.kid)
  })

  test('takes P-256 unless told otherwise', async () => {
    expect(await exportJwk((await generateKey('ECDH-ES')).publicKey)).toMatchObject({ crv: 'P-256' })
  })

  test.each<[string, string, object]>([
    ['a curve that no agreement uses', 'ECDH-ES', { curve: 'secp256k1' }],
    ['a curve for a secret', 'A256KW', { curve: 'P-256' }],
    ['a password, which nobody can make up', 'PBES2-HS256+A128KW', {}],
  ])('refuses %s', async (_name, algorithm, options) => {
    expect(await outcomeLater(() => generateKey(algorithm as 'ECDH-ES', options))).toBe('option_invalid')
  })
})
