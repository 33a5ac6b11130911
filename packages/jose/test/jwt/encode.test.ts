import { describe, expect, test } from 'vitest'
import { generateKey } from '../../src/jwk/generate.ts'
import { importKey } from '../../src/jwk/import.ts'
import { secret } from '../../src/jwk/secret.ts'
import type { ClaimsSet } from '../../src/jwt/claims-set.ts'
import { decode } from '../../src/jwt/decode.ts'
import { encode, type EncodeOptions } from '../../src/jwt/encode.ts'
import type { NoSecretClaims } from '../../src/jwt/secret-claims.ts'
import { decodeUnverified } from '../../src/unverified.ts'
import { now, pairFor, sharedBytes, sharedSecret } from '../forge.ts'
import { encodeLater, isSynchronous } from '../later.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const header = (options?: EncodeOptions): unknown =>
  decodeUnverified(encode({}, key, options ?? {})).unverified.header
const refuse = (claims: unknown, options: object = {}) =>
  refusal(() => encode(claims as ClaimsSet & NoSecretClaims, key, options))

test('makes the token of the primer, byte for byte', () => {
  const weak = secret('HS256', 'secret', { allowWeakKey: true })
  const token =
    'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyLWlkIjo1fQ.tBQu0HfnOYK7lL3tH5ImgsI-y4Jz1RKscJWbV3U2QMI'
  expect(encode({ 'user-id': 5 }, weak)).toBe(token)
  expect(encode({ 'user-id': 5 }, 'secret', { algorithm: 'HS256', allowWeakKey: true })).toBe(token)
  expect(decode(token, weak)).toEqual({ 'user-id': 5 })
  expect(decode(token, 'secret', { algorithms: ['HS256'], allowWeakKey: true })).toEqual({ 'user-id': 5 })
})

test('without the waiver the primer’s secret is refused on both sides, saying how to make a proper one', () => {
  const outcomes = [
    refusal(() => secret('HS256', 'secret')),
    refusal(() => encode({ 'user-id': 5 }, 'secret', { algorithm: 'HS256' })),
    refusal(() => decode('a.b.c', 'secret', { algorithms: ['HS256'] })),
  ]
  for (const error of outcomes) {
    expect(error.code).toBe('weak_key')
    expect(error.message).toContain('tessera keygen HS256')
  }
})

