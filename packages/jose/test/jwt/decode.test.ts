import { describe, expect, test } from 'vitest'
import { createLocalJwkSet } from '../../src/jwks/local.ts'
import { secret } from '../../src/jwk/secret.ts'
import { decode, type DecodeOptions } from '../../src/jwt/decode.ts'
import { forge, now, pairFor, sharedBytes, sharedSecret, token } from '../forge.ts'
import { isSynchronous } from '../later.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)

test('gives the claims, verified and deeply frozen', () => {
  const claims = decode(token({ sub: 'a', roles: ['x', { y: 1 }] }), key)
  const roles = claims['roles'] as unknown[]
  expect(claims).toEqual({ sub: 'a', roles: ['x', { y: 1 }] })
  expect(() => Object.assign(claims, { sub: 'b' })).toThrow(TypeError)
  expect(() => roles.push('admin')).toThrow(TypeError)
  expect(() => Object.assign(roles[1] as object, { y: 2 })).toThrow(TypeError)
})

test('gives claims of their own to every caller', () => {
  const value = token({ sub: 'a' })
  expect(decode(value, key)).not.toBe(decode(value, key))
})

describe('verifies, always', () => {
  test('a changed character is bad_signature', () => {
    const [header, , signature] = token({ sub: 'a' }).split('.')
    const payload = Buffer.from('{"sub":"b"}').toString('base64url')
    expect(refusal(() => decode(`${header}.${payload}.${signature}`, key)).code).toBe('bad_signature')
  })

  test('another secret is bad_signature', () => {
    expect(refusal(() => decode(token({}), secret('HS256', `${sharedSecret}!`))).code).toBe('bad_signature')
  })

  test('an empty signature is refused for every algorithm name (T10, CVE-2026-23993)', () => {
    for (const alg of ['HS256', 'none', 'XX', 'ES256', '']) {
      const value = forge({ alg }, { sub: 'admin' }).replace(/[^.]*$/, '')
      expect(['malformed', 'alg_not_allowed']).toContain(refusal(() => decode(value, key)).code)
    }
  })

  test.each(['verify', 'verifySignature', 'complete', 'ignoreExpiration', 'noVerify', 'verify_signature'])(
    'there is no option %s that would turn it off',
    (name) => {
      const options = { [name]: false } as DecodeOptions
      expect(refusal(() => decode(token({}), key, options)).code).toBe('option_invalid')
    },
  )
})

describe('options', () => {
  test('issuer, audience, clock and tolerance work together', () => {
    const value = token({ iss: 'a', aud: ['b', 'c'], exp: now - 5, nbf: now - 10 })
    const options = { issuer: ['a', 'x'], audience: 'c', now: () => now, clockToleranceSeconds: 6 }
    expect(outcomeOf(() => decode(value, key, options))).toBe('accepted')
    expect(outcomeOf(() => decode(value, key, { ...options, clockToleranceSeconds: 5 }))).toBe('expired')
    expect(outcomeOf(() => decode(value, key, { ...options, audience: 'x' }))).toBe('claim_invalid')
    expect(outcomeOf(() => decode(value, key, { ...options, issuer: 'x' }))).toBe('claim_invalid')
  })

  test('the clock is the system’s when none is given', () => {
    const present = Math.floor(Date.now() / 1000)
    expect(outcomeOf(() => decode(token({ exp: present + 60 }), key))).toBe('accepted')
    expect(outcomeOf(() => decode(token({ exp: present - 60 }), key))).toBe('expired')
  })

  test.each([
    [{ audiance: 'x' }, 'audience'],
    [{ isuer: 'x' }, 'issuer'],
    [{ algorithm: 'HS256' }, 'algorithms'],
    [{ clockTolerance: 5 }, 'clockToleranceSeconds'],
  ])('T67 misspelt %j is refused with the nearest name', (options, nearest) => {
    const error = refusal(() => decode(token({}), key, options as DecodeOptions))
    expect(error.code).toBe('option_invalid')
    expect(error.message).toContain(`"${nearest}"`)
  })

  test.each([
    [{ audience: undefined }],
    [{ audience: '' }],
    [{ audience: [] }],
    [{ audience: [''] }],
    [{ audience: ['a', undefined] }],
    [{ audience: 5 }],
    [{ audience: /a/ }],
    [{ issuer: undefined }],
    [{ issuer: '' }],
    [{ issuer: [] }],
    [{ issuer: new Set(['a']) }],
    [{ issuer: /a/g }],
    [{ clockToleranceSeconds: Number.POSITIVE_INFINITY }],
    [{ clockToleranceSeconds: Number.NaN }],
    [{ clockToleranceSeconds: -1 }],
    [{ clockToleranceSeconds: 3601 }],
    [{ clockToleranceSeconds: '5' }],
    [{ clockToleranceSeconds: null }],
    [{ now: Number.NaN }],
    [{ now: new Date() }],
    [{ now: '5' }],
    [{ now: null }],
    [{ allowWeakKey: 'yes' }],
    [{ allowWeakKey: 1 }],
    [[]],
    ['audience'],
    [5],
    [true],
  ])('T35, T37, T67 %# is option_invalid before the token is looked at', (options) => {
    expect(outcomeOf(() => decode('no token', key, options as DecodeOptions))).toBe('option_invalid')
  })
})

describe('keys', () => {
  test.runIf(isSynchronous)('a JWK Set at hand works at once', () => {
    const { privateKey, publicJwk } = pairFor('ES256')
    const set = createLocalJwkSet({ keys: [publicJwk] })
    const value = forge({ alg: 'ES256' }, { a: 1 }, { algorithm: 'ES256', key: privateKey })
    expect(decode(value, set)).toEqual({ a: 1 })
  })

  test('a key set that answers with a promise needs verifyJwt: unsupported, and nothing is left hanging', () => {
    const set = { selectKeys: () => Promise.resolve([key]) }
    const error = refusal(() => decode(token({}), set))
    expect(error.code).toBe('unsupported')
    expect(error.message).toContain('verifyJwt')
    const failing = { selectKeys: () => Promise.reject(new Error('down')) }
    expect(refusal(() => decode(token({}), failing)).code).toBe('unsupported')
  })

  test('bytes of a secret are taken with their algorithm', () => {
    expect(decode(token({ a: 1 }), sharedBytes, { algorithms: ['HS256'] })).toEqual({ a: 1 })
  })
})
