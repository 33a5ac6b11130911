import { describe, expect, test } from 'vitest'
import { requireRow } from '../../src/jwa/signature-algorithms.ts'
import { checkJwk } from '../../src/jwk/checked-jwk.ts'
import type { Jwk } from '../../src/jwk/jwk.ts'
import { pairFor } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const ec = pairFor('ES256').publicJwk
const rsa = pairFor('RS256')

describe('checkJwk', () => {
  test('keeps the key members and nothing else', () => {
    const checked = checkJwk({ ...ec, kid: 'a', use: 'sig', extra: 1 }, requireRow('ES256'))
    expect(checked).toEqual({
      kind: 'public',
      members: { kty: 'EC', crv: 'P-256', x: ec.x, y: ec.y },
      modulusBits: 0,
    })
  })

  test('counts the bits of an RSA modulus', () => {
    expect(checkJwk(rsa.publicJwk, requireRow('RS256')).modulusBits).toBe(2048)
    // 255 octets and a half: 2044 bits.
    const n = Buffer.from(`0f${'ab'.repeat(255)}`, 'hex').toString('base64url')
    const error = refusal(() => checkJwk({ kty: 'RSA', n, e: 'AQAB' }, requireRow('RS256')))
    expect(error).toMatchObject({ code: 'weak_key', message: expect.stringContaining('2044') as string })
  })

  const big = (octets: number, first = 0x80): string =>
    Buffer.from([first, ...Array<number>(octets - 1).fill(0x55)]).toString('base64url')

  test('refuses RSA below 2048 bits, and takes 2048 (RFC 7518 §3.3, T13)', () => {
    const outcome = (n: string) =>
      outcomeOf(() => checkJwk({ kty: 'RSA', n, e: 'AQAB' }, requireRow('PS384')))
    expect(outcome(big(256))).toBe('accepted')
    expect(outcome(big(256, 0x40))).toBe('weak_key')
    expect(outcome(big(128))).toBe('weak_key')
    expect(outcome(big(2048))).toBe('accepted')
    expect(outcome(big(2049))).toBe('key_invalid')
  })

  test('refuses an RSA modulus with leading zero octets, which would be a second name of one key', () => {
    const n = Buffer.concat([Buffer.of(0), Buffer.from(String(rsa.publicJwk.n), 'base64url')])
    const padded = { ...rsa.publicJwk, n: n.toString('base64url') }
    expect(outcomeOf(() => checkJwk(padded, requireRow('RS256')))).toBe('key_invalid')
  })

  test.each([
    ['0', 'AA'],
    ['1', 'AQ'],
    ['3', 'Aw'],
    ['17', 'EQ'],
    ['65535', '__8'],
    ['an even number', 'AQAC'],
    ['2^32 + 1', 'AQAAAAE'],
    ['a number of 256 octets', Buffer.alloc(256, 1).toString('base64url')],
    ['nothing', ''],
  ])('refuses the public exponent %s (FIPS 186-5 §5.1)', (_name, e) => {
    expect(outcomeOf(() => checkJwk({ ...rsa.publicJwk, e }, requireRow('RS256')))).toBe('key_invalid')
  })

  test('takes the public exponents 65537 and 2^32 - 1', () => {
    for (const e of ['AQAB', '_____w'])
      expect(outcomeOf(() => checkJwk({ ...rsa.publicJwk, e }, requireRow('RS256')))).toBe('accepted')
  })
})

describe('T25 malformed JWKs are key_invalid before the runtime sees them', () => {
  const without = (jwk: Jwk, name: string): Jwk =>
    Object.fromEntries(Object.entries(jwk).filter(([key]) => key !== name)) as unknown as Jwk
  const cases: [string, Parameters<typeof requireRow>[0], Jwk][] = []
  const broken = [
    ['missing', undefined],
    ['null', null],
    ['a number', 5],
    ['an array', ['AQAB']],
    ['an object', {}],
    ['empty', ''],
    ['with padding', 'AQAB=='],
    ['plain base64', '++//'],
    ['with white space', ' AQAB'],
    ['with stray bits', 'AR'],
    ['of impossible length', 'A'],
    ['not of its alphabet', '!!!!'],
  ] as const
  const corpus = [
    ['RS256', rsa.publicJwk, ['n', 'e']],
    ['PS512', pairFor('PS512').privateJwk, ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']],
    ['ES256', ec, ['x', 'y']],
    ['ES512', pairFor('ES512').privateJwk, ['x', 'y', 'd']],
    ['Ed25519', pairFor('Ed25519').publicJwk, ['x']],
    ['EdDSA', pairFor('EdDSA').privateJwk, ['x', 'd']],
  ] as const
  for (const [algorithm, jwk, members] of corpus) {
    for (const name of members) {
      for (const [what, value] of broken) {
        // Without d it is a public key, which is well-formed.
        if (name === 'd' && value === undefined) continue
        const bad = value === undefined ? without(jwk, name) : { ...jwk, [name]: value }
        cases.push([`${algorithm}: "${name}" ${what}`, algorithm, bad])
      }
    }
  }

  test.each(cases)('%s', (_name, algorithm, jwk) => {
    const error = refusal(() => checkJwk(jwk, requireRow(algorithm)))
    expect(error.code).toBe('key_invalid')
    expect(error.message).toContain('JWK "')
  })

  test.each([
    ['a coordinate that is a byte short', { ...ec, x: String(ec.x).slice(0, -2) }],
    ['a coordinate that is a byte long', { ...ec, y: Buffer.alloc(33, 7).toString('base64url') }],
    ['coordinates of another curve', { ...pairFor('ES384').publicJwk, crv: 'P-256' }],
    ['another curve', { ...ec, crv: 'P-384' }],
    ['a curve that is not known', { ...ec, crv: 'secp256k1' }],
    ['a curve in lower case', { ...ec, crv: 'p-256' }],
    ['no curve', without(ec, 'crv')],
    ['another key type', { ...ec, kty: 'OKP' }],
    ['a key type in lower case', { ...ec, kty: 'ec' }],
    ['the type of an RSA key', { ...ec, kty: 'RSA' }],
    ['the type of a secret', { ...ec, kty: 'oct' }],
  ])('ES256: %s', (_name, jwk) => {
    expect(outcomeOf(() => checkJwk(jwk, requireRow('ES256')))).toBe('key_invalid')
  })

  test('RSA: more than two primes ("oth")', () => {
    const jwk = { ...rsa.privateJwk, oth: [{ r: 'AQ', d: 'AQ', t: 'AQ' }] }
    expect(outcomeOf(() => checkJwk(jwk, requireRow('RS256')))).toBe('key_invalid')
  })

  test('RSA: a private key of n, e and d alone, whose primes are missing', () => {
    const { n, e, d } = rsa.privateJwk
    const jwk = { kty: 'RSA', n, e, d } as Jwk
    expect(outcomeOf(() => checkJwk(jwk, requireRow('RS256')))).toBe('key_invalid')
  })
})
