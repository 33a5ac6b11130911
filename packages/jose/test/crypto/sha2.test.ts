import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockBytes, digestBytes } from '../../src/crypto/hash-lengths.ts'
import { sha2 } from '../../src/crypto/sha2.ts'

const hashes = ['SHA-256', 'SHA-384', 'SHA-512'] as const
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const reference = (hash: string, data: Uint8Array): string =>
  createHash(hash.replace('-', '').toLowerCase()).update(data).digest('hex')

describe.each(hashes)('%s in TypeScript', (hash) => {
  test('agrees with node:crypto for every length from 0 to three blocks and one octet', () => {
    for (let length = 0; length <= blockBytes[hash] * 3 + 1; length += 1) {
      const data = Uint8Array.from({ length }, (_, index) => (index * 31 + length * 7) & 255)
      expect(hex(sha2(hash, data))).toBe(reference(hash, data))
    }
  })

  test('agrees with node:crypto for octets that are all ones and all zeros, around every border', () => {
    const block = blockBytes[hash]
    for (const length of [
      block / 2,
      block - 17,
      block - 9,
      block - 8,
      block - 1,
      block,
      block + 1,
      8 * block,
    ]) {
      for (const byte of [0, 255]) {
        const data = new Uint8Array(length).fill(byte)
        expect(hex(sha2(hash, data))).toBe(reference(hash, data))
      }
    }
  })

  test('agrees with node:crypto for any data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => {
        expect(hex(sha2(hash, data))).toBe(reference(hash, data))
      }),
      { numRuns: 300 },
    )
  })

  test('agrees with the WebCrypto of the runtime for any data', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (data) => {
        const native = await crypto.subtle.digest(hash, Uint8Array.from(data))
        expect(hex(sha2(hash, data))).toBe(hex(new Uint8Array(native)))
      }),
    )
  })

  test('agrees with node:crypto for a message whose length in bits needs more than 16 bits', () => {
    const data = Uint8Array.from({ length: 100_003 }, (_, index) => index % 251)
    expect(hex(sha2(hash, data))).toBe(reference(hash, data))
  })

  test('reads only the octets of the view it is given, and leaves them alone', () => {
    const whole = Uint8Array.from({ length: 300 }, (_, index) => index & 255)
    const part = whole.subarray(5, 200)
    expect(hex(sha2(hash, part))).toBe(reference(hash, part))
    expect(whole[100]).toBe(100)
  })

  test('gives a digest of its own buffer and length', () => {
    const first = sha2(hash, new Uint8Array(1))
    const second = sha2(hash, new Uint8Array(2))
    expect(first).toHaveLength(digestBytes[hash])
    expect(hex(first)).not.toBe(hex(second))
  })
})

test.each([
  ['SHA-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'SHA-384',
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  ],
  [
    'SHA-512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
] as const)('%s of "abc" is the example of FIPS 180-4', (hash, digest) => {
  expect(hex(sha2(hash, new TextEncoder().encode('abc')))).toBe(digest)
})
