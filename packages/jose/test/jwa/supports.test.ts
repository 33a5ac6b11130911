import { beforeAll, describe, expect, test } from 'vitest'
import type * as Jose from '../../src/index.ts'
import type { AgreementCurve } from '../../src/crypto/cipher-scheme.ts'
import { runtimeName } from '../../src/crypto/runtime-name.ts'
import { contentEncryptionAlgorithms } from '../../src/jwa/content-encryption-algorithms.ts'
import { keyManagementAlgorithms } from '../../src/jwa/key-management-algorithms.ts'
import { signatureAlgorithms } from '../../src/jwa/signature-algorithms.ts'
import { supports } from '../../src/jwa/supports.ts'
import { decryptCompact, encryptCompact } from '../../src/jwe/index.ts'
import { signCompact, verifyCompact } from '../../src/jws/index.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import {
  agreements,
  contentEncryptions,
  curves,
  keyWraps,
  lockerFor,
  optionsFor,
  passwords,
  transports,
} from '../jwe/keys.ts'
import { allAsymmetricAlgorithms, hmacAlgorithms, pairFor } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { loadPortable } from '../portable.ts'

const answer = (has: boolean): string => (has ? 'accepted' : 'unsupported')

describe('supports tells the truth', () => {
  test.each([...hmacAlgorithms, ...allAsymmetricAlgorithms])('about signing with %s', async (name) => {
    const attempt = outcomeLater(async () => {
      const key = await generateKey(name)
      await verifyCompact(await signCompact('x', key), key.type === 'private' ? key.publicKey : key)
    })
    expect(await attempt).toBe(answer(await supports(name)))
  })

  test.each([...contentEncryptions, ...keyWraps, ...passwords, ...transports])(
    'about encrypting with %s',
    async (name) => {
      const { encrypt, decrypt } = optionsFor(name)
      const attempt = outcomeLater(async () => {
        const { lock, open } = await lockerFor(name)
        await decryptCompact(await encryptCompact('x', lock, encrypt), open, decrypt)
      })
      expect(await attempt).toBe(answer(await supports(name)))
    },
  )

  test.each(agreements.flatMap((name) => curves.map((curve) => [name, curve] as const)))(
    'about encrypting with %s on %s',
    async (name, curve) => {
      const attempt = outcomeLater(async () => {
        const { lock, open } = await lockerFor(name, curve)
        await decryptCompact(await encryptCompact('x', lock), open)
      })
      expect(await attempt).toBe(answer(await supports(name, { curve })))
    },
  )

  test('about every name of the tables', async () => {
    const names = [...signatureAlgorithms, ...contentEncryptionAlgorithms, ...keyManagementAlgorithms]
    const tried = [...hmacAlgorithms, ...allAsymmetricAlgorithms, ...contentEncryptions, ...keyWraps]
    expect(new Set(names)).toEqual(new Set([...tried, ...passwords, ...transports, ...agreements, 'dir']))
    expect(await supports('dir')).toBe(true)
  })
})

test.each(['none', 'es256', 'RSA1_5', 'A256', '', '__proto__', undefined, null, 5])(
  'supports says no to %j, which is no algorithm',
  async (name) => {
    expect(await supports(name as string)).toBe(false)
  },
)

test.each([
  ['ES256', { curve: 'P-256' }],
  ['A256KW', { curve: 'P-256' }],
  ['ECDH-ES', { curve: 'P-224' as AgreementCurve }],
  ['ECDH-ES', { curve: undefined }],
  ['ECDH-ES', { kurve: 'X448' }],
] as const)('supports refuses the options of %s: %j', async (name, options) => {
  expect(await outcomeLater(() => supports(name, options as object))).toBe('option_invalid')
})

test('the curve of ECDH-ES is P-256 unless told otherwise', async () => {
  expect(await supports('ECDH-ES')).toBe(true)
})

test('what is missing is refused with its name and that of the runtime', async () => {
  for (const name of allAsymmetricAlgorithms) {
    if (await supports(name)) continue
    const error = await rejection(generateKey(name))
    expect([error.code, error.message]).toEqual(['unsupported', `${runtimeName()} has no ${name}`])
  }
})

describe('with WebCrypto alone', () => {
  let portable: typeof Jose
  beforeAll(async () => {
    portable = await loadPortable(() => import('../../src/index.ts'))
  })

  test.each(signatureAlgorithms)('%s signs and verifies, or is unsupported', async (name) => {
    const attempt = outcomeLater(async () => {
      const key = await portable.generateKey(name)
      const verificationKey = key.type === 'private' ? key.publicKey : key
      const token = await portable.signJwt({ a: 1 }, key, { expiresIn: '1m' })
      const policy = { issuer: null, audience: null }
      expect((await portable.verifyJwt(token, verificationKey, policy)).claims).toMatchObject({ a: 1 })
    })
    expect(await attempt).toBe(answer(await portable.supports(name)))
  })

  test('ES256K is unsupported, and the message says where', async () => {
    expect(await portable.supports('ES256K')).toBe(false)
    const error = await rejection(portable.generateKey('ES256K'))
    expect([error.code, error.message]).toEqual(['unsupported', `${runtimeName()} has no ES256K`])
  })
})

test('a key of an algorithm that is missing is refused as such, also when the runtime blames the key', async () => {
  for (const name of ['ES256K', 'Ed448'] as const)
    expect(await outcomeLater(() => importKey(pairFor(name).publicJwk))).toBe(answer(await supports(name)))
})
