/**
 * Edwards and RSA signatures have one spelling (RFC 8032 §5.1.7, RFC 8017 §5.2.2), ECDSA ones on secp256k1 two of one worth.
 */
import { describe, expect, test } from 'vitest'
import { isCanonicalEdwards } from '../../src/crypto/edwards.ts'
import { withSmallerS } from '../../src/crypto/smaller-s.ts'
import { isBelowModulus, verifyBytes } from '../../src/crypto/signature.ts'
import { importKey } from '../../src/jwk/import.ts'
import { requireMaterial } from '../../src/jwk/key.ts'
import { asymmetricAlgorithms, pairFor, signatureOf } from '../forge.ts'

const curves = {
  Ed25519: {
    bytes: 32,
    p: 2n ** 255n - 19n,
    order: 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn,
  },
  Ed448: {
    bytes: 57,
    p: 2n ** 448n - 2n ** 224n - 1n,
    order: BigInt(
      `0x3fffffffffffffffffffffffffffffffffffffffffffffffffffffff${'7cca23e9c44edb49aed63690216cc2728dc58f552378c292ab5844f3'}`,
    ),
  },
}

const little = (value: bigint, bytes: number): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex').reverse())
const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

describe.each(['Ed25519', 'Ed448'] as const)('a signature of %s', (curve) => {
  const { bytes, p, order } = curves[curve]
  const made = (r: bigint, s: bigint): Uint8Array => Uint8Array.of(...little(r, bytes), ...little(s, bytes))

  test('has an S below the order', () => {
    for (const s of [0n, 1n, order - 1n]) expect(isCanonicalEdwards(curve, made(5n, s))).toBe(true)
    for (const s of [order, order + 1n, order * 2n, 2n ** BigInt(bytes * 8) - 1n])
      expect(isCanonicalEdwards(curve, made(5n, s))).toBe(false)
  })

  test('has an R whose y is below the prime, under either sign', () => {
    const sign = 1n << BigInt(bytes * 8 - 1)
    for (const y of [0n, 1n, p - 1n])
      for (const r of [y, y | sign]) expect(isCanonicalEdwards(curve, made(r, 5n))).toBe(true)
    for (const y of [p, p + 1n, sign - 1n])
      for (const r of [y, y | sign]) expect(isCanonicalEdwards(curve, made(r, 5n))).toBe(false)
  })

  test.runIf(asymmetricAlgorithms.includes(curve))('is not good with the order added to its S', async () => {
    const key = requireMaterial(await importKey(pairFor(curve).publicJwk, { type: 'public' }))
    const data = new TextEncoder().encode('header.payload')
    const good = new Uint8Array(signatureOf(curve, pairFor(curve).privateKey, 'header.payload'))
    const other = Uint8Array.of(
      ...good.subarray(0, bytes),
      ...little(number(good.subarray(bytes)) + order, bytes),
    )
    expect(await verifyBytes(key, data, good)).toBe(true)
    expect(await verifyBytes(key, data, other)).toBe(false)
  })
})

describe('an RSA signature', () => {
  test('is a number below the modulus', () => {
    const modulus = Uint8Array.of(200, 5, 7)
    for (const below of [Uint8Array.of(0, 0, 0), Uint8Array.of(199, 255, 255), Uint8Array.of(200, 5, 6)])
      expect(isBelowModulus(below, modulus)).toBe(true)
    for (const other of [modulus, Uint8Array.of(200, 5, 8), Uint8Array.of(201, 0, 0)])
      expect(isBelowModulus(other, modulus)).toBe(false)
  })

  test.each(['PS256', 'RS256'] as const)(
    'of %s is not good with the modulus added (RFC 8017 §5.2.2)',
    async (algorithm) => {
      const { privateKey, publicJwk } = pairFor(algorithm)
      const key = requireMaterial(await importKey(publicJwk, { type: 'public' }))
      const modulus = big(Buffer.from(publicJwk.n!, 'base64url'))
      // The sum is as long as the modulus only where the signature is small.
      for (let count = 0; count < 16; count += 1) {
        const text = `header.payload${count}`
        const good = new Uint8Array(signatureOf(algorithm, privateKey, text))
        const sum = Buffer.from((big(good) + modulus).toString(16).padStart(512, '0'), 'hex')
        expect(await verifyBytes(key, Buffer.from(text), good)).toBe(true)
        expect(await verifyBytes(key, Buffer.from(text), new Uint8Array(sum))).toBe(false)
      }
    },
  )
})

describe('ES256K', () => {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const made = (s: bigint): Uint8Array =>
    Uint8Array.of(...new Uint8Array(32).fill(3), ...little(s, 32).reverse())

  test('is asked of the runtime with the smaller s, which is as good', () => {
    for (const s of [0n, 1n, n / 2n, n, n + 1n]) expect(withSmallerS(made(s))).toEqual(made(s))
    for (const s of [n / 2n + 1n, n - 2n, n - 1n]) expect(withSmallerS(made(s))).toEqual(made(n - s))
  })

  test.runIf(asymmetricAlgorithms.includes('ES256K'))('is good with either s', async () => {
    const key = requireMaterial(await importKey(pairFor('ES256K').publicJwk, { type: 'public' }))
    const data = new TextEncoder().encode('header.payload')
    const good = new Uint8Array(signatureOf('ES256K', pairFor('ES256K').privateKey, 'header.payload'))
    const s = number(good.slice(32).reverse())
    const other = Uint8Array.of(...good.subarray(0, 32), ...little(n - s, 32).reverse())
    for (const signature of [good, other]) expect(await verifyBytes(key, data, signature)).toBe(true)
  })
})
