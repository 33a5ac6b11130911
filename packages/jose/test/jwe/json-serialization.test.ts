/** The JSON serializations: their members, and which header parameter may stand where (RFC 7516 §7.2). */
import { describe, expect, test } from 'vitest'
import {
  decryptFlattened,
  decryptGeneral,
  encryptFlattened,
  encryptGeneral,
  type FlattenedJwe,
} from '../../src/jwe/index.ts'
import { outcomeLater } from '../outcome.ts'
import { headerOf, lockerFor } from './keys.ts'
import { utf8 } from './vectors.ts'

const { lock, open } = await lockerFor('A256KW')
const jwe = await encryptFlattened('content', lock, { aad: 'seen', unprotectedHeader: { jku: 'x' } })
const outcome = (value: unknown): Promise<string> =>
  outcomeLater(() => decryptFlattened(value as FlattenedJwe, open))
const encoded = (header: unknown): string => Buffer.from(JSON.stringify(header)).toString('base64url')

test('takes the object and its text, with members that it does not know', async () => {
  expect(await outcome(jwe)).toBe('accepted')
  expect(await outcome(JSON.stringify(jwe))).toBe('accepted')
  expect(await outcome({ ...jwe, note: [1] })).toBe('accepted')
})

describe('members', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an array', []],
    ['a number', 5],
    ['text that is no JSON', 'x'],
    ['a member twice', '{"ciphertext":"","ciphertext":""}'],
    ['no ciphertext', { ...jwe, ciphertext: undefined }],
    ['a ciphertext of another kind', { ...jwe, ciphertext: 5 }],
    ['a ciphertext that is not base64url', { ...jwe, ciphertext: 'A' }],
    ['no iv', { ...jwe, iv: undefined }],
    ['no tag', { ...jwe, tag: undefined }],
    ['an empty protected header', { ...jwe, protected: '' }],
    ['a protected header of another kind', { ...jwe, protected: {} }],
    ['an unprotected header of another kind', { ...jwe, unprotected: [] }],
    ['a header of null', { ...jwe, header: null }],
    ['an encrypted key of another kind', { ...jwe, encrypted_key: 5 }],
    ['additional data of another kind', { ...jwe, aad: {} }],
    ['recipients beside it', { ...jwe, recipients: [{}] }],
    [
      'a cycle',
      Object.assign([] as unknown[], { 0: {} }).map(() => {
        const cycle: Record<string, unknown> = { ...jwe }
        cycle['self'] = cycle
        return cycle
      })[0],
    ],
    ['a bigint', { ...jwe, note: 1n }],
    ['deep nesting', `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`],
    ['a member named __proto__', '{"__proto__":{"ciphertext":""},"ciphertext":""}'],
  ])('refuses %s', async (_name, value) => {
    expect(await outcome(value)).toBe('malformed')
  })

  test.each(['protected', 'encrypted_key', 'iv', 'tag', 'aad'])(
    'refuses an empty %s, which has to be absent (RFC 7516 §7.2.1)',
    async (name) => {
      const { lock: direct, open: same } = await lockerFor('A128GCM')
      const without = await encryptFlattened('content', direct)
      expect(await outcomeLater(() => decryptFlattened({ ...without, [name]: '' }, same))).toBe('malformed')
    },
  )

  test.each(['header', 'unprotected'])(
    'refuses an empty %s, which has to be absent (RFC 7516 §7.2.1)',
    async (name) => {
      const without = await encryptFlattened('content', lock)
      expect(await outcome({ ...without, [name]: {} })).toBe('malformed')
    },
  )

  test('empty additional data are none: other readers refuse the member (RFC 7516 §5.1 step 14, §7.2.1)', async () => {
    const made = await encryptFlattened('content', lock, { aad: '' })
    expect(made).not.toHaveProperty('aad')
    expect(await decryptFlattened(made, open)).not.toHaveProperty('aad')
    const parties = [{ key: lock }]
    const general = await encryptGeneral('content', parties, { aad: new Uint8Array() })
    expect(general).not.toHaveProperty('aad')
    expect(await outcomeLater(() => decryptGeneral(general, open))).toBe('accepted')
  })

  test('a ciphertext may be empty: that of nothing', async () => {
    const { lock: direct, open: same } = await lockerFor('A128GCM')
    const made = await encryptFlattened('', direct)
    expect(made.ciphertext).toBe('')
    expect((await decryptFlattened(made, same)).plaintext).toEqual(new Uint8Array())
  })

  test('reads each property once: a getter cannot change its mind (T59)', async () => {
    let reads = 0
    const tricky = {
      ...jwe,
      get ciphertext() {
        reads += 1
        return reads === 1 ? jwe.ciphertext : 'AAAA'
      },
    }
    expect(await outcome(tricky)).toBe('accepted')
  })

  test('is bounded', async () => {
    expect(await outcome({ ...jwe, note: 'x'.repeat(65_536) })).toBe('too_large')
    expect(await outcomeLater(() => encryptFlattened('x'.repeat(50_000), lock))).toBe('too_large')
    const wide = { maxTokenLength: 100_000 }
    const large = await encryptFlattened('x'.repeat(50_000), lock, wide)
    expect(await outcomeLater(() => decryptFlattened(large, open, wide))).toBe('accepted')
  })

  test('the general form has no members of the flattened one beside its recipients', async () => {
    const general = await encryptGeneral('x', [{ key: lock }])
    for (const beside of [{ header: {} }, { encrypted_key: 'AAAA' }])
      expect(await outcomeLater(() => decryptGeneral({ ...general, ...beside }, open))).toBe('malformed')
  })
})

