import { describe, expect, test } from 'vitest'
import { verifyDpopProof } from '../../src/dpop/index.ts'
import type { JoseError } from '../../src/index.ts'
import { calculateThumbprint } from '../../src/jwk/index.ts'
import { asymmetricAlgorithms, now, pairFor, segment } from '../forge.ts'
import { rejection } from '../outcome.ts'
import { expected, method, proofWith, publicMembers, url } from './proofs.ts'

/** The refusal of a proof whose header holds this key; the signature is by the key that the good one would hold. */
function refusalOf(jwk: unknown, algorithm: 'ES256' | 'RS256' | 'Ed25519' = 'ES256'): Promise<JoseError> {
  return rejection(verifyDpopProof(proofWith({ header: { jwk }, algorithm }), expected))
}

const good = publicMembers()
const privateJwk = pairFor('ES256').privateJwk

describe('the key in the header of a proof (RFC 9449 §4.2)', () => {
  test.each(asymmetricAlgorithms)('is taken for %s, and named by its thumbprint', async (algorithm) => {
    const jwk = { ...publicMembers(algorithm), ...(algorithm.startsWith('ML') ? { alg: algorithm } : {}) }
    const { thumbprint, publicKey } = await verifyDpopProof(
      proofWith({ header: { jwk }, algorithm }),
      expected,
    )
    expect(thumbprint).toBe(await calculateThumbprint(jwk as unknown as { kty: string }))
    expect(publicKey.algorithm).toBe(algorithm)
  })

  test('may say what it is for, and carry members that mean nothing here', async () => {
    const jwk = { ...good, alg: 'ES256', use: 'sig', key_ops: ['verify'], kid: 'mine', note: 5 }
    const { publicKey } = await verifyDpopProof(proofWith({ header: { jwk } }), expected)
    expect(publicKey.type).toBe('public')
  })

  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv', 'k'])(
    'T26 CVE-2026-54431: with the private member %s it is refused, whatever that holds',
    async (name) => {
      for (const value of [privateJwk.d, '', null, 5]) {
        const { code, message } = await refusalOf({ ...good, [name]: value })
        expect({ code, message }).toEqual({
          code: 'malformed',
          message: 'protected header: "jwk": expected a public key, got one with private members',
        })
      }
    },
  )

  test('T26: a private key is refused before its signature is looked at', async () => {
    const other = pairFor('ES256', 'another').privateJwk
    expect((await refusalOf(other)).code).toBe('malformed')
  })

  test.each([
    ['none', undefined],
    ['null', null],
    ['text', JSON.stringify(good)],
    ['an array', [good]],
    ['an empty object', {}],
    ['a secret', { kty: 'oct', k: 'AAAA' }],
    ['a key without its type', { ...good, kty: undefined }],
    ['a key of another type', { ...good, kty: 'OKP' }],
    ['a key without its curve', { ...good, crv: undefined }],
    ['a key of another curve', publicMembers('ES384')],
    ['a key on an Edwards curve', publicMembers('Ed25519')],
    ['a key that lacks a coordinate', { ...good, y: undefined }],
    ['a coordinate with padding', { ...good, x: `${String(good['x'])}=` }],
    ['a coordinate that is short', { ...good, x: String(good['x']).slice(0, -3) }],
    ['a coordinate that is no text', { ...good, x: 5 }],
    ['a point that is not on its curve', { ...good, x: segment(new Uint8Array(32).fill(1)) }],
    ['a key for another algorithm', { ...good, alg: 'ES384' }],
    ['a key for an algorithm that is not known', { ...good, alg: 'XX' }],
    ['a key for encryption', { ...good, use: 'enc' }],
    ['a key for signing only', { ...good, key_ops: ['sign'] }],
    ['a kid that is no text', { ...good, kid: 5 }],
  ])('%s is refused as a fault of the proof', async (_title, jwk) => {
    expect((await refusalOf(jwk)).code).toBe('malformed')
  })

  test('RFC 7518 §3.3: an RSA key below 2048 bits is refused, and one that makes every check slow', async () => {
    for (const bits of [1024, 2040, 4104]) {
      const n = segment(new Uint8Array(bits / 8).fill(255))
      const { code, message } = await refusalOf({ kty: 'RSA', n, e: 'AQAB' }, 'RS256')
      expect({ code, message }).toEqual({ code: 'malformed', message: expect.stringMatching(/bits/) })
    }
  })

  test('an RSA key with a leading zero, a second thumbprint of one key, is refused', async () => {
    const jwk = publicMembers('RS256')
    const n = segment(Buffer.concat([Buffer.of(0), Buffer.from(String(jwk['n']), 'base64url')]))
    expect((await refusalOf({ ...jwk, n }, 'RS256')).code).toBe('malformed')
    expect((await refusalOf({ ...jwk, e: 'AQ' }, 'RS256')).code).toBe('malformed')
  })

  test('a point of small order, under which one signature fits every message, is refused', async () => {
    const x = segment(Buffer.from([1, ...new Uint8Array(31)]))
    const header = segment({ typ: 'dpop+jwt', alg: 'Ed25519', jwk: { kty: 'OKP', crv: 'Ed25519', x } })
    const claims = segment({ jti: 'x', htm: method, htu: url, iat: now })
    const signature = segment(Buffer.from([1, ...new Uint8Array(63)]))
    const { code } = await rejection(verifyDpopProof(`${header}.${claims}.${signature}`, expected))
    expect(code).toBe('malformed')
  })

  test('no message tells a member of the key', async () => {
    const { message } = await refusalOf({ ...privateJwk, x: 'AAAA' })
    for (const value of [privateJwk.d, privateJwk.x, privateJwk.y]) expect(message).not.toContain(value)
  })
})