describe('the claims', () => {
  test('are taken as they are, in their order, with nothing added', () => {
    const { claims } = decodeUnverified(encode({ z: 1, a: [1, { b: null }] }, key)).unverified
    expect(JSON.stringify(claims)).toBe('{"z":1,"a":[1,{"b":null}]}')
  })

  test('get iat and exp when expiresIn is given, in whole seconds', () => {
    const made = (options: EncodeOptions) =>
      decodeUnverified(encode({ a: 1 }, key, options)).unverified.claims
    expect(made({ expiresIn: '15m', now })).toEqual({ a: 1, iat: now, exp: now + 900 })
    expect(made({ expiresIn: 60, now: now + 0.9 })).toEqual({ a: 1, iat: now, exp: now + 60 })
    expect(made({ expiresIn: 0.1, now: () => now })).toEqual({ a: 1, iat: now, exp: now + 1 })
  })

  test('keep an iat of their own', () => {
    const token = encode({ iat: 5 }, key, { expiresIn: 1, now })
    expect(decodeUnverified(token).unverified.claims).toEqual({ iat: 5, exp: now + 1 })
  })

  test('cannot have exp and expiresIn both', () => {
    expect(refuse({ exp: now + 5 }, { expiresIn: '15m' }).code).toBe('option_invalid')
  })

  test('are not changed, and later changes do not matter', () => {
    const claims = Object.freeze({ roles: ['a'] })
    const token = encode(claims, key, { expiresIn: 5 })
    claims.roles.push('admin')
    expect(decode(token, key)['roles']).toEqual(['a'])
    expect(Object.keys(claims)).toEqual(['roles'])
  })

  test.each([
    ['exp as numeric text', { exp: '1539517391' }, 'exp'],
    ['exp in milliseconds', { exp: Date.now() }, 'exp'],
    ['exp that is NaN', { exp: Number.NaN }, 'exp'],
    ['exp that is Infinity', { exp: Number.POSITIVE_INFINITY }, 'exp'],
    ['exp that is null', { exp: null }, 'exp'],
    ['exp that is undefined', { exp: undefined }, 'exp'],
    ['exp as a Date', { exp: new Date() }, 'exp'],
    ['nbf as text', { nbf: '5' }, 'nbf'],
    ['iat in milliseconds', { iat: Date.now() }, 'iat'],
    ['sub as a number', { sub: 1 }, 'sub'],
    ['iss as an array', { iss: ['a'] }, 'iss'],
    ['jti as a number', { jti: 1 }, 'jti'],
    ['aud as an empty array', { aud: [] }, 'aud'],
    ['aud with a number', { aud: ['a', 1] }, 'aud'],
    ['aud as null', { aud: null }, 'aud'],
    ['a bigint (T66)', { id: 1n }, 'id'],
    ['undefined (T66)', { id: undefined }, 'id'],
    ['a function (T66)', { id: () => 1 }, 'id'],
    ['a symbol (T66)', { id: Symbol('x') }, 'id'],
    ['a lone surrogate (T64)', { name: 'a\ud800' }, 'name'],
    ['a Map', { roles: new Map() }, 'roles'],
  ])('with %s are claim_invalid', (_name, claims, claim) => {
    expect(refuse(claims)).toMatchObject({ code: 'claim_invalid', claim })
  })

  test('whose times are wrong are told so with the fix', () => {
    expect(refuse({ exp: '1539517391' }).message).toMatch(/number.*text.*quotes/)
    expect(refuse({ exp: Date.now() }).message).toContain('milliseconds')
    expect(refuse({ exp: Number.NaN }).message).toContain('not finite')
  })

  test.each([['text'], [5], [null], [undefined], [[1]], [true], [() => ({})], [new Map()], ['{"a":1}']])(
    'must be an object: %#',
    (claims) => {
      expect(refuse(claims).code).toBe('claim_invalid')
    },
  )

  test('may have toJSON, if an object comes of it (T65)', () => {
    const token = encode({ toJSON: () => ({ a: 1 }) }, key)
    expect(decodeUnverified(token).unverified.claims).toEqual({ a: 1 })
    expect(refuse({ toJSON: () => 'text' }).code).toBe('claim_invalid')
    expect(refuse({ toJSON: () => ({ exp: '1' }) }).code).toBe('claim_invalid')
    expect(refuse({ toJSON: () => ({ password: 'x' }) }).code).toBe('claim_invalid')
  })
})

test('claims that contain themselves are refused', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  expect(refuse(cycle).code).toBe('claim_invalid')
})

describe('the header', () => {
  test('is typ and alg in this order', () => {
    expect(encode({}, key)).toMatch(/^eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9\./)
    expect(header()).toEqual({ typ: 'JWT', alg: 'HS256' })
  })

  test('takes further parameters, a kid and another typ', () => {
    expect(header({ header: { kid: 'k1', typ: 'at+jwt', own: [1] } })).toEqual({
      typ: 'at+jwt',
      alg: 'HS256',
      kid: 'k1',
      own: [1],
    })
  })

  test('T68 never overwrites a given alg or kid in silence', () => {
    expect(header({ header: { alg: 'HS256' } })).toEqual({ typ: 'JWT', alg: 'HS256' })
    for (const alg of ['none', 'HS512', 'ES256', null, 1, '', ['HS256']])
      expect(refuse({}, { header: { alg } }).code).toBe('option_invalid')
    expect(header({ header: { kid: 'mine' } })).toMatchObject({ kid: 'mine' })
  })

  test('takes no crit and no b64', () => {
    expect(refuse({}, { header: { crit: ['exp'], exp: 1 } }).code).toBe('option_invalid')
    expect(refuse({}, { header: { b64: false } }).code).toBe('option_invalid')
  })

  test.each([
    ['kid as a number', { kid: 1 }],
    ['typ as null', { typ: null }],
    ['jwk as text', { jwk: '{}' }],
    ['a member of undefined', { kid: undefined }],
    ['a bigint', { own: 1n }],
    ['a lone surrogate', { kid: '\ud800' }],
  ])('is refused with %s, as the caller’s mistake', (_name, parameters) => {
    expect(refuse({}, { header: parameters }).code).toBe('option_invalid')
  })

  test.each(['kid', null, 5, [], true])('is an object: %j', (value) => {
    expect(refuse({}, { header: value }).code).toBe('option_invalid')
  })

  test('that every verifier would refuse as too large is not signed', () => {
    expect(refuse({}, { header: { kid: 'k'.repeat(9000) } }).code).toBe('too_large')
  })
})

