/** What the reader of a JWE refuses, and what it says. */
import { deflateRawSync, deflateSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  decryptCompact,
  decryptGeneral,
  encryptCompact,
  encryptFlattened,
  encryptGeneral,
  type GeneralJwe,
} from '../../src/jwe/index.ts'
import type { DecryptOptions } from '../../src/jwe/decrypt-options.ts'
import { encryptContent } from '../../src/crypto/content-cipher.ts'
import { type DecryptionKey, encryptionSecret, secret } from '../../src/jwk/index.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { flipped, headerOf, lockerFor, password, withHeader, withSegment } from './keys.ts'
import { sharedSecret } from '../forge.ts'

const { lock, open } = await lockerFor('A256KW')
const token = await encryptCompact('content', lock)
const outcome = (value: unknown, key: unknown = open, options?: DecryptOptions): Promise<string> =>
  outcomeLater(() => decryptCompact(value as string, key as DecryptionKey, options))

describe('shape', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', { toString: () => token }],
    ['empty text', ''],
    ['four segments', token.slice(0, token.lastIndexOf('.'))],
    ['six segments', `${token}.x`],
    ['dots alone', '....'],
    ['no header', `.${token.split('.').slice(1).join('.')}`],
    ['white space around it', ` ${token}`],
    ['a line feed at its end', `${token}\n`],
    ['the word Bearer', `Bearer ${token}`],
    ['padding', `${token}=`],
    ['a JWS', 'a.b.c'],
    ['JSON', '{"ciphertext":"a.b.c.d"}'],
  ])('refuses %s', async (_name, value) => {
    expect(await outcome(value)).toBe('malformed')
  })

  test('says what came instead', async () => {
    const said = async (value: string): Promise<string> =>
      (await rejection(decryptCompact(value, open))).message
    expect(await said('a.b.c')).toContain('a JWS')
    expect(await said(`Bearer ${token}`)).toContain('leave out the word Bearer')
    expect(await said('{}')).toContain('decryptFlattened')
    expect(await said(' a')).toContain('trim')
  })

  test.each([1, 2, 3, 4])('every segment is canonical base64url: %i (T16)', async (index) => {
    for (const bad of ['A', 'AB', 'AA==', 'A A', 'A+', 'é'])
      expect(await outcome(withSegment(token, index, bad))).toBe('malformed')
  })

  test.each([
    ['A256KW', [1, 2, 3, 4]],
    ['A256GCM', [2, 4]],
    ['A128CBC-HS256', [2, 3, 4]],
    ['RSA-OAEP-256', [1, 2, 3, 4]],
    ['ECDH-ES', [2, 3, 4]],
    ['A128GCMKW', [1, 2, 3, 4]],
  ] as const)('no segment of %s may be empty: %j (T49, CVE-2026-34986)', async (algorithm, indexes) => {
    const locker = await lockerFor(algorithm)
    const good = await encryptCompact('content', locker.lock)
    for (const index of indexes)
      expect(await outcome(withSegment(good, index, ''), locker.open)).toMatch(/^(malformed|decrypt_failed)$/)
    expect(await outcome('....', locker.open)).toBe('malformed')
  })

  test('an empty ciphertext with a good tag is an empty plaintext, which GCM has', async () => {
    const empty = await encryptCompact('', (await lockerFor('A256GCM')).lock)
    expect(empty.split('.')[3]).toBe('')
    expect(await outcome(empty, (await lockerFor('A256GCM')).open)).toBe('accepted')
  })

  test.each(['A256GCM', 'ECDH-ES'] as const)(
    'an encrypted key where %s has none is refused',
    async (algorithm) => {
      const locker = await lockerFor(algorithm)
      const good = await encryptCompact('content', locker.lock)
      expect(await outcome(withSegment(good, 1, 'AAAA'), locker.open)).toBe('malformed')
    },
  )

  test('tag and iv have their exact sizes (T46, CVE-2023-37464)', async () => {
    for (const enc of ['A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'] as const) {
      const locker = await lockerFor(enc)
      const good = await encryptCompact('content', locker.lock)
      const [, , iv, , tag] = good.split('.').map((part) => Buffer.from(part, 'base64url'))
      const sizes = (bytes: Buffer): Buffer[] => [
        bytes.subarray(0, -1),
        bytes.subarray(0, 4),
        bytes.subarray(0, 8),
        Buffer.concat([bytes, Buffer.alloc(1)]),
        Buffer.concat([bytes, bytes]),
      ]
      for (const [index, bytes] of [
        [2, iv!],
        [4, tag!],
      ] as const) {
        for (const wrong of sizes(bytes))
          expect(await outcome(withSegment(good, index, wrong.toString('base64url')), locker.open)).toBe(
            'malformed',
          )
      }
    }
  })

  test('is bounded before anything is looked at', async () => {
    expect(await outcome('.'.repeat(65_537))).toBe('too_large')
    expect(await outcome('x'.repeat(65_536))).toBe('malformed')
    expect(await outcome(token, open, { maxTokenLength: token.length - 1 })).toBe('too_large')
    const header = { note: 'x'.repeat(9000) }
    const large = await encryptCompact('', lock, { header })
    expect(await outcome(large)).toBe('too_large')
  })
})

