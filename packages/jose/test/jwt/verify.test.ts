import { describe, expect, test } from 'vitest'
import { generateKey } from '../../src/jwk/generate.ts'
import { secret } from '../../src/jwk/secret.ts'
import { signJwt } from '../../src/jwt/sign.ts'
import { safeVerifyJwt, verifyJwt } from '../../src/jwt/verify.ts'
import { forge, now, sharedSecret, token } from '../forge.ts'
import { outcomeLater, rejection } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: 'https://i.example', audience: 'api', now } as const
const claims = { iss: 'https://i.example', aud: 'api', sub: 'a', exp: now + 60, roles: ['x', { y: [1] }] }

describe('verifyJwt', () => {
  test('gives claims and header, both deeply frozen', async () => {
    const value = token(claims, { kid: 'k', own: { list: [1] } })
    const result = await verifyJwt(value, key, policy)
    expect(result).toEqual({ claims, header: { typ: 'JWT', alg: 'HS256', kid: 'k', own: { list: [1] } } })
    const frozen = (part: unknown): boolean =>
      typeof part !== 'object' ||
      part === null ||
      (Object.isFrozen(part) && Object.values(part).every(frozen))
    expect(frozen(result.claims)).toBe(true)
    expect(frozen(result.header)).toBe(true)
  })

  test('T42 a caller who changes what he got changes nothing for the next', async () => {
    const value = token(claims)
    const first = await verifyJwt(value, key, policy)
    expect(() => (first.claims['roles'] as unknown[]).push('admin')).toThrow(TypeError)
    expect((await verifyJwt(value, key, policy)).claims).toEqual(claims)
  })

  test('refuses by a rejected promise, never by throwing at once', () => {
    const promise = verifyJwt('x', undefined as unknown as typeof key, undefined as unknown as typeof policy)
    expect(promise).toBeInstanceOf(Promise)
    return expect(promise).rejects.toMatchObject({ code: 'option_invalid' })
  })

  test('looks at options first, then at keys, then at the token', async () => {
    const nothing = undefined as unknown as typeof key
    const wrong = { ...policy, audiance: 1 } as unknown as typeof policy
    expect(await outcomeLater(() => verifyJwt('x', nothing, wrong))).toBe('option_invalid')
    expect(await outcomeLater(() => verifyJwt('x', nothing, policy))).toBe('key_invalid')
    expect(await outcomeLater(() => verifyJwt('x', key, policy))).toBe('malformed')
  })

  test('takes a clock that is a function, and refuses one that lies', async () => {
    expect(await outcomeLater(() => verifyJwt(token(claims), key, { ...policy, now: () => now }))).toBe(
      'accepted',
    )
    expect(await outcomeLater(() => verifyJwt(token(claims), key, { ...policy, now: () => now + 60 }))).toBe(
      'expired',
    )
    const lying = { ...policy, now: () => Number.NaN }
    expect(await outcomeLater(() => verifyJwt(token(claims), key, lying))).toBe('option_invalid')
  })

  test('T32 refuses a token for another audience or issuer (CVE-2025-62610)', async () => {
    const outcome = (changes: object) =>
      outcomeLater(() => verifyJwt(token({ ...claims, ...changes }), key, policy))
    expect(await outcome({ aud: 'other' })).toBe('claim_invalid')
    expect(await outcome({ iss: 'https://i.example.evil' })).toBe('claim_invalid')
    expect(await outcome({})).toBe('accepted')
  })

  test('verifies what signJwt made, for every kind of key', async () => {
    for (const algorithm of ['HS512', 'ES384', 'Ed25519', 'PS256'] as const) {
      const own = await generateKey(algorithm)
      const value = await signJwt({}, own, { issuer: policy.issuer, audience: 'api', expiresIn: '1m', now })
      const open = own.type === 'private' ? own.publicKey : own
      expect((await verifyJwt(value, open, policy)).header.alg).toBe(algorithm)
    }
  })
})