describe('the key and its algorithm', () => {
  test('raw text or bytes need the name of an HS* algorithm', () => {
    expect(outcomeOf(() => encode({}, sharedSecret, { algorithm: 'HS512' }))).toBe('accepted')
    expect(outcomeOf(() => encode({}, sharedBytes, { algorithm: 'HS256' }))).toBe('accepted')
    expect(outcomeOf(() => encode({}, sharedSecret))).toBe('option_invalid')
    expect(outcomeOf(() => encode({}, sharedSecret, { algorithm: 'RS256' }))).toBe('option_invalid')
    expect(outcomeOf(() => encode({}, '', { algorithm: 'HS256' }))).toBe('key_invalid')
  })

  test.each(['none', 'hs256', 'HS128', '', null, 5, ['HS256'], {}])(
    'algorithm %j is option_invalid',
    (name) => {
      const options = { algorithm: name } as EncodeOptions
      expect(outcomeOf(() => encode({}, sharedSecret, options))).toBe('option_invalid')
      expect(outcomeOf(() => encode({}, key, options))).toBe('option_invalid')
    },
  )

  test('a key signs with its own algorithm; the option may only repeat it', () => {
    expect(outcomeOf(() => encode({}, key, { algorithm: 'HS256' }))).toBe('accepted')
    expect(outcomeOf(() => encode({}, key, { algorithm: 'HS512' }))).toBe('alg_not_allowed')
    expect(outcomeOf(() => encode({}, key, { algorithm: 'ES256' }))).toBe('alg_not_allowed')
  })

  test('an Ed25519 key writes the name that it was made with', async () => {
    for (const algorithm of ['Ed25519', 'EdDSA'] as const) {
      const own = await importKey(pairFor(algorithm).privateJwk, { type: 'private' })
      expect(decodeUnverified(await encodeLater({}, own)).unverified.header).toEqual({
        typ: 'JWT',
        alg: algorithm,
      })
    }
  })

  test.runIf(isSynchronous)('adds no key ID: encode writes typ and alg alone', async () => {
    expect(decodeUnverified(encode({}, await generateKey('ES256'))).unverified.header).toEqual({
      typ: 'JWT',
      alg: 'ES256',
    })
  })
})

describe('T67 options', () => {
  test.each([
    [{ algorithem: 'HS256' }, 'algorithm'],
    [{ expires_in: '15m' }, 'expiresIn'],
    [{ expiresin: '15m' }, 'expiresIn'],
    [{ headers: {} }, 'header'],
    [{ alowWeakKey: true }, 'allowWeakKey'],
  ])('misspelt %j is refused with the nearest name', (options, nearest) => {
    const error = refuse({}, options)
    expect(error.code).toBe('option_invalid')
    expect(error.message).toContain(`"${nearest}"`)
  })

  test.each([
    [{ algorithm: undefined }],
    [{ expiresIn: undefined }],
    [{ expiresIn: null }],
    [{ expiresIn: '' }],
    [{ expiresIn: '15' }],
    [{ expiresIn: 5, now: Number.NaN }],
    [{ expiresIn: 5, now: 'today' }],
    [{ expiresIn: 5, now: null }],
    [{ allowWeakKey: 'true' }],
    [{ allowSecretClaims: 1 }],
    ['HS256'],
    [['HS256']],
    [5],
  ])('%j is option_invalid', (options) => {
    expect(refuse({}, options as object).code).toBe('option_invalid')
  })
})
