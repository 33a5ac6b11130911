/** PBES2: how much work a token may ask for. */
import { describe, expect, test, vi } from 'vitest'
import type { DecryptOptions } from '../../src/jwe/decrypt-options.ts'
import { decryptCompact, encryptCompact } from '../../src/jwe/index.ts'
import { type DecryptionKey, encryptionSecret } from '../../src/jwk/index.ts'
import { outcomeLater } from '../outcome.ts'
import { headerOf, lockerFor, password, withHeader } from './keys.ts'

const { open } = await lockerFor('A256KW')
const outcome = (value: unknown, key: unknown = open, options?: DecryptOptions): Promise<string> =>
  outcomeLater(() => decryptCompact(value as string, key as DecryptionKey, options))

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