describe('safeVerifyJwt', () => {
  test('gives what verifyJwt gives, with ok', async () => {
    expect(await safeVerifyJwt(token(claims), key, policy)).toEqual({
      ok: true,
      claims,
      header: { typ: 'JWT', alg: 'HS256' },
    })
  })

  test('gives code and error of a token fault', async () => {
    const result = await safeVerifyJwt('x', key, policy)
    expect(result).toMatchObject({
      ok: false,
      code: 'malformed',
      error: { name: 'JoseError', code: 'malformed' },
    })
    expect(result).not.toHaveProperty('authentic')
  })

  test.each([
    ['typ_mismatch', {}, { typ: 'other' }],
    ['expired', { exp: now }, {}],
    ['not_yet_valid', { nbf: now + 5 }, {}],
    ['claim_missing', { aud: undefined }, {}],
    ['claim_invalid', { aud: 'other' }, {}],
    ['claim_invalid', { sub: 5 }, {}],
  ])('shows the authentic claims with %s, after a good signature: %#', async (code, changes, header) => {
    const set = { ...claims, ...changes }
    const result = await safeVerifyJwt(token(set, header), key, policy)
    expect(result).toMatchObject({ ok: false, code })
    const { authentic } = result as { authentic: unknown }
    expect(authentic).toEqual(JSON.parse(JSON.stringify(set)))
    expect(Object.isFrozen(authentic)).toBe(true)
  })

  test('shows none of a token that is not authentic, even if other things are wrong with it', async () => {
    const foreign = { key: new Uint8Array(32).fill(5) }
    const broken = forge({ alg: 'HS256' }, { ...claims, exp: 1 }, foreign)
    const results = [
      await safeVerifyJwt(broken, key, policy),
      await safeVerifyJwt(forge({ alg: 'ES256' }, claims), key, policy),
      await safeVerifyJwt(forge({ alg: 'HS256', crit: ['x'], x: 1 }, claims), key, policy),
      await safeVerifyJwt(`${token(claims)}x`, key, policy),
      await safeVerifyJwt(token('[]'), key, policy),
    ]
    expect(results.map((result) => (result.ok ? 'ok' : result.code))).toEqual([
      'bad_signature',
      'alg_not_allowed',
      'crit_unsupported',
      expect.stringMatching(/bad_signature|malformed/),
      'malformed',
    ])
    for (const result of results) expect(result).not.toHaveProperty('authentic')
  })

  test('keeps claims out of the error itself', async () => {
    const result = await safeVerifyJwt(token({ ...claims, exp: 1, sub: 'hunter2' }), key, policy)
    const { error } = result as { error: Error }
    expect(`${JSON.stringify(error)} ${error.message} ${error.stack}`).not.toContain('hunter2')
    expect(Object.keys(error)).not.toContain('authentic')
  })

  test('throws the caller’s own mistakes: option_invalid, key_invalid, weak_key', async () => {
    const unset = { ...policy, issuer: undefined } as unknown as typeof policy
    expect((await rejection(safeVerifyJwt(token(claims), key, unset))).code).toBe('option_invalid')
    const nothing = undefined as unknown as typeof key
    expect((await rejection(safeVerifyJwt(token(claims), nothing, policy))).code).toBe('key_invalid')
    const weak = { ...policy, algorithms: ['HS256'] } as const
    expect((await rejection(safeVerifyJwt(token(claims), 'short', weak))).code).toBe('weak_key')
    expect((await rejection(safeVerifyJwt(token(claims), sharedSecret, policy))).code).toBe('option_invalid')
  })

  test('throws a mistake of the application that shows with the first token: a set that hands in no keys', async () => {
    for (const selectKeys of [() => [{}], () => 'key', async () => [undefined]]) {
      const set = { selectKeys } as never
      expect((await rejection(safeVerifyJwt(token(claims), set, policy))).code).toBe('key_invalid')
    }
  })

  test('throws what a key set throws that is no fault of the token', async () => {
    const set = { selectKeys: () => Promise.reject(new RangeError('of the application')) }
    await expect(safeVerifyJwt(token(claims), set, policy)).rejects.toThrow(RangeError)
  })
})
