import { describe, expect, test } from 'vitest'
import {
  isHmacAlgorithm,
  readsAlgorithm,
  requireRow,
  rowsForKey,
  signatureAlgorithms,
  signatureRow,
} from '../../src/jwa/signature-algorithms.ts'
import { hmacAlgorithms } from '../forge.ts'

describe('the table of signature algorithms', () => {
  test('has the 19 names of RFC 7518 §3.1, RFC 8037, RFC 8812, RFC 9864 and RFC 9964, and no other', () => {
    const known = `HS256 HS384 HS512 RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 ES256K
      Ed25519 EdDSA Ed448 ML-DSA-44 ML-DSA-65 ML-DSA-87`.split(/\s+/)
    expect([...signatureAlgorithms].sort()).toEqual(known.sort())
    expect(signatureAlgorithms.filter(isHmacAlgorithm)).toEqual([...hmacAlgorithms])
  })

  test.each([
    'none',
    'NONE',
    'hs256',
    'HS256 ',
    'HS1',
    'RS1',
    'ES256k',
    'Es512',
    'ML-DSA-128',
    'ml-dsa-44',
    'RSA1_5',
    'A128KW',
    'dir',
    '',
    '__proto__',
    'constructor',
    'toString',
    null,
    undefined,
    1,
    ['HS256'],
    { toString: () => 'HS256' },
  ])('has no row for %j (T2, T60)', (name) => {
    expect(signatureRow(name)).toBeUndefined()
    expect(isHmacAlgorithm(name)).toBe(false)
  })

  test.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
    ['ES256', 64],
    ['ES384', 96],
    ['ES512', 132],
    ['ES256K', 64],
    ['Ed25519', 64],
    ['Ed448', 114],
    ['ML-DSA-44', 2420],
    ['ML-DSA-65', 3309],
    ['ML-DSA-87', 4627],
    ['EdDSA', 64],
  ] as const)('%s signatures have %i octets', (name, octets) => {
    expect(requireRow(name).signatureBytes).toBe(octets)
  })

  test('asks RSA keys of 2048 bits (RFC 7518 §3.3) and HMAC keys as long as the hash (§3.2)', () => {
    const least = signatureAlgorithms.map((name) => [name, requireRow(name).minimumKey])
    expect(Object.fromEntries(least)).toMatchObject({
      HS256: 32,
      HS384: 48,
      HS512: 64,
      RS256: 2048,
      PS512: 2048,
    })
  })

  test('takes EdDSA for the older name of Ed25519 and of Ed448, by the curve, and no other two for one', () => {
    const curves = [undefined, 'Ed25519', 'Ed448']
    const same = signatureAlgorithms.flatMap((name) =>
      curves.flatMap((crv) =>
        signatureAlgorithms
          .filter((other) => other !== name && readsAlgorithm(requireRow(name, crv), other))
          .map((other) => `${name} on ${crv}: ${other}`),
      ),
    )
    expect(same.sort()).toEqual([
      'Ed25519 on Ed25519: EdDSA',
      'Ed25519 on Ed448: EdDSA',
      'Ed25519 on undefined: EdDSA',
      'Ed448 on Ed25519: EdDSA',
      'Ed448 on Ed448: EdDSA',
      'Ed448 on undefined: EdDSA',
      'EdDSA on Ed25519: Ed25519',
      'EdDSA on Ed448: Ed448',
      'EdDSA on undefined: Ed25519',
    ])
    expect(requireRow('EdDSA', 'Ed448').crv).toBe('Ed448')
    expect(requireRow('EdDSA', 'P-256').crv).toBe('Ed25519')
  })

  test('finds the algorithms of a kind of key', () => {
    expect(rowsForKey('EC', 'P-384').map((row) => row.algorithm)).toEqual(['ES384'])
    expect(rowsForKey('RSA').map((row) => row.algorithm)).toHaveLength(6)
    expect(rowsForKey('OKP', 'Ed25519').map((row) => row.algorithm)).toEqual(['Ed25519', 'EdDSA'])
    expect(rowsForKey('EC', 'secp256k1').map((row) => row.algorithm)).toEqual(['ES256K'])
    expect(rowsForKey('OKP', 'Ed448').map((row) => row.algorithm)).toEqual(['Ed448', 'EdDSA'])
    expect(rowsForKey('AKP').map((row) => row.algorithm)).toHaveLength(3)
    expect(rowsForKey('EC', 'P-224')).toEqual([])
    expect(rowsForKey('OKP', 'X25519')).toEqual([])
    expect(rowsForKey('EC')).toEqual([])
  })
})
