/** Keys whose signatures somebody else makes. */
import { constants, createPrivateKey, sign } from 'node:crypto'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { AsymmetricAlgorithm } from '../../src/jwa/algorithm.ts'
import { exportJwk, exportPem } from '../../src/jwk/export.ts'
import { externalSigner, type ExternalSignerOptions } from '../../src/jwk/external-signer.ts'
import { importKey } from '../../src/jwk/import.ts'
import { isSignatureKey, type PrivateKey, type PublicKey } from '../../src/jwk/key.ts'
import { calculateThumbprint } from '../../src/jwk/thumbprint.ts'
import { signCompact, signGeneral, verifyCompact, verifyGeneral } from '../../src/jws/index.ts'
import { encode } from '../../src/jwt/encode.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { asymmetricAlgorithms, pairFor } from '../forge.ts'
import { decodeLater, turn } from '../later.ts'
import { outcomeLater, outcomeOf, rejection } from '../outcome.ts'

const policy = { issuer: null, audience: null } as const
const lasting = { exp: 4_000_000_000 }

/** What a service that holds the key of `pairFor` would answer. */
function signatureOf(
  algorithm: AsymmetricAlgorithm,
  data: Uint8Array,
  format: 'raw' | 'der' = 'raw',
): Uint8Array {
  const { privateKey } = pairFor(algorithm)
  const isHashless = /^(Ed|ML)/.test(algorithm)
  const hash = isHashless ? null : `sha${/\d{3}/.exec(algorithm)?.[0] ?? '256'}`
  const padding = algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  const dsaEncoding = format === 'raw' ? 'ieee-p1363' : 'der'
  return new Uint8Array(
    sign(hash, data, {
      key: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      dsaEncoding,
      ...padding,
    }),
  )
}

const publicKeyFor = async <A extends AsymmetricAlgorithm>(algorithm: A): Promise<PublicKey<A>> =>
  await importKey({ ...pairFor(algorithm).publicJwk, kid: 'outside' }, { algorithm, type: 'public' })

describe.each(asymmetricAlgorithms)('a signer of %s', (algorithm) => {
  test('signs what its public key verifies, at once and later, with and without the public key', async () => {
    const publicKey = await publicKeyFor(algorithm)
    const answers: ExternalSignerOptions['sign'][] = [
      (data) => signatureOf(algorithm, data),
      async (data) => signatureOf(algorithm, data),
    ]
    for (const answer of answers) {
      for (const options of [{ publicKey }, { kid: 'outside' }]) {
        const key = externalSigner({ algorithm, sign: answer, ...options })
        const token = await signJwt(lasting, key, {})
        const { header } = await verifyJwt(token, publicKey, policy)
        expect(header).toEqual({ typ: 'JWT', alg: algorithm, kid: 'outside' })
      }
    }
  })

  test('is refused when it answers with a signature of another length', async () => {
    for (const change of [
      (good: Uint8Array) => good.subarray(1),
      (good: Uint8Array) => Uint8Array.of(...good, 0),
    ]) {
      const publicKey = await publicKeyFor(algorithm)
      const key = externalSigner({
        algorithm,
        publicKey,
        sign: (data) => change(signatureOf(algorithm, data)),
      })
      expect(await outcomeLater(() => signJwt(lasting, key, {}))).toBe('key_invalid')
    }
  })
})

