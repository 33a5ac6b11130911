/** `zip: DEF`: how much a token may grow. */
import { deflateRawSync, deflateSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { encryptGcm } from '../../src/crypto/aes-gcm.ts'
import { runtimeName } from '../../src/crypto/runtime-name.ts'
import type { DecryptOptions } from '../../src/jwe/decrypt-options.ts'
import { decryptCompact, encryptCompact } from '../../src/jwe/index.ts'
import { encryptionMaterialOf } from '../../src/jwk/encryption-materials.ts'
import { type DecryptionKey, encryptionSecret } from '../../src/jwk/index.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { lockerFor, present } from './keys.ts'

const { open } = await lockerFor('A256KW')
const outcome = (value: unknown, key: unknown = open, options?: DecryptOptions): Promise<string> =>
  outcomeLater(() => decryptCompact(value as string, key as DecryptionKey, options))

describe('compression', () => {
  const direct = encryptionSecret('A256GCM', crypto.getRandomValues(new Uint8Array(32)))

  /** A token whose plaintext, whatever it is, is said to be compressed. */
  async function zipped(content: Uint8Array): Promise<string> {
    const empty = await encryptCompact('', direct, { zip: 'DEF' })
    const [header] = empty.split('.')
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const { bytes } = encryptionMaterialOf(direct) as { bytes: Uint8Array }
    const sealed = await encryptGcm({ key: bytes, iv, aad: Buffer.from(present(header)) }, content)
    return [header, '', iv, sealed.ciphertext, sealed.tag]
      .map((part) => (typeof part === 'string' ? part : Buffer.from(present(part)).toString('base64url')))
      .join('.')
  }

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  test('a bomb is refused while it goes off: what comes out is bounded (T47, CVE-2024-28176)', async () => {
    const bomb = deflateRawSync(Buffer.alloc(40 * 1024 * 1024))
    expect((await zipped(bomb)).length).toBeLessThan(65_536)
    expect(await outcome(await zipped(bomb), direct, { allowZip: true })).toBe('too_large')
    // Whoever went on reading would find the end missing.
    const torn = bomb.subarray(0, 1000)
    expect(await outcome(await zipped(torn), direct, { allowZip: true })).toBe('too_large')
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

  test('needs nothing of the runtime to read it, and says so where it cannot be written', async () => {
    const good = await encryptCompact('x', direct, { zip: 'DEF' })
    vi.stubGlobal('CompressionStream', undefined)
    vi.stubGlobal('DecompressionStream', undefined)
    const error = await rejection(encryptCompact('x', direct, { zip: 'DEF' }))
    expect([error.code, error.message]).toEqual(['unsupported', `${runtimeName()} has no CompressionStream`])
    expect(await outcome(good, direct, { allowZip: true })).toBe('accepted')
  })
})
