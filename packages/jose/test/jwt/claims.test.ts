import { describe, expect, test } from 'vitest'
import { decode, safeVerifyJwt, secret, verifyJwt } from '../../src/index.ts'
import type { JoseError, VerifyJwtOptions } from '../../src/index.ts'
import { now, sharedSecret, token } from '../forge.ts'

const key = secret('HS256', sharedSecret)

/** The verdict on claims: `accepted`, or the code and the claim that it is about. */
async function verdict(claims: unknown, options: Partial<VerifyJwtOptions> = {}): Promise<string> {
  const result = await safeVerifyJwt(token(claims), key, {
    issuer: null,
    audience: null,
    requireExp: false,
    now,
    ...options,
  })
  return result.ok ? 'accepted' : [result.code, result.error.claim].filter(Boolean).join(' ')
}

describe('dates (RFC 7519 §4.1.4–6, T33)', () => {
  test.each([
    ['exp in a second', { exp: now + 1 }, 'accepted'],
    ['exp at this second', { exp: now }, 'expired exp'],
    ['exp half a second ahead', { exp: now + 0.5 }, 'accepted'],
    ['exp 0', { exp: 0 }, 'expired exp'],
    ['negative exp', { exp: -1 }, 'expired exp'],
    ['exp as numeric text', { exp: '1539517391' }, 'claim_invalid exp'],
    ['exp as numeric text of the future', { exp: '9999999999' }, 'claim_invalid exp'],
    ['exp null', { exp: null }, 'claim_invalid exp'],
    ['exp true', { exp: true }, 'claim_invalid exp'],
    ['exp an array', { exp: [now + 9] }, 'claim_invalid exp'],
    ['exp an object', { exp: {} }, 'claim_invalid exp'],
    ['exp empty text', { exp: '' }, 'claim_invalid exp'],
    ['exp in milliseconds', { exp: now * 1000 }, 'claim_invalid exp'],
    ['nbf at this second', { nbf: now }, 'accepted'],
    ['nbf in a second', { nbf: now + 1 }, 'not_yet_valid nbf'],
    ['nbf as text', { nbf: '1' }, 'claim_invalid nbf'],
    ['iat a minute ahead', { iat: now + 60 }, 'accepted'],
    ['iat further ahead', { iat: now + 61 }, 'not_yet_valid iat'],
    ['iat as text', { iat: 'abc' }, 'claim_invalid iat'],
  ])('%s', async (_title, claims, expected) => {
    expect(await verdict(claims)).toBe(expected)
  })

  test('a number beyond all bounds is no date (1e400 reads as Infinity)', async () => {
    const text = JSON.stringify({ sub: 'a' }).replace('}', ',"exp":1e400}')
    const forged = token(text)
    await expect(verifyJwt(forged, key, { issuer: null, audience: null, now })).rejects.toMatchObject({
      code: expect.stringMatching(/claim_invalid|malformed/),
    })
  })

  test('one tolerance bears on exp and nbf, and widens that of iat only beyond a minute', async () => {
    const options = { clockToleranceSeconds: 120 }
    expect(await verdict({ exp: now - 119 }, options)).toBe('accepted')
    expect(await verdict({ exp: now - 120 }, options)).toBe('expired exp')
    expect(await verdict({ nbf: now + 120 }, options)).toBe('accepted')
    expect(await verdict({ iat: now + 120 }, options)).toBe('accepted')
    expect(await verdict({ iat: now + 121 }, options)).toBe('not_yet_valid iat')
  })

  test('exp is required unless that is waived', async () => {
    expect(await verdict({ sub: 'a' }, { requireExp: true })).toBe('claim_missing exp')
    expect(await verdict({ sub: 'a' })).toBe('accepted')
  })

  test('maxAgeSeconds needs iat and refuses older tokens', async () => {
    expect(await verdict({ sub: 'a' }, { maxAgeSeconds: 60 })).toBe('claim_missing iat')
    expect(await verdict({ iat: now - 60 }, { maxAgeSeconds: 60 })).toBe('accepted')
    expect(await verdict({ iat: now - 61 }, { maxAgeSeconds: 60 })).toBe('too_old iat')
  })
})

