/** Algorithms, keys and the decryption itself: what the reader of a JWE refuses, and what it says. */
import { createHmac } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { encryptContent } from '../../src/crypto/content-cipher.ts'
import type { DecryptOptions } from '../../src/jwe/decrypt-options.ts'
import { decryptCompact, decryptFlattened, encryptCompact, encryptFlattened } from '../../src/jwe/index.ts'
import { type DecryptionKey, encryptionSecret, secret } from '../../src/jwk/index.ts'
import { sharedSecret } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { flipped, headerOf, lockerFor, present, segmentOf, withHeader, withSegment } from './keys.ts'

const { lock, open } = await lockerFor('A256KW')
const token = await encryptCompact('content', lock)
const outcome = (value: unknown, key: unknown = open, options?: DecryptOptions): Promise<string> =>
  outcomeLater(() => decryptCompact(value as string, key as DecryptionKey, options))

describe('algorithms', () => {
  test('a list narrows what the key allows, and never widens it', async () => {
    expect(await outcome(token, open, { keyManagementAlgorithms: ['A256KW'] })).toBe('accepted')
    expect(await outcome(token, open, { keyManagementAlgorithms: ['dir'] })).toBe('alg_not_allowed')
    expect(await outcome(token, open, { contentEncryptionAlgorithms: ['A256GCM'] })).toBe('accepted')
    expect(await outcome(token, open, { contentEncryptionAlgorithms: ['A128GCM'] })).toBe('alg_not_allowed')
    const direct = await lockerFor('A256GCM')
    const listed = { contentEncryptionAlgorithms: ['A128GCM'] } as const
    expect(await outcome('', direct.open, listed)).toBe('alg_not_allowed')
  })

  test('a key of one content encryption does not decrypt another of its size', async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32))
    const cbc = await encryptCompact('x', encryptionSecret('A128CBC-HS256', bytes))
    expect(await outcome(cbc, encryptionSecret('A256GCM', bytes))).toBe('alg_not_allowed')
    expect(await outcome(cbc, encryptionSecret('A256KW', bytes))).toBe('alg_not_allowed')
  })
})

describe('keys', () => {
  test('refuses what cannot decrypt, saying why', async () => {
    const said = async (key: unknown): Promise<string> => {
      const error = await rejection(decryptCompact(token, key as DecryptionKey))
      expect(error.code).toBe('key_invalid')
      return error.message
    }
    expect(await said((await lockerFor('ECDH-ES')).lock)).toContain('a public key, which cannot decrypt')
    expect(await said(secret('HS256', sharedSecret))).toContain('HS256, which signs')
    expect(await said(undefined)).toContain('is the variable set?')
    for (const key of [null, '', 'text', new Uint8Array(32), {}, { type: 'secret', algorithm: 'A256KW' }])
      expect(await said(key)).toContain('expected a key for encryption')
  })

  test('refuses to encrypt to a private key', async () => {
    const { open: privateKey } = await lockerFor('ECDH-ES')
    await expect(encryptCompact('x', privateKey as never)).rejects.toThrow(/encrypt with its publicKey/)
  })

  test('asks a key set by the algorithms and kid of the header, and holds it to its answer', async () => {
    const asked: unknown[] = []
    const set = (answer: unknown) => ({
      selectDecryptionKeys: (selector: unknown) => {
        asked.push(selector)
        return answer as DecryptionKey[]
      },
    })
    expect(await outcome(token, set([open]))).toBe('accepted')
    expect(asked).toEqual([{ alg: 'A256KW', enc: 'A256GCM', kid: open.kid }])
    expect(await outcome(token, set(Promise.resolve([open])))).toBe('accepted')
    expect(await outcome(token, set([]))).toBe('key_not_found')
    expect(await outcome(token, set(undefined))).toBe('key_invalid')
    expect(await outcome(token, set([undefined]))).toBe('key_invalid')
    expect(await outcome(token, set([secret('HS256', sharedSecret)]))).toBe('key_invalid')
    expect(await outcome(token, set([(await lockerFor('ECDH-ES')).lock]))).toBe('key_invalid')
    expect(await outcome(token, set([(await lockerFor('A128KW')).open]))).toBe('alg_not_allowed')
    const strangers = await Promise.all([1, 2, 3].map((n) => lockerFor('A256KW', undefined, `stranger ${n}`)))
    const crowd = strangers.map((one) => one.open)
    expect(await outcome(token, set([...crowd, open]))).toBe('accepted')
    expect(await outcome(token, set(crowd))).toBe('decrypt_failed')
    expect(await outcome(token, set([...crowd, open, open]))).toBe('key_ambiguous')
  })
})

