import { createECDH, ECDH, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decompressPoint, isOnCurve, isScalar } from '../../src/crypto/curve-point.ts'

const curves = [
  ['P-256', 'prime256v1', 32],
  ['P-384', 'secp384r1', 48],
  ['P-521', 'secp521r1', 66],
  ['secp256k1', 'secp256k1', 32],
] as const

describe.each(curves)('%s', (name, openssl, size) => {
  /** What openssl makes of a compressed point. */
  const expected = (x: Uint8Array, isOdd: boolean): string => {
    try {
      const point = ECDH.convertKey(
        Uint8Array.of(isOdd ? 3 : 2, ...x),
        openssl,
        undefined,
        'hex',
        'uncompressed',
      )
      return String(point).slice(2 + size * 2)
    } catch {
      return 'none'
    }
  }

  test('a compressed point has the y that openssl finds, or none', () => {
    const octets = fc.uint8Array({ minLength: size, maxLength: size })
    const below = octets.map((x) => (size === 66 ? x.map((octet, at) => (at === 0 ? octet & 1 : octet)) : x))
    fc.assert(
      fc.property(fc.oneof(below, octets), fc.boolean(), (x, isOdd) => {
        const y = decompressPoint(name, x, isOdd)
        expect(y === undefined ? 'none' : Buffer.from(y).toString('hex')).toBe(expected(x, isOdd))
        if (y !== undefined) expect(isOnCurve(name, x, y)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('a point of a key is on the curve; the same with one bit changed is not, nor with p added', () => {
    const { x, y } = generateKeyPairSync('ec', { namedCurve: name }).publicKey.export({ format: 'jwk' })
    const [bigX, bigY] = [Buffer.from(String(x), 'base64url'), Buffer.from(String(y), 'base64url')]
    expect(isOnCurve(name, bigX, bigY)).toBe(true)
    expect(
      isOnCurve(
        name,
        bigX,
        bigY.map((octet, at) => (at === size - 1 ? octet ^ 1 : octet)),
      ),
    ).toBe(false)
    expect(isOnCurve(name, new Uint8Array(size).fill(255), bigY)).toBe(false)
    expect(isOnCurve(name, new Uint8Array(size), new Uint8Array(size))).toBe(false)
  })

  test('a private key is neither zero nor the order of the curve', () => {
    const { d } = generateKeyPairSync('ec', { namedCurve: name }).privateKey.export({ format: 'jwk' })
    expect(isScalar(name, Buffer.from(String(d), 'base64url'))).toBe(true)
    expect(isScalar(name, new Uint8Array(size))).toBe(false)
    expect(isScalar(name, new Uint8Array(size).fill(255))).toBe(false)
  })

  test('the largest private key is the last that openssl takes', () => {
    const setPrivate = (octets: Uint8Array): void => {
      createECDH(openssl).setPrivateKey(octets)
    }
    let low = 0n
    let high = 256n ** BigInt(size)
    const octetsOf = (number: bigint): Uint8Array =>
      new Uint8Array(Buffer.from(number.toString(16).padStart(size * 2, '0'), 'hex'))
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (isScalar(name, octetsOf(middle))) low = middle
      else high = middle
    }
    expect(() => setPrivate(octetsOf(low))).not.toThrow()
    expect(() => setPrivate(octetsOf(high))).toThrow(/not valid/)
  })
})
