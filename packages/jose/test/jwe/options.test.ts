/** Options of encryption and decryption are checked like all others. */
import { describe, expect, test } from 'vitest'
import { decryptCompact, encryptCompact, encryptFlattened, encryptGeneral } from '../../src/jwe/index.ts'
import { outcomeLater, rejection } from '../outcome.ts'
import { headerOf, lockerFor } from './keys.ts'

const { lock, open } = await lockerFor('A256KW')
const token = await encryptCompact('x', lock)

describe('decryption', () => {
  test.each([
    ['a misspelt name', { keyManagementAlgorithm: ['dir'] }],
    ['undefined', { allowZip: undefined }],
    ['text for a flag', { allowZip: 'false' }],
    ['no list', { keyManagementAlgorithms: 'dir' }],
    ['an empty list', { keyManagementAlgorithms: [] }],
    ['an unknown alg', { keyManagementAlgorithms: ['A256KW', 'none'] }],
    ['RSA1_5', { keyManagementAlgorithms: ['RSA1_5'] }],
    ['an unknown enc', { contentEncryptionAlgorithms: ['A256GCM', 'A512GCM'] }],
    ['an empty list of enc', { contentEncryptionAlgorithms: [] }],
    ['infinity', { maxPlaintextBytes: Number.POSITIVE_INFINITY }],
    ['NaN', { maxTokenLength: Number.NaN }],
    ['zero', { maxTokenLength: 0 }],
    ['iterations below the floor', { maxPbes2Iterations: 999 }],
    ['extensions that are no list', { crit: 'exp' }],
    ['extensions that are no text', { crit: [5] }],
    ['no object', 5],
  ])('refuses %s', async (_name, options) => {
    expect(await outcomeLater(() => decryptCompact(token, open, options as never))).toBe('option_invalid')
  })

  test('names the option that was meant', async () => {
    const { message } = await rejection(decryptCompact(token, open, { allowZp: true } as never))
    expect(message).toContain('did you mean "allowZip"?')
  })
})

describe('encryption', () => {
  test.each([
    ['a misspelt name', { encs: 'A256GCM' }],
    ['an unknown enc', { enc: 'A512GCM' }],
    ['another zip', { zip: true }],
    ['a header that is no object', { header: 'x' }],
    ['a header with alg', { header: { alg: 'dir' } }],
    ['a header with enc', { header: { enc: 'A256GCM' } }],
    ['a header with zip', { header: { zip: 'DEF' } }],
    ['a header with epk', { header: { epk: {} } }],
    ['a header with another kid than the key’s (T68)', { header: { kid: 'other' } }],
    ['a header with a wrong type', { header: { typ: 5 } }],
    ['a critical extension that is absent', { header: { crit: ['x'] } }],
    ['a critical registered name', { header: { crit: ['kid'] } }],
    ['a size that is none', { maxTokenLength: -1 }],
  ])('refuses %s', async (_name, options) => {
    expect(await outcomeLater(() => encryptCompact('x', lock, options as never))).toBe('option_invalid')
  })

  test('refuses another content encryption than that of a key used directly', async () => {
    const direct = await lockerFor('A256GCM')
    expect(await outcomeLater(() => encryptCompact('x', direct.lock, { enc: 'A128GCM' }))).toBe(
      'option_invalid',
    )
    expect(await outcomeLater(() => encryptCompact('x', direct.lock, { enc: 'A256GCM' }))).toBe('accepted')
  })

  test('refuses a plaintext that is neither bytes nor text', async () => {
    for (const plaintext of [undefined, null, 5, {}, [1, 2], new ArrayBuffer(2)])
      expect(await outcomeLater(() => encryptCompact(plaintext as string, lock))).toBe('option_invalid')
    expect(await outcomeLater(() => encryptCompact('\ud800', lock))).toBe('malformed')
  })

  test('refuses one parameter in two parts', async () => {
    const both = { header: { jku: 'a' }, unprotectedHeader: { jku: 'b' } }
    expect(await outcomeLater(() => encryptFlattened('x', lock, both))).toBe('option_invalid')
    const recipients = [{ key: lock, header: { jku: 'a' } }]
    const options = { header: { jku: 'b' } }
    expect(await outcomeLater(() => encryptGeneral('x', recipients, options))).toBe('option_invalid')
  })

  test('refuses recipients that are none', async () => {
    for (const recipients of [undefined, {}, [lock], [{}], [{ key: open, keys: 1 }], [{ key: undefined }]])
      expect(await outcomeLater(() => encryptGeneral('x', recipients as never))).toMatch(
        /^(option|key)_invalid$/,
      )
  })

  test('writes alg, enc and the key’s kid first, then what the caller adds', async () => {
    const header = headerOf(await encryptCompact('x', lock, { header: { typ: 'secret+json' } }))
    expect(Object.keys(header)).toEqual(['alg', 'kid', 'enc', 'typ'])
    expect(header['kid']).toBe(open.kid)
  })

  test('makes no token that its readers would refuse for its size', async () => {
    const large = 'x'.repeat(60_000)
    expect(await outcomeLater(() => encryptCompact(large, lock))).toBe('too_large')
    const wide = { maxTokenLength: 100_000 }
    const made = await encryptCompact(large, lock, wide)
    expect(await outcomeLater(() => decryptCompact(made, open, wide))).toBe('accepted')
  })
})