describe('the answer of a signer', () => {
  const make = async (options: Partial<ExternalSignerOptions<'ES256'>>): Promise<PrivateKey<'ES256'>> => {
    const publicKey = await publicKeyFor('ES256')
    return externalSigner({
      algorithm: 'ES256',
      publicKey,
      sign: (data) => signatureOf('ES256', data),
      ...options,
    })
  }
  const refusal = async (options: Partial<ExternalSignerOptions<'ES256'>>): Promise<string> => {
    const { code, message } = await rejection(signJwt(lasting, await make(options), {}))
    return `${code}: ${message}`
  }

  test('is verified under the public key before it is handed out', async () => {
    const other = (data: Uint8Array): Uint8Array =>
      new Uint8Array(
        sign('sha256', data, { key: pairFor('ES256', 'other').privateKey, dsaEncoding: 'ieee-p1363' }),
      )
    expect(await refusal({ sign: other })).toMatch(/^key_invalid: .*one that its public key verifies/)
    expect(await refusal({ sign: async (data) => other(data) })).toMatch(/^key_invalid/)
    expect(await refusal({ sign: (data) => signatureOf('ES256', data.fill(0)) })).toMatch(/^key_invalid/)
  })

  test.each([undefined, null, 'text', 5, {}, [1, 2], new ArrayBuffer(64), new Uint16Array(64)])(
    'that is no bytes is refused: %#',
    async (answer) => {
      expect(await refusal({ sign: () => answer as Uint8Array })).toMatch(/^key_invalid: .*expected bytes/)
      expect(await refusal({ sign: async () => answer as Uint8Array })).toMatch(
        /^key_invalid: .*expected bytes/,
      )
    },
  )

  test('may be a promise of another realm', async () => {
    const later = runInNewContext('(value) => Promise.resolve(value)') as <T>(value: T) => Promise<T>
    const foreign = (data: Uint8Array): Promise<Uint8Array> => later(signatureOf('ES256', data))
    expect(foreign(new Uint8Array()) instanceof Promise).toBe(false)
    const key = await make({ sign: foreign })
    expect(await outcomeLater(() => signJwt(lasting, key, {}))).toBe('accepted')
  })

  test('that never comes because the signer failed is keys_unavailable, with the cause', async () => {
    const cause = new Error('the service is down')
    const failing: ExternalSignerOptions['sign'][] = [
      () => {
        throw cause
      },
      () => Promise.reject(cause),
    ]
    for (const sign of failing) {
      const error = await rejection(signJwt(lasting, await make({ sign }), {}))
      expect([error.code, error.cause, error.message.includes('down')]).toEqual([
        'keys_unavailable',
        cause,
        false,
      ])
    }
  })

  test('that is zeros, or out of range, is refused without a public key too (CVE-2022-21449)', async () => {
    const zeros = externalSigner({ algorithm: 'ES256', sign: () => new Uint8Array(64) })
    const ones = externalSigner({ algorithm: 'ES256', sign: () => new Uint8Array(64).fill(255) })
    for (const key of [zeros, ones])
      expect(await outcomeLater(() => signJwt(lasting, key, {}))).toBe('key_invalid')
  })

  test('of RSA without a public key has the length of some modulus', async () => {
    const outcome = (length: number): Promise<string> =>
      outcomeLater(() =>
        signJwt(lasting, externalSigner({ algorithm: 'RS256', sign: () => new Uint8Array(length) }), {}),
      )
    expect(await Promise.all([255, 256, 2048, 2049].map(outcome))).toEqual([
      'key_invalid',
      'accepted',
      'accepted',
      'key_invalid',
    ])
  })

  test('is a copy: the signer may use its buffer again', async () => {
    const buffer = new Uint8Array(64)
    const key = externalSigner({
      algorithm: 'ES256',
      sign: (data) => {
        buffer.set(signatureOf('ES256', data))
        queueMicrotask(() => buffer.fill(0))
        return buffer
      },
    })
    expect(
      await outcomeLater(async () =>
        verifyJwt(await signJwt(lasting, key, {}), await publicKeyFor('ES256'), policy),
      ),
    ).toBe('accepted')
  })
})

describe.each(asymmetricAlgorithms.filter((name) => name.startsWith('ES')))(
  'a signer of %s that answers in DER',
  (algorithm) => {
    test('is read, and its signature is r ‖ s', async () => {
      const key = externalSigner({
        algorithm,
        signatureFormat: 'der',
        sign: (data) => signatureOf(algorithm, data, 'der'),
      })
      const publicKey = await publicKeyFor(algorithm)
      // Short numbers come up once in 256 signatures.
      for (let index = 0; index < 40; index += 1) {
        const token = encode({ index }, key)
        expect(await decodeLater(token, publicKey)).toEqual({ index })
      }
    })

    test('is refused for anything but the one encoding', async () => {
      const changes: ((der: Uint8Array) => Uint8Array)[] = [
        (der) => Uint8Array.of(...der, 0),
        (der) => der.subarray(0, -1),
        (der) => der.map((octet, at) => (at === 0 ? 0x31 : octet)),
        (der) => Uint8Array.of(0x30, 0x80, ...der.subarray(2), 0, 0),
        () => Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 1),
        () => Uint8Array.of(0x30, 6, 2, 1, 0x81, 2, 1, 1),
        () => Uint8Array.of(0x30, 7, 2, 2, 0, 1, 2, 1, 1),
        () => Uint8Array.of(0x30, 9, 2, 1, 1, 2, 1, 1, 2, 1, 1),
        () =>
          Uint8Array.of(
            0x30,
            0x81,
            140,
            2,
            67,
            ...new Uint8Array(67).fill(1),
            2,
            67,
            ...new Uint8Array(67).fill(1),
            0,
            0,
          ),
        (der) => signatureOf(algorithm, der),
        () => new Uint8Array(0),
      ]
      for (const change of changes) {
        const sign = (data: Uint8Array): Uint8Array => change(signatureOf(algorithm, data, 'der'))
        const key = externalSigner({ algorithm, signatureFormat: 'der', sign })
        expect(outcomeOf(() => encode({}, key))).toBe('key_invalid')
      }
    })
  },
)

