import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDerSequence, readDerKeyInfo } from '../../src/encoding/der.ts'
import { pairFor } from '../forge.ts'

const spki = (algorithm: 'RS256' | 'ES256' | 'ES384' | 'ES512' | 'Ed25519'): Uint8Array =>
  pairFor(algorithm).publicKey.export({ format: 'der', type: 'spki' })
const pkcs8 = (algorithm: 'RS256' | 'ES256' | 'Ed25519'): Uint8Array =>
  pairFor(algorithm).privateKey.export({ format: 'der', type: 'pkcs8' })

describe('readDerKeyInfo', () => {
  test('tells form, algorithm and curve', () => {
    expect(readDerKeyInfo(spki('RS256'))).toEqual({ form: 'spki', algorithm: '1.2.840.113549.1.1.1' })
    expect(readDerKeyInfo(pkcs8('RS256'))).toEqual({ form: 'pkcs8', algorithm: '1.2.840.113549.1.1.1' })
    expect(readDerKeyInfo(spki('ES256'))).toMatchObject({ form: 'spki', curve: '1.2.840.10045.3.1.7' })
    expect(readDerKeyInfo(spki('ES384'))).toMatchObject({ curve: '1.3.132.0.34' })
    expect(readDerKeyInfo(spki('ES512'))).toMatchObject({ curve: '1.3.132.0.35' })
    expect(readDerKeyInfo(pkcs8('Ed25519'))).toEqual({ form: 'pkcs8', algorithm: '1.3.101.112' })
    const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' })
    expect(readDerKeyInfo(x25519)).toMatchObject({ algorithm: '1.3.101.110' })
  })

  test('refuses every shortened key and every key with a byte added', () => {
    const whole = spki('ES256')
    for (let length = 0; length < whole.length; length += 1)
      expect(readDerKeyInfo(whole.subarray(0, length))).toBeUndefined()
    expect(readDerKeyInfo(Uint8Array.of(...whole, 0))).toBeUndefined()
    expect(readDerKeyInfo(Uint8Array.of(0, ...whole))).toBeUndefined()
  })

  test('refuses an indefinite length, a length of more than three octets, and a length past the end', () => {
    expect(readDerKeyInfo(Uint8Array.of(0x30, 0x80, 0x30, 0, 0, 0))).toBeUndefined()
    expect(readDerKeyInfo(Uint8Array.of(0x30, 0x84, 0, 0, 0, 2, 5, 0))).toBeUndefined()
    expect(readDerKeyInfo(Uint8Array.of(0x30, 0x82, 0xff, 0xff, 1))).toBeUndefined()
    expect(readDerKeyInfo(Uint8Array.of(0x30, 0x82, 0x01))).toBeUndefined()
  })

  test('never throws, whatever the bytes', () => {
    const mutated = fc
      .tuple(fc.nat(spki('ES256').length - 1), fc.nat(255))
      .map(([at, byte]) => spki('ES256').map((old, index) => (index === at ? byte : old)))
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 120 }), mutated)
    fc.assert(
      fc.property(bytes, (der) => {
        const info = readDerKeyInfo(der)
        expect(info === undefined || info.form === 'spki' || info.form === 'pkcs8').toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

test('isDerSequence knows keys, PKCS #1 and certificates by their outer form', () => {
  const pkcs1 = pairFor('RS256').publicKey.export({ format: 'der', type: 'pkcs1' })
  expect([spki('RS256'), pkcs8('ES256'), pkcs1].map(isDerSequence)).toEqual([true, true, true])
  expect(isDerSequence(Buffer.from('0 is how this sentence begins, which is 0x30 as a byte'))).toBe(false)
  expect(isDerSequence(Uint8Array.of(0x30, 3, 2, 1, 0))).toBe(false)
})
