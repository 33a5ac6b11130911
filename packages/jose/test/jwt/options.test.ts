import { describe, expect, test } from 'vitest'
import { createVerifier, decode, encode, secret, signJwt, verifyJwt } from '../../src/index.ts'
import { now, sharedSecret, token } from '../forge.ts'
import { outcomeLater, outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy = { issuer: 'a', audience: 'b', now }

describe('options of verification (T67)', () => {
  test.each([
    ['a misspelt name', { ...policy, audiance: 'x' }],
    ['issuer left out', { audience: 'b' }],
    ['audience left out', { issuer: 'a' }],
    ['issuer undefined', { ...policy, issuer: undefined }],
    ['audience undefined', { ...policy, audience: undefined }],
    ['audience empty', { ...policy, audience: '' }],
    ['audience an empty list', { ...policy, audience: [] }],
    ['audience a regular expression', { ...policy, audience: /b/ }],
    ['tolerance of NaN', { ...policy, clockToleranceSeconds: Number.NaN }],
    ['infinite tolerance', { ...policy, clockToleranceSeconds: Number.POSITIVE_INFINITY }],
    ['negative tolerance', { ...policy, clockToleranceSeconds: -1 }],
    ['tolerance as text', { ...policy, clockToleranceSeconds: '5' }],
    ['requireExp as text', { ...policy, requireExp: 'false' }],
    ['no algorithms', { ...policy, algorithms: [] }],
    ['an unknown algorithm', { ...policy, algorithms: ['none'] }],
    ['a schema that is none', { ...policy, schema: {} }],
    ['a clock that is none', { ...policy, now: 'noon' }],
    ['no object', 'a'],
    ['null', null],
  ])('%s: option_invalid, at construction too', async (_title, options) => {
    expect(await outcomeLater(() => verifyJwt('x', key, options as never))).toBe('option_invalid')
    if (typeof options === 'object' && options !== null) {
      expect(outcomeOf(() => createVerifier({ keys: key, ...options } as never))).toBe('option_invalid')
    }
  })

  test('a misspelt name is answered with the nearest one', () => {
    expect(refusal(() => decode('x', key, { isuer: 'a' } as never)).message).toContain('"issuer"')
  })

  test('options are read once, and only their own (T58, T59)', () => {
    let reads = 0
    const options = {
      get issuer() {
        reads += 1
        return 'a'
      },
      audience: 'b',
      keys: key,
      now,
    }
    const verifier = createVerifier(options)
    expect(reads).toBe(1)
    expect(verifier.verifySync(token({ iss: 'a', aud: 'b', exp: now + 5 })).claims.iss).toBe('a')
    const inherited = Object.create({ issuer: 'a', audience: 'b' }) as object
    expect(outcomeOf(() => createVerifier({ keys: key, ...inherited } as never))).toBe('option_invalid')
  })

  test('raw secrets need a list of HS* algorithms', () => {
    expect(outcomeOf(() => decode('x', sharedSecret))).toBe('option_invalid')
    expect(outcomeOf(() => decode('x', sharedSecret, { algorithms: ['HS256', 'RS256'] }))).toBe(
      'option_invalid',
    )
    expect(outcomeOf(() => decode('x', 'short', { algorithms: ['HS256'] }))).toBe('weak_key')
    expect(outcomeOf(() => decode('x', key, { algorithms: ['ES256'] }))).toBe('alg_not_allowed')
    expect(outcomeOf(() => decode('x', undefined as never))).toBe('key_invalid')
  })
})

describe('signing', () => {
  test('the token of the primer, byte for byte', () => {
    const weak = secret('HS256', 'secret', { allowWeakKey: true })
    const made = encode({ 'user-id': 5 }, weak)
    expect(made).toBe(
      'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyLWlkIjo1fQ.tBQu0HfnOYK7lL3tH5ImgsI-y4Jz1RKscJWbV3U2QMI',
    )
    expect(decode(made, weak)).toEqual({ 'user-id': 5 })
    const fault = refusal(() => secret('HS256', 'secret'))
    expect(fault.code).toBe('weak_key')
    expect(fault.message).toContain('keygen')
  })

  test.each([
    ['exp as text', { exp: '1539517391' }, 'claim_invalid'],
    ['exp in milliseconds', { exp: Date.now() }, 'claim_invalid'],
    ['exp NaN', { exp: Number.NaN }, 'claim_invalid'],
    ['sub a number', { sub: 1 }, 'claim_invalid'],
    ['an empty audience', { aud: [] }, 'claim_invalid'],
    ['a lone surrogate (T64)', { a: '\ud800' }, 'claim_invalid'],
    ['undefined (T66)', { a: undefined }, 'claim_invalid'],
    ['a bigint (T66)', { a: 1n }, 'claim_invalid'],
    ['a function (T66)', { a: () => 1 }, 'claim_invalid'],
    ['a Map', { a: new Map() }, 'claim_invalid'],
    ['a list as claims', [], 'claim_invalid'],
    ['null as claims', null, 'claim_invalid'],
    ['a password', { password: 'x' }, 'claim_invalid'],
    ['a Client-Secret', { 'Client-Secret': 'x' }, 'claim_invalid'],
  ])('refuses %s', (_title, claims, code) => {
    expect(outcomeOf(() => encode(claims as never, key))).toBe(code)
  })

  test('a cycle is refused, and what toJSON gives is taken (T65)', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(outcomeOf(() => encode(cycle, key))).toBe('claim_invalid')
    expect(decode(encode({ at: new Date(0) }, key), key)).toEqual({ at: '1970-01-01T00:00:00.000Z' })
  })

  test('encode adds iat and exp only for expiresIn; never twice', () => {
    expect(decode(encode({ a: 1 }, key, { expiresIn: '15m', now }), key, { now })).toEqual({
      a: 1,
      iat: now,
      exp: now + 900,
    })
    expect(outcomeOf(() => encode({ exp: now }, key, { expiresIn: 5 }))).toBe('option_invalid')
  })

  test.each(['15', '1 fortnight', '', '10M', '-5s', 0, -1, Number.NaN, Number.POSITIVE_INFINITY, {}])(
    'expiresIn %j is refused (T36)',
    (expiresIn) => {
      expect(outcomeOf(() => encode({}, key, { expiresIn: expiresIn as never }))).toBe('option_invalid')
    },
  )

  test('signJwt wants a lifetime, names the key, and takes no claim twice', async () => {
    expect(await outcomeLater(() => signJwt({}, key, {}))).toBe('option_invalid')
    expect(await outcomeLater(() => signJwt({ iss: 'a' }, key, { issuer: 'a', expiresIn: 5 }))).toBe(
      'option_invalid',
    )
    expect(await outcomeLater(() => signJwt({ exp: 5 }, key, { expiresIn: null }))).toBe('option_invalid')
    const made = await signJwt({}, key, {
      issuer: 'a',
      audience: 'b',
      subject: 'c',
      jwtId: 'd',
      notBefore: 1,
      expiresIn: '1h',
      typ: 'at+jwt',
      now,
    })
    const { claims, header } = await verifyJwt(made, key, { ...policy, now: now + 2 })
    expect(header).toEqual({ typ: 'at+jwt', alg: 'HS256' })
    expect(claims).toEqual({
      iss: 'a',
      aud: 'b',
      sub: 'c',
      jti: 'd',
      iat: now,
      nbf: now + 1,
      exp: now + 3600,
    })
  })

  test('header parameters are added, never alg, crit or b64 (T68)', () => {
    const made = encode({}, key, { header: { kid: 'k1' } })
    expect(Buffer.from(made.split('.')[0] ?? '', 'base64url').toString()).toBe(
      '{"typ":"JWT","alg":"HS256","kid":"k1"}',
    )
    for (const header of [{ alg: 'none' }, { crit: ['exp'] }, { b64: false }]) {
      expect(outcomeOf(() => encode({}, key, { header }))).toBe('option_invalid')
    }
  })
})