describe('encode, which cannot wait', () => {
  test('takes a signer that answers at once', async () => {
    const key = externalSigner({ algorithm: 'Ed25519', sign: (data) => signatureOf('Ed25519', data) })
    expect(await decodeLater(encode({ a: 1 }, key), await publicKeyFor('Ed25519'))).toEqual({ a: 1 })
  })

  test('refuses one that answers later as unsupported, and its failure harms nobody', async () => {
    for (const sign of [
      async (data: Uint8Array) => signatureOf('ES256', data),
      () => Promise.reject(new Error('x')),
    ]) {
      const key = externalSigner({ algorithm: 'ES256', sign })
      expect(outcomeOf(() => encode({ a: 1 }, key))).toBe('unsupported')
    }
    await turn()
  })
})

describe('the key of a signer', () => {
  const signer = (): PrivateKey<'ES256'> =>
    externalSigner({ algorithm: 'ES256', sign: (data) => signatureOf('ES256', data) })

  test('is a private key of this library that gives nothing away', async () => {
    const key = externalSigner({
      algorithm: 'ES256',
      publicKey: await publicKeyFor('ES256'),
      sign: () => new Uint8Array(),
    })
    expect(isSignatureKey(key)).toBe(true)
    expect(key).toMatchObject({ type: 'private', algorithm: 'ES256', kid: 'outside', extractable: false })
    expect(Object.isFrozen(key)).toBe(true)
    for (const read of [exportJwk, exportPem]) expect(await outcomeLater(() => read(key))).toBe('key_invalid')
    expect(await calculateThumbprint(key)).toBe(await calculateThumbprint(pairFor('ES256').publicJwk))
    expect(key.publicKey.kid).toBe('outside')
  })

  test('without a public key can be looked at, and says so when it is asked for that', async () => {
    const key = signer()
    expect(inspect(key)).toContain('ES256')
    expect(JSON.parse(JSON.stringify(key))).toEqual({
      type: 'private',
      algorithm: 'ES256',
      extractable: false,
    })
    expect(outcomeOf(() => key.publicKey)).toBe('key_invalid')
    expect(await outcomeLater(() => calculateThumbprint(key))).toBe('unsupported')
  })

  test('cannot verify', async () => {
    const token = await signJwt(lasting, signer(), {})
    expect(await outcomeLater(() => verifyJwt(token, signer() as unknown as PublicKey, policy))).toBe(
      'key_invalid',
    )
  })

  test('signs every serialization', async () => {
    const publicKey = await publicKeyFor('ES256')
    const key = externalSigner({
      algorithm: 'ES256',
      publicKey,
      sign: async (data) => signatureOf('ES256', data),
    })
    const payload = new TextEncoder().encode('any octets')
    expect((await verifyCompact(await signCompact(payload, key), publicKey)).payload).toEqual(payload)
    const general = await signGeneral(payload, [{ key }])
    expect((await verifyGeneral(general, publicKey, { policy: 'all' })).payload).toEqual(payload)
  })
})

describe('externalSigner refuses', () => {
  const sign = (): Uint8Array => new Uint8Array(64)
  test.each([
    ['no options', undefined],
    ['no function', { algorithm: 'ES256' }],
    ['a function that is none', { algorithm: 'ES256', sign: 'sign' }],
    ['no algorithm', { sign }],
    ['an unknown algorithm', { algorithm: 'none', sign }],
    ['HMAC', { algorithm: 'HS256', sign }],
    ['an algorithm of encryption', { algorithm: 'RSA-OAEP', sign }],
    ['an unknown option', { algorithm: 'ES256', sign, alg: 'ES256' }],
    ['an undefined kid', { algorithm: 'ES256', sign, kid: undefined }],
    ['a kid that is no text', { algorithm: 'ES256', sign, kid: 5 }],
    ['an unknown format', { algorithm: 'ES256', sign, signatureFormat: 'asn1' }],
    ['DER for an algorithm that is not ECDSA', { algorithm: 'Ed25519', sign, signatureFormat: 'der' }],
  ])('%s', (_name, options) => {
    expect(outcomeOf(() => externalSigner(options as ExternalSignerOptions))).toBe('option_invalid')
  })

  test('a public key of another algorithm, or of no key of this library, or with another kid', async () => {
    const publicKey = await publicKeyFor('ES384')
    const outcome = (extra: object): string =>
      outcomeOf(() => externalSigner({ algorithm: 'ES256', sign, ...extra }))
    const privateKey = await importKey(pairFor('ES256').privateJwk)
    for (const bad of [publicKey, privateKey, pairFor('ES256').publicJwk, { ...publicKey }, null, 'pem'])
      expect(outcome({ publicKey: bad })).toBe('key_invalid')
    expect(outcome({ publicKey: await publicKeyFor('ES256'), kid: 'another' })).toBe('option_invalid')
  })
})