describe('header', () => {
  test.each([
    ['no alg', { alg: undefined }, 'malformed'],
    ['an alg of null', { alg: null }, 'malformed'],
    ['alg as a list', { alg: ['A256KW'] }, 'malformed'],
    ['no enc', { enc: undefined }, 'malformed'],
    ['an enc of another kind', { enc: 5 }, 'malformed'],
    ['alg none', { alg: 'none' }, 'alg_not_allowed'],
    ['a signature algorithm', { alg: 'HS256' }, 'alg_not_allowed'],
    ['RSA1_5 (T52)', { alg: 'RSA1_5' }, 'alg_not_allowed'],
    ['another case', { alg: 'a256kw' }, 'alg_not_allowed'],
    ['a name of Object', { alg: 'constructor' }, 'alg_not_allowed'],
    ['an alg that is not the key’s', { alg: 'A256GCMKW' }, 'alg_not_allowed'],
    ['enc none', { enc: 'none' }, 'alg_not_allowed'],
    ['enc in another case', { enc: 'a256gcm' }, 'alg_not_allowed'],
    ['an enc of Object', { enc: 'toString' }, 'alg_not_allowed'],
    ['a number as kid', { kid: 1 }, 'malformed'],
    ['an array as jwk', { jwk: [] }, 'malformed'],
    ['x5c of numbers', { x5c: [1] }, 'malformed'],
    ['zip of true', { zip: true }, 'malformed'],
    ['zip of null', { zip: null }, 'malformed'],
    ['another zip', { zip: 'def' }, 'unsupported'],
    ['zip without leave', { zip: 'DEF' }, 'alg_not_allowed'],
    ['crit unknown', { crit: ['x'], x: 1 }, 'crit_unsupported'],
    ['crit of b64', { crit: ['b64'], b64: true }, 'crit_unsupported'],
    ['crit empty', { crit: [] }, 'malformed'],
    ['crit of text', { crit: 'x' }, 'malformed'],
    ['crit of null', { crit: null }, 'malformed'],
    ['crit twice', { crit: ['x', 'x'], x: 1 }, 'malformed'],
    ['crit of a registered name', { crit: ['enc'] }, 'malformed'],
    ['crit of what is absent', { crit: ['x'] }, 'malformed'],
  ])('refuses %s', async (_name, change, code) => {
    expect(await outcome(withHeader(token, change))).toBe(code)
  })

  test.each([
    ['an array', '[]'],
    ['a member twice', '{"alg":"A256KW","alg":"dir","enc":"A256GCM"}'],
    ['no JSON', 'alg'],
    ['deep nesting', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`],
  ])('refuses %s', async (_name, text) => {
    expect(await outcome(withSegment(token, 0, Buffer.from(text).toString('base64url')))).toBe('malformed')
  })

  test('hands out a frozen header, extensions that were declared among it', async () => {
    const marked = await encryptCompact('x', lock, { header: { crit: ['exp'], exp: 5 } })
    expect(await outcome(marked)).toBe('crit_unsupported')
    const { header } = await decryptCompact(marked, open, { crit: ['exp'] })
    expect(header['exp']).toBe(5)
    expect(Object.isFrozen(header)).toBe(true)
  })

  test('keys named in the header are never used or fetched (T19, T20)', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch')
    const header = {
      jku: 'https://evil.example/keys',
      x5u: 'https://evil.example/x',
      jwk: { kty: 'oct', k: 'AAAA' },
    }
    expect(await outcome(await encryptCompact('x', lock, { header }))).toBe('accepted')
    expect(fetch).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

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
      const tokens = broken.map((index) => withSegment(good, index, flipped(good.split('.')[index]!)))
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
    expect(await outcome(withSegment(good, 4, flipped(good.split('.')[4]!)), locker.open)).toBe(
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
      'off the curve': { ...epk, y: flipped(epk['y']!) },
      'zeros, the point at infinity in some encodings': { ...epk, x: zeros, y: zeros },
      'too large': { ...epk, x: Buffer.alloc(32, 255).toString('base64url') },
      'of another curve': other,
      'of another type': okp,
      'of a curve with our name': { ...(other as object), crv: 'P-256' },
      'a short coordinate': { ...epk, x: epk['x']!.slice(0, -2) },
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
    const { createHmac } = await import('node:crypto')
    const { ciphertext, tag } = await encryptContent(scheme, cipher, new Uint8Array(3))
    const al = Buffer.from([0, 0, 0, 0, 0, 0, 0, 64])
    const data = Buffer.concat([cipher.aad, cipher.iv, ciphertext, al])
    const mac = createHmac('sha256', cipher.key.subarray(0, 16)).update(data).digest().subarray(0, 16)
    expect(Buffer.from(tag)).toEqual(mac)
  })

  test('changing it fails like everything else', async () => {
    const { decryptFlattened } = await import('../../src/jwe/index.ts')
    const jwe = await encryptFlattened('x', lock, { aad: 'seen' })
    const { aad: _aad, ...without } = jwe
    for (const changed of [without, { ...jwe, aad: 'AAAA' }])
      expect(await outcomeLater(() => decryptFlattened(changed, open))).toBe('decrypt_failed')
  })
})

describe('passwords', () => {
  const name = 'PBES2-HS256+A128KW'
  const key = encryptionSecret(name, password)
  const named = { keyManagementAlgorithms: [name] } as const

  test('have to be named, because each token says how much work it is', async () => {
    const good = await encryptCompact('x', key, { pbes2Iterations: 1000 })
    expect(await outcome(good, key)).toBe('alg_not_allowed')
    expect(await outcome(good, key, named)).toBe('accepted')
    const set = { selectDecryptionKeys: () => [key] }
    expect(await outcome(good, set)).toBe('alg_not_allowed')
    expect(await outcome(good, set, named)).toBe('accepted')
  })

  test('iterations have a floor and a cap, looked at before any is done (T48, CVE-2022-36083)', async () => {
    const good = await encryptCompact('x', key, { pbes2Iterations: 1000 })
    const derive = vi.spyOn(crypto.subtle, 'deriveBits')
    for (const p2c of [undefined, null, '1000', 0, -1, 1, 999, 1000.5])
      expect(await outcome(withHeader(good, { p2c }), key, named)).toBe('malformed')
    for (const p2c of [1_200_001, 2 ** 31, 2 ** 53, 1e300])
      expect(await outcome(withHeader(good, { p2c }), key, named)).toBe('too_large')
    expect(await outcome(withHeader(good, { p2c: 1001 }), key, { ...named, maxPbes2Iterations: 1000 })).toBe(
      'too_large',
    )
    expect(derive).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  test('salts have 8 to 1024 octets', async () => {
    const good = await encryptCompact('x', key, { pbes2Iterations: 1000 })
    const salt = (bytes: number): string => Buffer.alloc(bytes, 1).toString('base64url')
    for (const p2s of [undefined, null, 5, '', salt(7), salt(1025), 'A+AA'])
      expect(await outcome(withHeader(good, { p2s }), key, named)).toBe('malformed')
    for (const p2s of [salt(8), salt(1024)])
      expect(await outcome(withHeader(good, { p2s }), key, named)).toBe('decrypt_failed')
  })

  test('are asked for the iterations of OWASP unless told otherwise', async () => {
    const token384 = await encryptCompact('x', encryptionSecret('PBES2-HS384+A192KW', password))
    expect(headerOf(token384)['p2c']).toBe(210_000)
    expect(headerOf(await encryptCompact('x', key, { pbes2Iterations: 1234 }))['p2c']).toBe(1234)
    for (const pbes2Iterations of [999, 0, -1, 1.5, Number.NaN, '1000', 2 ** 32])
      expect(
        await outcomeLater(() => encryptCompact('x', key, { pbes2Iterations: pbes2Iterations as 1000 })),
      ).toBe('option_invalid')
  })
})

describe('compression', () => {
  const direct = encryptionSecret('A256GCM', crypto.getRandomValues(new Uint8Array(32)))

  /** A token whose plaintext, whatever it is, is said to be compressed. */
  async function zipped(content: Uint8Array): Promise<string> {
    const empty = await encryptCompact('', direct, { zip: 'DEF' })
    const [header] = empty.split('.')
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const { encryptGcm } = await import('../../src/crypto/aes-gcm.ts')
    const { encryptionMaterialOf } = await import('../../src/jwk/encryption-materials.ts')
    const { bytes } = encryptionMaterialOf(direct) as { bytes: Uint8Array }
    const sealed = await encryptGcm({ key: bytes, iv, aad: Buffer.from(header!) }, content)
    return [header, '', iv, sealed.ciphertext, sealed.tag]
      .map((part) => (typeof part === 'string' ? part : Buffer.from(part!).toString('base64url')))
      .join('.')
  }

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('a bomb is refused while it goes off: what comes out is bounded (T47, CVE-2024-28176)', async () => {
    let produced = 0
    const Original = DecompressionStream
    vi.stubGlobal(
      'DecompressionStream',
      class {
        readonly readable: ReadableStream<Uint8Array>
        readonly writable: WritableStream<BufferSource>
        constructor() {
          const inner = new Original('deflate-raw')
          const counter = new TransformStream<Uint8Array, Uint8Array>({
            transform(chunk, controller) {
              produced += chunk.length
              controller.enqueue(chunk)
            },
          })
          this.readable = inner.readable.pipeThrough(counter)
          this.writable = inner.writable
        }
      },
    )
    const bomb = await zipped(deflateRawSync(Buffer.alloc(40 * 1024 * 1024)))
    expect(bomb.length).toBeLessThan(65_536)
    expect(await outcome(bomb, direct, { allowZip: true })).toBe('too_large')
    expect(produced).toBeGreaterThan(262_144)
    expect(produced).toBeLessThan(2 * 1024 * 1024)
  })

  test('the bound is exact, and the caller’s to choose', async () => {
    const exact = await zipped(deflateRawSync(Buffer.alloc(262_144)))
    const over = await zipped(deflateRawSync(Buffer.alloc(262_145)))
    expect(await outcome(exact, direct, { allowZip: true })).toBe('accepted')
    expect(await outcome(over, direct, { allowZip: true })).toBe('too_large')
    expect(await outcome(over, direct, { allowZip: true, maxPlaintextBytes: 262_145 })).toBe('accepted')
  })

  test.each([
    ['cut off', deflateRawSync(Buffer.from('content')).subarray(0, -1)],
    ['followed by more', Buffer.concat([deflateRawSync(Buffer.from('content')), Buffer.from('x')])],
    ['with a zlib header', deflateSync(Buffer.from('content'))],
    ['not compressed at all', Buffer.from('content')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses a stream that is %s', async (_name, content) => {
    expect(await outcome(await zipped(content), direct, { allowZip: true })).toBe('decrypt_failed')
  })

  test('is off by default, and bounded on the way out too', async () => {
    expect(await outcome(await zipped(deflateRawSync(Buffer.from('x'))), direct)).toBe('alg_not_allowed')
    const large = new Uint8Array(262_145)
    expect(await outcomeLater(() => encryptCompact(large, direct, { zip: 'DEF' }))).toBe('too_large')
    expect(await outcomeLater(() => encryptCompact(large.subarray(1), direct, { zip: 'DEF' }))).toBe(
      'accepted',
    )
  })

  test('says so where the runtime has no streams for it', async () => {
    const good = await encryptCompact('x', direct, { zip: 'DEF' })
    vi.stubGlobal('CompressionStream', undefined)
    vi.stubGlobal('DecompressionStream', undefined)
    expect(await outcomeLater(() => encryptCompact('x', direct, { zip: 'DEF' }))).toBe('unsupported')
    expect(await outcome(good, direct, { allowZip: true })).toBe('unsupported')
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

describe('several recipients', () => {
  test('none at all is malformed, not vacuously good (T56, CVE-2026-102946)', async () => {
    const general = await encryptGeneral('x', [{ key: lock }])
    for (const recipients of [[], undefined, null, {}, 'x', [5], [null], [[]]])
      expect(await outcomeLater(() => decryptGeneral({ ...general, recipients } as GeneralJwe, open))).toBe(
        'malformed',
      )
    expect(await outcomeLater(() => encryptGeneral('x', []))).toBe('option_invalid')
  })

  test('are bounded in number and in attempts', async () => {
    const general = await encryptGeneral('x', [{ key: lock }])
    const [recipient] = general.recipients
    const many = (count: number): GeneralJwe => ({
      ...general,
      recipients: Array.from({ length: count }, () => recipient!),
    })
    expect(await outcomeLater(() => decryptGeneral(many(4), open))).toBe('accepted')
    expect(await outcomeLater(() => decryptGeneral(many(5), open))).toBe('key_ambiguous')
    expect(await outcomeLater(() => decryptGeneral(many(101), open))).toBe('too_large')
  })

  test('are tried in turn: a broken one does not hide a good one', async () => {
    const general = await encryptGeneral('x', [{ key: lock }])
    const [good] = general.recipients
    const broken = { ...good, encrypted_key: flipped(good!.encrypted_key!) }
    expect(await outcomeLater(() => decryptGeneral({ ...general, recipients: [broken, good!] }, open))).toBe(
      'accepted',
    )
    expect(await outcomeLater(() => decryptGeneral({ ...general, recipients: [broken] }, open))).toBe(
      'decrypt_failed',
    )
  })

  test('cannot share a key that is used or agreed on directly', async () => {
    for (const algorithm of ['A256GCM', 'ECDH-ES'] as const) {
      const locker = await lockerFor(algorithm)
      const both = [{ key: locker.lock }, { key: lock }]
      expect(await outcomeLater(() => encryptGeneral('x', both))).toBe('option_invalid')
      const alone = await encryptGeneral('x', [{ key: locker.lock }])
      const crowded = {
        ...alone,
        recipients: [...alone.recipients, { header: { alg: 'A256KW' }, encrypted_key: 'AAAA' }],
      }
      expect(await outcomeLater(() => decryptGeneral(crowded, locker.open))).toBe('malformed')
    }
  })

  test('have one content encryption', async () => {
    const general = await encryptGeneral('x', [{ key: lock }, { key: (await lockerFor('A128KW')).lock }])
    const [first, second] = general.recipients
    const { protected: _protected, ...rest } = general
    const recipients = [
      { ...first, header: { ...first!.header, enc: 'A256GCM' } },
      { ...second, header: { ...second!.header, enc: 'A128GCM' } },
    ]
    expect(await outcomeLater(() => decryptGeneral({ ...rest, recipients }, open))).toBe('malformed')
  })
})
