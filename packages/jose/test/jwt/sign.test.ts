import { describe, expect, test } from 'vitest'
import { generateKey } from '../../src/jwk/generate.ts'
import { secret } from '../../src/jwk/secret.ts'
import type { ClaimsSet } from '../../src/jwt/claims-set.ts'
import type { NoSecretClaims } from '../../src/jwt/secret-claims.ts'
import { signJwt, type SignJwtOptions } from '../../src/jwt/sign.ts'
import { verifyJwt } from '../../src/jwt/verify.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { now, sharedBytes, sharedSecret } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
type Claims = ClaimsSet & NoSecretClaims

const claimsOf = async (claims: Claims, options: SignJwtOptions): Promise<unknown> =>
  decodeUnverified(await signJwt(claims, key, { now, ...options })).unverified.claims
const headerOf = async (options: SignJwtOptions): Promise<unknown> =>
  decodeUnverified(await signJwt({}, key, { now, ...options })).unverified.header
const outcome = (claims: unknown, options: unknown): Promise<string> =>
  outcomeLater(() => signJwt(claims as Claims, key, options as SignJwtOptions))

describe('signJwt', () => {
  test('adds iat and what the options say', async () => {
    const options = {
      issuer: 'a',
      audience: ['b', 'c'],
      subject: 'd',
      jwtId: 'e',
      expiresIn: '15m',
      notBefore: '1m',
    } as const
    expect(await claimsOf({ scope: 'x' }, options)).toEqual({
      iss: 'a',
      aud: ['b', 'c'],
      sub: 'd',
      jti: 'e',
      iat: now,
      exp: now + 900,
      nbf: now + 60,
      scope: 'x',
    })
    expect(await claimsOf({}, { audience: 'b', expiresIn: 5 })).toEqual({ aud: 'b', iat: now, exp: now + 5 })
  })

  test('writes whole seconds', async () => {
    expect(await claimsOf({}, { now: now + 0.75, expiresIn: 0.25, notBefore: 1.5 })).toEqual({
      iat: now,
      exp: now + 1,
      nbf: now + 2,
    })
  })

  test('needs a lifetime: expiresIn or exp, and null waives it', async () => {
    expect(await outcome({}, {})).toBe('option_invalid')
    expect(await claimsOf({ exp: now + 9 }, {})).toEqual({ iat: now, exp: now + 9 })
    expect(await claimsOf({}, { expiresIn: null })).toEqual({ iat: now })
    expect((await rejection(signJwt({}, key, {}))).message).toContain("expiresIn: '15m'")
  })

  test('takes each claim from one side only', async () => {
    const twice: [Claims, object][] = [
      [{ iss: 'a' }, { issuer: 'a' }],
      [{ aud: 'a' }, { audience: 'a' }],
      [{ sub: 'a' }, { subject: 'a' }],
      [{ jti: 'a' }, { jwtId: 'a' }],
      [{ exp: now + 5 }, { expiresIn: 5 }],
      [{ exp: now + 5 }, { expiresIn: null }],
      [{ nbf: now }, { notBefore: 5 }],
    ]
    for (const [claims, options] of twice)
      expect(await outcome(claims, { expiresIn: 5, ...options })).toBe('option_invalid')
  })

  test('keeps an iat of the claims', async () => {
    expect(await claimsOf({ iat: 5 }, { expiresIn: 5 })).toMatchObject({ iat: 5, exp: now + 5 })
  })

  test('writes typ, alg, and kid when the key has one', async () => {
    expect(await headerOf({ expiresIn: 5 })).toEqual({ typ: 'JWT', alg: 'HS256' })
    expect(await headerOf({ expiresIn: 5, typ: 'at+jwt' })).toEqual({ typ: 'at+jwt', alg: 'HS256' })
    const own = await generateKey('ES256')
    const { header } = decodeUnverified(await signJwt({}, own, { expiresIn: 5 })).unverified
    expect(header).toEqual({ typ: 'JWT', alg: 'ES256', kid: own.kid })
  })

  test('makes what verifyJwt takes', async () => {
    const own = await generateKey('Ed25519')
    const token = await signJwt({ role: 'x' }, own, { issuer: 'i', audience: 'a', expiresIn: '1h' })
    const { claims, header } = await verifyJwt(token, own.publicKey, { issuer: 'i', audience: 'a' })
    expect(claims).toMatchObject({ iss: 'i', aud: 'a', role: 'x' })
    expect(header.kid).toBe(own.kid)
  })

  test('takes no raw secret: a key says more', async () => {
    expect(await outcomeLater(() => signJwt({}, sharedSecret as never, { expiresIn: 5 }))).toBe('key_invalid')
    expect(await outcomeLater(() => signJwt({}, sharedBytes as never, { expiresIn: 5 }))).toBe('key_invalid')
  })
})

describe('signJwt refuses', () => {
  test.each([
    ['exp as text', { exp: '1539517391' }],
    ['exp in milliseconds', { exp: Date.now() }],
    ['exp that is NaN', { exp: Number.NaN }],
    ['sub as a number', { sub: 1 }],
    ['iat as a Date', { iat: new Date() }],
    ['a bigint', { a: 1n }],
    ['a lone surrogate', { a: '\udc00' }],
    ['undefined', { a: undefined }],
  ])('claims with %s: claim_invalid', async (_name, claims) => {
    expect(await outcome(claims, 'exp' in claims ? {} : { expiresIn: 5 })).toBe('claim_invalid')
  })

  test.each([
    [{ expiresIn: '' }],
    [{ expiresIn: '10' }],
    [{ expiresIn: '1 fortnight' }],
    [{ expiresIn: Number.NaN }],
    [{ expiresIn: 0 }],
    [{ expiresIn: -5 }],
    [{ expiresIn: undefined }],
    [{ expiresIn: 1e12 }],
    [{ expiresIn: 5, notBefore: '5' }],
    [{ expiresIn: 5, notBefore: null }],
    [{ expiresIn: 5, issuer: undefined }],
    [{ expiresIn: 5, typ: '' }],
    [{ expiresIn: 5, typ: 1 }],
    [{ expiresIn: 5, typ: null }],
    [{ expiresIn: 5, now: Number.NaN }],
    [{ expiresIn: 5, now: null }],
    [{ expiresIn: 5, allowSecretClaims: 'yes' }],
    [{ expiresIn: 5, algorithm: 'HS256' }],
    [{ expiresIn: 5, audiance: 'x' }],
    [undefined],
    [null],
    ['15m'],
    [[]],
  ])('T36, T67 options %#: option_invalid', async (options) => {
    expect(await outcome({}, options)).toBe('option_invalid')
  })

  test.each([
    [{ issuer: 1 }],
    [{ issuer: null }],
    [{ audience: [] }],
    [{ audience: [1] }],
    [{ subject: 5 }],
    [{ jwtId: {} }],
  ])('T67 %j, which no verifier would take', async (options) => {
    expect(['option_invalid', 'claim_invalid']).toContain(await outcome({}, { expiresIn: 5, ...options }))
  })

  test('claims that are no object', async () => {
    for (const claims of ['text', 5, null, undefined, [1], () => ({})])
      expect(await outcome(claims, { expiresIn: 5 })).toBe('claim_invalid')
  })

  test('by a rejected promise, never by throwing at once', () => {
    const promise = signJwt({}, undefined as unknown as typeof key, undefined as unknown as { expiresIn: 5 })
    expect(promise).toBeInstanceOf(Promise)
    return expect(promise).rejects.toMatchObject({ name: 'JoseError' })
  })
})
