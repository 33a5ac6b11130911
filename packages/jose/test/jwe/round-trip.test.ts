/** Every key management with every content encryption in every serialization. */
import { describe, expect, test } from 'vitest'
import {
  decryptCompact,
  decryptFlattened,
  decryptGeneral,
  encryptCompact,
  encryptFlattened,
  encryptGeneral,
} from '../../src/jwe/index.ts'
import type { EncryptionAlgorithm } from '../../src/jwa/encryption-algorithm.ts'
import {
  agreements,
  contentEncryptions,
  curves,
  headerOf,
  keyWraps,
  lockerFor,
  optionsFor,
  passwords,
  transports,
} from './keys.ts'
import { utf8 } from './vectors.ts'

const text = 'Grüße, 토큰 🔐'
const managed: EncryptionAlgorithm[] = [...keyWraps, ...transports, ...agreements, ...passwords]

describe.each(managed)('%s', (algorithm) => {
  test.each(contentEncryptions)('with %s, in every serialization', async (enc) => {
    const { lock, open } = await lockerFor(algorithm)
    const options = optionsFor(algorithm)
    const asked = { ...options.encrypt, enc }
    const compact = await encryptCompact(text, lock, asked)
    expect(headerOf(compact)).toMatchObject({ alg: algorithm, enc })
    expect(utf8((await decryptCompact(compact, open, options.decrypt)).plaintext)).toBe(text)
    const more = { ...asked, aad: 'seen', header: { cty: 'text/plain' }, unprotectedHeader: { jku: 'x' } }
    const flattened = await encryptFlattened(text, lock, more)
    const fromFlattened = await decryptFlattened(flattened, open, options.decrypt)
    const general = await encryptGeneral(text, [{ key: lock, header: { note: 1 } }], more)
    const fromGeneral = await decryptGeneral(JSON.stringify(general), open, options.decrypt)
    for (const opened of [fromFlattened, fromGeneral]) {
      expect(utf8(opened.plaintext)).toBe(text)
      expect(utf8(opened.aad!)).toBe('seen')
      expect(opened.protectedHeader).toMatchObject({ enc, cty: 'text/plain' })
      expect(opened.unprotectedHeader).toMatchObject({ jku: 'x' })
    }
  })
})

describe('dir', () => {
  test.each(contentEncryptions)('%s, in every serialization', async (enc) => {
    const { lock, open } = await lockerFor(enc)
    const compact = await encryptCompact(text, lock)
    expect(headerOf(compact)).toMatchObject({ alg: 'dir', enc })
    expect(compact.split('.')[1]).toBe('')
    expect(utf8((await decryptCompact(compact, open)).plaintext)).toBe(text)
    const flattened = await encryptFlattened(text, lock)
    expect(flattened).not.toHaveProperty('encrypted_key')
    expect(utf8((await decryptFlattened(flattened, open)).plaintext)).toBe(text)
    const general = await encryptGeneral(text, [{ key: lock }])
    expect(utf8((await decryptGeneral(general, open)).plaintext)).toBe(text)
  })
})

describe.each(curves)('agreement on %s', (curve) => {
  test.each(agreements)('%s, with names of the parties', async (algorithm) => {
    const { lock, open } = await lockerFor(algorithm, curve)
    const header = { apu: 'QWxpY2U', apv: 'Qm9i' }
    const token = await encryptCompact(text, lock, { header })
    expect(headerOf(token)).toMatchObject({ epk: { crv: curve }, ...header })
    expect(headerOf(token)['epk']).not.toHaveProperty('d')
    expect(utf8((await decryptCompact(token, open)).plaintext)).toBe(text)
  })
})

test('one content to several recipients, each with its own key', async () => {
  const algorithms = ['A256KW', 'A128GCMKW', 'RSA-OAEP-256', 'ECDH-ES+A128KW'] as const
  const lockers = await Promise.all(algorithms.map((name) => lockerFor(name)))
  const general = await encryptGeneral(
    text,
    lockers.map(({ lock }) => ({ key: lock })),
  )
  for (const { open } of lockers) expect(utf8((await decryptGeneral(general, open)).plaintext)).toBe(text)
  const stranger = await lockerFor('A256KW', undefined, 'stranger')
  await expect(decryptGeneral(general, stranger.open)).rejects.toMatchObject({ code: 'key_not_found' })
})

test.each(contentEncryptions)('%s: bytes of any length, none included', async (enc) => {
  const { lock, open } = await lockerFor(enc)
  for (const length of [0, 1, 15, 16, 17, 4096]) {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    const { plaintext } = await decryptCompact(await encryptCompact(bytes, lock), open)
    expect(plaintext).toEqual(bytes)
  }
})

test('compresses and decompresses when both sides say so', async () => {
  const { lock, open } = await lockerFor('A256KW')
  const long = text.repeat(2000)
  const token = await encryptCompact(long, lock, { zip: 'DEF' })
  expect(token.length).toBeLessThan(2000)
  expect(utf8((await decryptCompact(token, open, { allowZip: true })).plaintext)).toBe(long)
})

test('two tokens of one content have nothing but their header in common', async () => {
  for (const algorithm of ['A256GCM', 'A256KW', 'ECDH-ES'] as const) {
    const { lock } = await lockerFor(algorithm)
    const [one, two] = [
      (await encryptCompact(text, lock)).split('.'),
      (await encryptCompact(text, lock)).split('.'),
    ]
    for (const index of [2, 3, 4]) expect(one[index]).not.toBe(two[index])
  }
})

test('reads the plaintext once: changing the buffer afterwards changes nothing (T62)', async () => {
  const { lock, open } = await lockerFor('A256KW')
  const bytes = new Uint8Array([1, 2, 3])
  const pending = encryptCompact(bytes, lock)
  bytes.fill(9)
  expect((await decryptCompact(await pending, open)).plaintext).toEqual(new Uint8Array([1, 2, 3]))
})
