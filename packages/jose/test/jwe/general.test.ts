/** Several recipients of one JWE. */
import { describe, expect, test } from 'vitest'
import { decryptGeneral, encryptGeneral, type GeneralJwe } from '../../src/jwe/index.ts'
import { outcomeLater } from '../outcome.ts'
import { flipped, lockerFor, present } from './keys.ts'

const { lock, open } = await lockerFor('A256KW')

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
    const recipient = present(general.recipients[0])
    const many = (count: number): GeneralJwe => ({
      ...general,
      recipients: Array.from({ length: count }, () => recipient),
    })
    expect(await outcomeLater(() => decryptGeneral(many(4), open))).toBe('accepted')
    expect(await outcomeLater(() => decryptGeneral(many(5), open))).toBe('key_ambiguous')
    expect(await outcomeLater(() => decryptGeneral(many(101), open))).toBe('too_large')
  })

  test('are tried in turn: a broken one does not hide a good one', async () => {
    const general = await encryptGeneral('x', [{ key: lock }])
    const good = present(general.recipients[0])
    const broken = { ...good, encrypted_key: flipped(present(good.encrypted_key)) }
    expect(await outcomeLater(() => decryptGeneral({ ...general, recipients: [broken, good] }, open))).toBe(
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
    const [first, second] = [present(general.recipients[0]), present(general.recipients[1])]
    const { protected: _protected, ...rest } = general
    const recipients = [
      { ...first, header: { ...first.header, enc: 'A256GCM' } },
      { ...second, header: { ...second.header, enc: 'A128GCM' } },
    ]
    expect(await outcomeLater(() => decryptGeneral({ ...rest, recipients }, open))).toBe('malformed')
  })
})
