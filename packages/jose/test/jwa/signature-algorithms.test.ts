import { describe, expect, test } from 'vitest'
import {
  isHmacAlgorithm,
  isSameAlgorithm,
  requireRow,
  rowsForKey,
  signatureAlgorithms,
  signatureRow,
} from '../../src/jwa/signature-algorithms.ts'
import { algorithms } from '../forge.ts'

describe('the table of signature algorithms', () => {
  test('has the 14 names of RFC 7518 §3.1, RFC 8037 and RFC 9864, and no other', () => {
    expect([...signatureAlgorithms].sort()).toEqual([...algorithms].sort())
  })

  test.each([
    'none',
    'NONE',
    'hs256',
    'HS256 ',
    'HS1',
    'RS1',
    'ES256K',
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
    ['Ed25519', 64],
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

  test('takes Ed25519 and EdDSA for one algorithm, and no other two', () => {
    const same = algorithms.flatMap((a) =>
      algorithms.filter((b) => a !== b && isSameAlgorithm(a, b)).map((b) => `${a}=${b}`),
    )
    expect(same).toEqual(['Ed25519=EdDSA', 'EdDSA=Ed25519'])
  })

  test('finds the algorithms of a kind of key', () => {
    expect(rowsForKey('EC', 'P-384').map((row) => row.algorithm)).toEqual(['ES384'])
    expect(rowsForKey('RSA').map((row) => row.algorithm)).toHaveLength(6)
    expect(rowsForKey('OKP', 'Ed25519').map((row) => row.algorithm)).toEqual(['Ed25519', 'EdDSA'])
    expect(rowsForKey('EC', 'secp256k1')).toEqual([])
    expect(rowsForKey('OKP', 'X25519')).toEqual([])
    expect(rowsForKey('EC')).toEqual([])
  })
})
