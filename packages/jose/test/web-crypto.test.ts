/** The library where there is no `node:crypto`: WebCrypto answers, and HMAC stays synchronous. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type * as Jose from '../src/index.ts'
import { asymmetricAlgorithms, hmacAlgorithms, pairFor, sharedSecret } from './forge.ts'

let jose: typeof Jose

beforeAll(async () => {
  vi.resetModules()
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
  jose = await import('../src/index.ts')
})

afterAll(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

const policy = { issuer: null, audience: null, requireExp: false } as const

describe('without node:crypto', () => {
  test.each(hmacAlgorithms)('%s is synchronous', (algorithm) => {
    const key = jose.secret(algorithm, sharedSecret)
    const token = jose.encode({ a: 'é' }, key)
    expect(jose.decode(token, key)).toEqual({ a: 'é' })
    expect(() => jose.decode(`${token.slice(0, -4)}AAAA`, key)).toThrow(
      expect.objectContaining({ code: 'bad_signature' }),
    )
  })

  // WebCrypto has no secp256k1 anywhere.
  const webAlgorithms = asymmetricAlgorithms.filter((name) => name !== 'ES256K')

  test.each(webAlgorithms)('%s signs, verifies and refuses as promises', async (algorithm) => {
    const { privateJwk, publicJwk } = pairFor(algorithm)
    const key = await jose.importKey(privateJwk, { algorithm, type: 'private', extractable: true })
    const publicKey = await jose.importKey(publicJwk, { algorithm, type: 'public' })
    const token = await jose.signJwt({ a: 1 }, key, { expiresIn: null })
    expect((await jose.verifyJwt(token, publicKey, policy)).claims['a']).toBe(1)
    const forged = `${token.slice(0, -8)}${token.endsWith('AAAA') ? 'BBBBBBBB' : 'AAAAAAAA'}`
    await expect(jose.verifyJwt(forged, publicKey, policy)).rejects.toMatchObject({
      code: expect.stringMatching(/bad_signature|malformed/),
    })
    const again = await jose.importKey(await jose.exportPem(key), { algorithm, type: 'private' })
    expect(again.algorithm).toBe(algorithm)
  })

  test('decode of ES256 says that it needs a promise, and nothing is left unhandled', async () => {
    const { publicJwk, privateJwk } = pairFor('ES256')
    const publicKey = await jose.importKey(publicJwk, { algorithm: 'ES256', type: 'public' })
    const key = await jose.importKey(privateJwk, { algorithm: 'ES256', type: 'private' })
    const token = await jose.signJwt({}, key, { expiresIn: null })
    expect(() => jose.decode(token, publicKey)).toThrow(expect.objectContaining({ code: 'unsupported' }))
    await new Promise((resolve) => setTimeout(resolve, 20))
  })

  test('keys are generated, and private halves stay inside unless asked for', async () => {
    const key = await jose.generateKey('ES256')
    expect(key.kid).toBe(await jose.calculateThumbprint(key.publicKey))
    await expect(jose.exportJwk(key)).rejects.toMatchObject({ code: 'key_invalid' })
  })

  test('a key whose halves do not fit is refused', async () => {
    const own = pairFor('ES256')
    const other = pairFor('ES256', 'other')
    const mixed = { ...own.privateJwk, x: other.publicJwk.x as string, y: other.publicJwk.y as string }
    await expect(jose.importKey(mixed)).rejects.toMatchObject({ code: 'key_invalid' })
  })
})