describe('issuer and audience (T29–T31)', () => {
  test.each([
    ['the issuer', { iss: 'https://a' }, 'accepted'],
    ['none', {}, 'claim_missing iss'],
    ['a longer one', { iss: 'https://a-evil' }, 'claim_invalid iss'],
    ['a part of it', { iss: 'https://' }, 'claim_invalid iss'],
    ['a list', { iss: ['https://a', 'https://evil'] }, 'claim_invalid iss'],
    ['a number', { iss: 1 }, 'claim_invalid iss'],
  ])('issuer: %s', async (_title, claims, expected) => {
    expect(await verdict(claims, { issuer: 'https://a' })).toBe(expected)
  })

  test.each([
    ['the name', 'api', 'accepted'],
    ['a list with it', ['x', 'api'], 'accepted'],
    ['another name', 'other', 'claim_invalid aud'],
    ['a list without it', ['x', 'y'], 'claim_invalid aud'],
    ['an empty list', [], 'claim_invalid aud'],
    ['a list of an empty name', [''], 'claim_invalid aud'],
    ['empty text', '', 'claim_invalid aud'],
    ['a number', 0, 'claim_invalid aud'],
    ['null', null, 'claim_invalid aud'],
    ['an object', {}, 'claim_invalid aud'],
    ['a list with a number', [1, 'api'], 'claim_invalid aud'],
    ['a list in a list', [['api']], 'claim_invalid aud'],
  ])('audience: %s', async (_title, aud, expected) => {
    expect(await verdict({ aud }, { audience: ['api', 'api2'] })).toBe(expected)
  })

  test('decode refuses a token that names an audience nobody expects; null waives (RFC 7519 §4.1.3)', () => {
    const forged = token({ aud: 'api' })
    expect(() => decode(forged, key, { now })).toThrow(
      expect.objectContaining({ code: 'claim_invalid', claim: 'aud' }),
    )
    expect(decode(forged, key, { now, audience: null })).toEqual({ aud: 'api' })
    expect(decode(forged, key, { now, audience: 'api' })).toEqual({ aud: 'api' })
  })
})

describe('subject, required claims, typ', () => {
  test('sub and jti are text', async () => {
    expect(await verdict({ sub: 1 })).toBe('claim_invalid sub')
    expect(await verdict({ jti: {} })).toBe('claim_invalid jti')
    expect(await verdict({ sub: 'b' }, { subject: 'a' })).toBe('claim_invalid sub')
    expect(await verdict({}, { subject: 'a' })).toBe('claim_missing sub')
  })

  test('a required claim is an own member, whatever its name', async () => {
    expect(await verdict({ tenant: null }, { required: ['tenant'] })).toBe('accepted')
    expect(await verdict({}, { required: ['constructor'] })).toBe('claim_missing constructor')
  })

  test.each([
    [undefined, undefined, 'accepted'],
    ['JWT', undefined, 'accepted'],
    ['at+jwt', undefined, 'accepted'],
    ['application/AT+JWT', undefined, 'accepted'],
    ['dpop+jwt', undefined, 'typ_mismatch'],
    ['JWT', 'at+jwt', 'typ_mismatch'],
    [undefined, 'at+jwt', 'typ_mismatch'],
    ['application/at+jwt', 'at+jwt', 'accepted'],
    ['dpop+jwt', null, 'accepted'],
  ] as const)('P26: typ %s where %s is expected: %s', async (typ, expectedTyp, expected) => {
    const header = typ === undefined ? { typ: undefined } : { typ }
    const result = await safeVerifyJwt(token({ sub: 'a' }, header), key, {
      issuer: null,
      audience: null,
      requireExp: false,
      now,
      ...(expectedTyp === undefined ? {} : { typ: expectedTyp }),
    })
    expect(result.ok ? 'accepted' : result.code).toBe(expected)
  })
})

describe('what a verification gives', () => {
  test('claims are frozen to their depth', async () => {
    const { claims } = await verifyJwt(token({ list: [{ a: 1 }], exp: now + 9 }), key, {
      issuer: null,
      audience: null,
      now,
    })
    const list = claims['list'] as { a: number }[]
    expect(() => Object.assign(list[0] ?? {}, { a: 2 })).toThrow(TypeError)
    expect(() => list.push({ a: 3 })).toThrow(TypeError)
  })

  test('authentic claims come only with faults found after a good signature', async () => {
    const options = { issuer: null, audience: null, now } as const
    const late = await safeVerifyJwt(token({ sub: 'a', exp: now - 1 }), key, options)
    expect(late).toMatchObject({ ok: false, code: 'expired', authentic: { sub: 'a' } })
    const forged = token({ sub: 'a', exp: now - 1 }).replace(/.{4}$/, 'AAAA')
    const bad = await safeVerifyJwt(forged, key, options)
    expect(bad).toMatchObject({ ok: false, code: 'bad_signature' })
    expect(bad).not.toHaveProperty('authentic')
  })

  test('nothing about claims is told before the signature holds (T38)', async () => {
    const forged = token({ exp: 1, iss: 'evil' }).replace(/.{4}$/, 'AAAA')
    await expect(verifyJwt(forged, key, { issuer: 'a', audience: 'b', now })).rejects.toMatchObject({
      code: 'bad_signature',
    })
  })

  test('a polluted Object.prototype gives a token no claims (T58)', async () => {
    const prototype = Object.prototype as { exp?: number }
    prototype.exp = now + 1000
    try {
      expect(await verdict({ sub: 'a' }, { requireExp: true })).toBe('claim_missing exp')
      expect(await verdict({ sub: 'a', exp: now + 5 }, { requireExp: true })).toBe('accepted')
    } finally {
      delete prototype.exp
    }
  })

  test('errors carry no value of a claim (T57)', async () => {
    const error = await verifyJwt(token({ iss: 'sEcReTvAlUe', exp: now + 9 }), key, {
      issuer: 'a',
      audience: null,
      now,
    }).catch((fault: JoseError) => fault)
    expect(JSON.stringify(error) + String((error as JoseError).message)).not.toContain('sEcReTvAlUe')
  })
})
