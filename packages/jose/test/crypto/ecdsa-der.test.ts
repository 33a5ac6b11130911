import { generateKeyPairSync, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { longestDer, readDer, writeDer } from '../../src/crypto/ecdsa-der.ts'

const halves = { 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 } as const
const der = new Uint8Array(longestDer)
const written = (raw: Uint8Array): Uint8Array => der.slice(0, writeDer(raw, der))

/** DER as the standard describes it, from numbers. */
function reference(r: bigint, s: bigint): Uint8Array {
  const integer = (value: bigint): number[] => {
    let hex = value.toString(16)
    if (hex.length % 2 === 1) hex = `0${hex}`
    const octets = [...Buffer.from(hex, 'hex')]
    const [first = 0] = octets
    if (first > 127) octets.unshift(0)
    return [2, octets.length, ...octets]
  }
  const content = [...integer(r), ...integer(s)]
  return Uint8Array.of(0x30, ...(content.length > 127 ? [0x81] : []), content.length, ...content)
}

const rawOf = (r: bigint, s: bigint, half: number): Uint8Array =>
  new Uint8Array(
    Buffer.from([r, s].map((value) => value.toString(16).padStart(half * 2, '0')).join(''), 'hex'),
  )

describe.each(Object.entries(halves))('an ECDSA signature of %s', (curve, half) => {
  test('is written as the shortest DER, and comes back as it was, for any two numbers', () => {
    // Any length of either number: leading zeros and a first bit of one are where it goes wrong.
    const number = fc
      .tuple(fc.integer({ min: 0, max: half }), fc.uint8Array({ minLength: half, maxLength: half }))
      .map(([octets, bytes]) => BigInt(`0x00${Buffer.from(bytes.subarray(0, octets)).toString('hex')}`))
    fc.assert(
      fc.property(number, number, (r, s) => {
        const raw = rawOf(r, s, half)
        expect(written(raw)).toEqual(reference(r, s))
        expect(readDer(written(raw), half)).toEqual(raw)
      }),
      { numRuns: 300 },
    )
  })

  test('is what node:crypto makes and takes', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
    for (let round = 0; round < 40; round += 1) {
      const data = Buffer.from(`token ${round}`)
      const made = sign('sha256', data, privateKey)
      const raw = readDer(made, half)
      expect(written(raw)).toEqual(new Uint8Array(made))
      const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const }
      expect(verify('sha256', data, key, raw)).toBe(true)
    }
  })
})
