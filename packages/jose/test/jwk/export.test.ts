import { describe, expect, test } from 'vitest'
import { exportJwk, exportPem } from '../../src/jwk/export.ts'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import type { Key } from '../../src/jwk/key.ts'
import { secret } from '../../src/jwk/secret.ts'
import { pairFor, sharedBytes } from '../forge.ts'
import { outcomeLater } from '../outcome.ts'

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']

describe('exportJwk', () => {
  test.each(['RS256', 'ES256', 'Ed25519'] as const)(
    'gives no private member of the public key of %s',
    async (algorithm) => {
      const key = await importKey(pairFor(algorithm).privateJwk, { type: 'private', extractable: true })
      const jwk = await exportJwk(key.publicKey)
      expect(Object.keys(jwk).filter((name) => privateMembers.includes(name))).toEqual([])
    },
  )

  test('refuses a private key that was not made extractable, and gives its public key', async () => {
    const key = await importKey(pairFor('ES256').privateJwk, { type: 'private' })
    expect(await outcomeLater(() => exportJwk(key))).toBe('key_invalid')
    expect(await outcomeLater(() => exportPem(key))).toBe('key_invalid')
    expect(await outcomeLater(() => exportJwk(key.publicKey))).toBe('accepted')
  })

  test('leaves out members that were not the key’s own', async () => {
    const jwk = { ...pairFor('ES256').publicJwk, kid: 'a', x5c: ['AAAA'], iat: 1, key_ops: ['verify'] }
    expect(await exportJwk(await importKey(jwk))).toEqual({
      ...pairFor('ES256').publicJwk,
      kid: 'a',
      use: 'sig',
    })
  })

  test('gives a copy: changing it changes nothing', async () => {
    const key = await importKey(pairFor('ES256').publicJwk)
    const first = (await exportJwk(key)) as Record<string, unknown>
    first['x'] = 'changed'
    expect((await exportJwk(key)).x).toBe(pairFor('ES256').publicJwk.x)
  })

  test('refuses what is no key of this library', async () => {
    const like = { type: 'public', algorithm: 'ES256' } as Key
    for (const value of [like, undefined, null, {}, 'key', { ...(await generateKey('ES256')) } as Key]) {
      expect(await outcomeLater(() => exportJwk(value as Key))).toBe('key_invalid')
      expect(await outcomeLater(() => exportPem(value as Key))).toBe('key_invalid')
    }
  })
})

test('exportPem refuses a secret, which has no PEM form', async () => {
  expect(await outcomeLater(() => exportPem(secret('HS256', sharedBytes)))).toBe('key_invalid')
})
