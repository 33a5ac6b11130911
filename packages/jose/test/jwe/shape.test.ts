/** The shape and the header of a JWE: what is refused before any key is looked at. */
import { describe, expect, test, vi } from 'vitest'
import type { DecryptOptions } from '../../src/jwe/decrypt-options.ts'
import { decryptCompact, encryptCompact } from '../../src/jwe/index.ts'
import { type DecryptionKey } from '../../src/jwk/index.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { lockerFor, withHeader, withSegment } from './keys.ts'

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
    expect(await said(`Bearer ${token}`)).toContain('got text with Bearer before it')
    expect(await said('{}')).toContain('decryptFlattened')
    expect(await said(' a')).toContain('white space around it')
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
        [2, iv ?? Buffer.alloc(0)],
        [4, tag ?? Buffer.alloc(0)],
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