describe('headers', () => {
  const inner = headerOf(jwe.protected!)

  test('no parameter stands in two parts (RFC 7516 §7.2.1)', async () => {
    for (const beside of [
      { unprotected: { alg: 'A256KW' } },
      { header: { enc: 'A256GCM' } },
      { header: { jku: 'x' } },
    ])
      expect(await outcome({ ...jwe, ...beside })).toBe('malformed')
  })

  test('alg and kid may stand outside, as nobody protects them in the RFC either', async () => {
    const { alg, kid, ...rest } = inner
    expect(await outcome({ ...jwe, protected: encoded(rest), header: { alg, kid } })).toBe('decrypt_failed')
    const general = await encryptGeneral('x', [{ key: lock }])
    const opened = await decryptGeneral(general, open)
    expect(opened.protectedHeader).toEqual({ enc: 'A256GCM' })
    expect(opened.unprotectedHeader).toEqual({ alg: 'A256KW', kid: open.kid })
  })

  test.each(['zip', 'crit', 'b64'])('%s stands in the protected header alone', async (name) => {
    const value = { zip: 'DEF', crit: ['x'], b64: true }[name]
    expect(await outcome({ ...jwe, unprotected: { jku: 'x', [name]: value, x: 1 } })).toBe('malformed')
    expect(await outcome({ ...jwe, header: { [name]: value, x: 1 } })).toBe('malformed')
  })

  test('a token may have no protected header at all (RFC 7520 §5.12)', async () => {
    const { encryptContent } = await import('../../src/crypto/content-cipher.ts')
    const { wrapKeyBytes } = await import('../../src/crypto/aes-kw.ts')
    const { encryptionMaterialOf } = await import('../../src/jwk/encryption-materials.ts')
    const { bytes } = encryptionMaterialOf(open) as { bytes: Uint8Array }
    const [cek, iv] = [new Uint8Array(32).fill(7), new Uint8Array(12)]
    const cipher = { key: cek, iv, aad: new Uint8Array() }
    const sealed = await encryptContent({ kind: 'gcm' }, cipher, Buffer.from('bare'))
    const text = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url')
    const bare = {
      unprotected: { alg: 'A256KW', enc: 'A256GCM' },
      encrypted_key: text(await wrapKeyBytes(bytes, cek)),
      iv: text(iv),
      ciphertext: text(sealed.ciphertext),
      tag: text(sealed.tag),
    }
    const opened = await decryptFlattened(bare, open)
    expect(utf8(opened.plaintext)).toBe('bare')
    expect(opened.protectedHeader).toEqual({})
  })

  test('a polluted Object.prototype gives a token no parameters (T58)', async () => {
    const prototype = Object.prototype as unknown as Record<string, unknown>
    prototype['alg'] = 'dir'
    prototype['recipients'] = 'x'
    try {
      const { alg: _alg, ...rest } = inner
      expect(await outcome({ ...jwe, protected: encoded(rest) })).toBe('malformed')
      expect(await outcome(jwe)).toBe('accepted')
    } finally {
      delete prototype['alg']
      delete prototype['recipients']
    }
  })
})
