import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digest, hmac, portableHmac } from '../../src/crypto/hmac.ts'
import { blockBytes } from '../../src/crypto/hash-lengths.ts'

const hashes = ['SHA-256', 'SHA-384', 'SHA-512'] as const
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const reference = (hash: string, key: Uint8Array, data: Uint8Array): string =>
  createHmac(hash.replace('-', '').toLowerCase(), key).update(data).digest('hex')

describe.each(hashes)('HMAC with %s', (hash) => {
  test('agrees with node:crypto for keys below, at and above the block', () => {
    const block = blockBytes[hash]
    for (const length of [0, 1, 32, block - 1, block, block + 1, 2 * block, 2 * block + 7]) {
      const key = Uint8Array.from({ length }, (_, index) => (index * 13 + 5) & 255)
      const data = new TextEncoder().encode('eyJhbGciOiJIUzI1NiJ9.e30')
      expect(hex(portableHmac(hash, key, data))).toBe(reference(hash, key, data))
    }
  })

  test('in TypeScript agrees with node:crypto, and so does the engine, for any key and data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 600 }), (key, data) => {
        expect(hex(portableHmac(hash, key, data))).toBe(reference(hash, key, data))
        expect(hex(hmac(hash, key, data))).toBe(reference(hash, key, data))
      }),
    )
  })

  test('agrees with the WebCrypto of the runtime for any key and data', async () => {
    const keys = fc.uint8Array({ minLength: 1, maxLength: 300 })
    await fc.assert(
      fc.asyncProperty(keys, fc.uint8Array({ maxLength: 600 }), async (key, data) => {
        const algorithm = { name: 'HMAC', hash }
        const web = await crypto.subtle.importKey('raw', Uint8Array.from(key), algorithm, false, ['sign'])
        const native = await crypto.subtle.sign(algorithm, web, Uint8Array.from(data))
        expect(hex(portableHmac(hash, key, data))).toBe(hex(new Uint8Array(native)))
        expect(hex(hmac(hash, key, data))).toBe(hex(new Uint8Array(native)))
      }),
    )
  })

  test('leaves key and data as they were', () => {
    const key = new Uint8Array(40).fill(3)
    const data = new Uint8Array(200).fill(4)
    portableHmac(hash, key, data)
    expect(key.every((byte) => byte === 3) && data.every((byte) => byte === 4)).toBe(true)
  })
})

test('HMAC-SHA-256 gives the example of RFC 4231 §4.3', () => {
  const key = new TextEncoder().encode('Jefe')
  const data = new TextEncoder().encode('what do ya want for nothing?')
  expect(hex(portableHmac('SHA-256', key, data))).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('digest gives the SHA-256 of empty input', () => {
  expect(hex(digest('SHA-256', new Uint8Array()))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
})