describe('decryption', () => {
  test('has one error with one message for every fault that the holder of the key alone can see (T45, T52)', async () => {
    const messages = new Set<string>()
    for (const algorithm of [
      'A256KW',
      'A128GCMKW',
      'RSA-OAEP-256',
      'ECDH-ES',
      'ECDH-ES+A128KW',
      'A256GCM',
      'A256CBC-HS512',
    ] as const) {
      const locker = await lockerFor(algorithm)
      const good = await encryptCompact('content of sixteen+', locker.lock)
      const broken = [1, 2, 3, 4].filter((index) => good.split('.')[index] !== '')
      const tokens = broken.map((index) => withSegment(good, index, flipped(segmentOf(good, index))))
      const other = (await lockerFor(algorithm, undefined, 'stranger')).open
      for (const one of [...tokens, withHeader(good, { note: 1 })]) {
        const { code, message } = await rejection(decryptCompact(one, locker.open))
        messages.add(`${code}: ${message}`)
      }
      const { code, message } = await rejection(decryptCompact(good, other))
      messages.add(`${code}: ${message}`)
    }
    expect([...messages]).toEqual(['decrypt_failed: the token cannot be decrypted with this key'])
  })

  test('goes on with a random key where none could be recovered, so that the steps are the same', async () => {
    const { lock: rsa, open: privateKey } = await lockerFor('RSA-OAEP')
    const good = await encryptCompact('content', rsa)
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    const forged = crypto.getRandomValues(Buffer.alloc(256)).toString('base64url')
    expect(await outcome(withSegment(good, 1, forged), privateKey)).toBe('decrypt_failed')
    expect(decrypt.mock.calls.map(([parameters]) => (parameters as { name: string }).name)).toEqual([
      'RSA-OAEP',
      'AES-GCM',
    ])
    vi.restoreAllMocks()
  })

  test('checks the MAC before it decrypts a block (T45)', async () => {
    const locker = await lockerFor('A128CBC-HS256')
    const good = await encryptCompact('content', locker.lock)
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    expect(await outcome(withSegment(good, 4, flipped(segmentOf(good, 4))), locker.open)).toBe(
      'decrypt_failed',
    )
    expect(decrypt).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  test('a wrapped key of another size than the content needs is no key', async () => {
    const small = await encryptCompact('x', lock, { enc: 'A128GCM' })
    expect(await outcome(withHeader(small, { enc: 'A256GCM' }))).toBe('decrypt_failed')
  })

  test('the ephemeral key must be a good point of our curve (T43, CVE-2016-9121)', async () => {
    const { lock: publicKey, open: privateKey } = await lockerFor('ECDH-ES', 'P-256')
    const good = await encryptCompact('x', publicKey)
    const epk = headerOf(good)['epk'] as Record<string, string>
    const other = headerOf(await encryptCompact('x', (await lockerFor('ECDH-ES', 'P-384')).lock))['epk']
    const okp = headerOf(await encryptCompact('x', (await lockerFor('ECDH-ES', 'X25519')).lock))['epk']
    const zeros = Buffer.alloc(32).toString('base64url')
    const points = {
      'off the curve': { ...epk, y: flipped(present(epk['y'])) },
      'zeros, the point at infinity in some encodings': { ...epk, x: zeros, y: zeros },
      'too large': { ...epk, x: Buffer.alloc(32, 255).toString('base64url') },
      'of another curve': other,
      'of another type': okp,
      'of a curve with our name': { ...(other as object), crv: 'P-256' },
      'a short coordinate': { ...epk, x: present(epk['x']).slice(0, -2) },
      'no coordinate': { kty: 'EC', crv: 'P-256', x: epk['x'] },
      'a number as coordinate': { ...epk, x: 5 },
      'an RSA key': { kty: 'RSA', crv: 'P-256', n: 'AQAB', e: 'AQAB' },
    }
    for (const [name, point] of Object.entries(points))
      expect([name, await outcome(withHeader(good, { epk: point }), privateKey)]).toEqual([
        name,
        'decrypt_failed',
      ])
    const misshapen = [undefined, null, 'x', [], {}, { kty: 'EC' }, { ...epk, d: epk['x'] }]
    for (const point of misshapen)
      expect(await outcome(withHeader(good, { epk: point }), privateKey)).toBe('malformed')
  })

  test.each(['X25519', 'X448'] as const)(
    'a point of low order gives no secret on %s (T43)',
    async (curve) => {
      const { lock: publicKey, open: privateKey } = await lockerFor('ECDH-ES', curve)
      const good = await encryptCompact('x', publicKey)
      for (const first of [0, 1]) {
        const point = Buffer.alloc(curve === 'X25519' ? 32 : 56)
        point[0] = first
        const epk = { kty: 'OKP', crv: curve, x: point.toString('base64url') }
        expect(await outcome(withHeader(good, { epk }), privateKey)).toBe('decrypt_failed')
      }
    },
  )

  test('names of the parties are base64url text, and count', async () => {
    const { lock: publicKey, open: privateKey } = await lockerFor('ECDH-ES')
    const good = await encryptCompact('x', publicKey, { header: { apu: 'QQ' } })
    for (const apu of [1, null, ['QQ'], 'Q+', 'Q'])
      expect(await outcome(withHeader(good, { apu }), privateKey)).toBe('malformed')
    expect(await outcome(withHeader(good, { apu: 'Qg' }), privateKey)).toBe('decrypt_failed')
  })

  test('apu and apv of one party are malformed, for readers and writers (RFC 7518 §4.6.2)', async () => {
    const { lock: publicKey, open: privateKey } = await lockerFor('ECDH-ES+A128KW')
    const header = { apu: 'QWxpY2U', apv: 'Qm9i' }
    const good = await encryptCompact('x', publicKey, { header })
    expect(await outcome(good, privateKey)).toBe('accepted')
    expect(await outcome(withHeader(good, { apv: header.apu }), privateKey)).toBe('malformed')
    const oneParty = { header: { apu: 'Qm9i', apv: 'Qm9i' } }
    expect(await outcomeLater(() => encryptCompact('x', publicKey, oneParty))).toBe('malformed')
  })

  test('the iv and tag of a wrapped key have their sizes', async () => {
    const { lock: wrapping, open: unwrapping } = await lockerFor('A256GCMKW')
    const good = await encryptCompact('x', wrapping)
    for (const change of [
      { iv: undefined },
      { iv: 5 },
      { iv: 'AAAA' },
      { tag: undefined },
      { tag: 'AAAAAA' },
      { tag: null },
    ])
      expect(await outcome(withHeader(good, change), unwrapping)).toBe('malformed')
  })
})

describe('additional data', () => {
  test('its length counts in 64 bits (T44, CVE-2016-9123)', async () => {
    const cipher = { key: new Uint8Array(32), iv: new Uint8Array(16), aad: new Uint8Array(8) }
    const scheme = { kind: 'cbc-hmac', hash: 'SHA-256' } as const
    // A MAC over A ‖ IV ‖ E ‖ AL, computed by node:crypto with AL written out.
    const { ciphertext, tag } = await encryptContent(scheme, cipher, new Uint8Array(3))
    const al = Buffer.from([0, 0, 0, 0, 0, 0, 0, 64])
    const data = Buffer.concat([cipher.aad, cipher.iv, ciphertext, al])
    const mac = createHmac('sha256', cipher.key.subarray(0, 16)).update(data).digest().subarray(0, 16)
    expect(Buffer.from(tag)).toEqual(mac)
  })

  test('changing it fails like everything else', async () => {
    const jwe = await encryptFlattened('x', lock, { aad: 'seen' })
    const { aad: _aad, ...without } = jwe
    for (const changed of [without, { ...jwe, aad: 'AAAA' }])
      expect(await outcomeLater(() => decryptFlattened(changed, open))).toBe('decrypt_failed')
  })
})

describe('what the runtime lacks', () => {
  test('AES with 192-bit keys, as in Chromium, is named', async () => {
    const importKey = crypto.subtle.importKey.bind(crypto.subtle)
    vi.spyOn(crypto.subtle, 'importKey').mockImplementation((async (...given: unknown[]) => {
      const bytes = given[1] as Uint8Array
      if (given[0] === 'raw' && bytes.length === 24)
        throw new DOMException('192-bit AES keys are not supported', 'OperationError')
      return (importKey as (...all: unknown[]) => Promise<CryptoKey>)(...given)
    }) as typeof crypto.subtle.importKey)
    const locker = await lockerFor('A192GCM')
    const error = await rejection(encryptCompact('x', locker.lock))
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('192-bit') })
    expect(await outcomeLater(() => encryptCompact('x', lock, { enc: 'A192CBC-HS384' }))).toBe('unsupported')
    vi.restoreAllMocks()
  })
})
