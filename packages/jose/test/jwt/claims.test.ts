/** The claims of RFC 7519 §4.1, each in every form that other libraries have let through or got wrong. */
import { describe, expect, test } from 'vitest'
import { secret } from '../../src/jwk/secret.ts'
import { decode } from '../../src/jwt/decode.ts'
import { createVerifier } from '../../src/jwt/verifier.ts'
import type { VerifyJwtOptions } from '../../src/jwt/verify-options.ts'
import { forge, now, sharedSecret, token } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const key = secret('HS256', sharedSecret)
const policy: VerifyJwtOptions = { issuer: null, audience: null, requireExp: false, now }
const verify = (value: string, options: Partial<VerifyJwtOptions> = {}): unknown =>
  createVerifier({ keys: key, ...policy, ...options }).verifySync(value).claims
const outcome = (claims: object | string, options: Partial<VerifyJwtOptions> = {}): string =>
  outcomeOf(() => verify(token(claims), options))

describe('T33 exp, nbf and iat are JSON numbers of seconds (RFC 7519 §2)', () => {
  const wrong: [string, string][] = [
    ['a numeric text, past', '"1539517391"'],
    ['a numeric text, future', '"9999999999"'],
    ['text', '"abc"'],
    ['empty text', '""'],
    ['null', 'null'],
    ['true', 'true'],
    ['false', 'false'],
    ['an object', '{}'],
    ['an array with a number', '[9999999999]'],
    ['an empty array', '[]'],
    ['1e400, which becomes Infinity', '1e400'],
    ['-1e400', '-1e400'],
    ['a date as text', '"2030-01-01T00:00:00Z"'],
  ]
  for (const claim of ['exp', 'nbf', 'iat']) {
    test.each(wrong)(`${claim} that is %s is claim_invalid`, (_name, text) => {
      const error = refusal(() => verify(token(`{"${claim}":${text}}`)))
      expect(error).toMatchObject({ code: 'claim_invalid', claim })
      expect(refusal(() => decode(token(`{"${claim}":${text}}`), key, { now })).code).toBe('claim_invalid')
    })

    test(`${claim} in milliseconds says so`, () => {
      const error = refusal(() => verify(token({ [claim]: now * 1000 })))
      expect(error).toMatchObject({ code: 'claim_invalid', claim })
      expect(error.message).toContain('milliseconds')
      expect(outcome({ [claim]: 100_000_000_001 })).toBe('claim_invalid')
    })
  }

  test('a numeric text is told by kind, with the fix, and never taken for "expired" or "no expiry"', () => {
    const error = refusal(() => decode(token({ 'user-id': 1, exp: '1539517391' }), key))
    expect(error).toMatchObject({ code: 'claim_invalid', claim: 'exp' })
    expect(error.message).toMatch(/number.*text.*quotes/)
    expect(error.message).not.toContain('1539517391')
    expect(refusal(() => decode(token({ 'user-id': 1, exp: 1_539_517_391 }), key)).code).toBe('expired')
  })

  test('fractions, zero and negative numbers are numbers', () => {
    expect(outcome({ exp: now + 0.5, iat: now - 0.5, nbf: now - 0.001 })).toBe('accepted')
    expect(outcome({ exp: 0 })).toBe('expired')
    expect(outcome({ exp: -1 })).toBe('expired')
    expect(outcome({ nbf: 0, iat: -1 })).toBe('accepted')
    expect(outcome('{"exp":18e8}')).toBe('expired')
    expect(outcome('{"exp":1.8000000001e9}')).toBe('accepted')
    expect(outcome({ exp: 1e11 })).toBe('accepted')
  })
})

describe('exp (§4.1.4)', () => {
  test('refuses a token at its very second, and takes it just before', () => {
    expect(outcome({ exp: now })).toBe('expired')
    expect(outcome({ exp: now + 1 })).toBe('accepted')
    expect(outcome({ exp: now + 0.001 })).toBe('accepted')
    expect(outcome({ exp: now - 1 })).toBe('expired')
    expect(outcome({ exp: now - 30 })).toBe('expired')
  })

  test('tells when the token expired, and only then', () => {
    const at = (exp: number): Date | undefined =>
      refusal(() => verify(token({ exp }), { issuer: null })).expiredAt
    expect(at(now - 0.5)).toEqual(new Date((now - 0.5) * 1000))
    expect(at(-1e300)).toEqual(new Date(-8.64e15))
    expect(refusal(() => verify(token({ nbf: now + 9 }), {}))).not.toHaveProperty('expiredAt')
  })

  test('may be overstepped by the tolerance and no more', () => {
    expect(outcome({ exp: now - 9 }, { clockToleranceSeconds: 10 })).toBe('accepted')
    expect(outcome({ exp: now - 10 }, { clockToleranceSeconds: 10 })).toBe('expired')
  })

  test('is required by verifyJwt unless waived, and not by decode', () => {
    expect(outcome({}, { requireExp: true })).toBe('claim_missing')
    expect(refusal(() => verify(token({}), { requireExp: true })).claim).toBe('exp')
    expect(outcome({}, { requireExp: false })).toBe('accepted')
    expect(outcomeOf(() => decode(token({}), key))).toBe('accepted')
  })

  test('is still checked where it is not required', () => {
    expect(outcome({ exp: now - 1 }, { requireExp: false })).toBe('expired')
  })
})

describe('nbf (§4.1.5)', () => {
  test('refuses a token before its second, and takes it at it', () => {
    expect(outcome({ nbf: now })).toBe('accepted')
    expect(outcome({ nbf: now + 1 })).toBe('not_yet_valid')
    expect(outcome({ nbf: now + 0.001 })).toBe('not_yet_valid')
  })

  test('has the same tolerance', () => {
    expect(outcome({ nbf: now + 10 }, { clockToleranceSeconds: 10 })).toBe('accepted')
    expect(outcome({ nbf: now + 11 }, { clockToleranceSeconds: 10 })).toBe('not_yet_valid')
  })

  test('after exp makes a token that is never valid', () => {
    expect(outcome({ nbf: now + 10, exp: now + 5 })).toBe('not_yet_valid')
    expect(outcome({ nbf: now - 5, exp: now - 10 })).toBe('expired')
  })
})

describe('iat (§4.1.6)', () => {
  test('may lie 60 seconds ahead, or as far as a larger tolerance', () => {
    expect(outcome({ iat: now + 60 })).toBe('accepted')
    expect(outcome({ iat: now + 61 })).toBe('not_yet_valid')
    expect(refusal(() => verify(token({ iat: now + 61 }))).claim).toBe('iat')
    expect(outcome({ iat: now + 61 }, { clockToleranceSeconds: 10 })).toBe('not_yet_valid')
    expect(outcome({ iat: now + 120 }, { clockToleranceSeconds: 120 })).toBe('accepted')
    expect(outcome({ iat: now + 121 }, { clockToleranceSeconds: 120 })).toBe('not_yet_valid')
  })

  test('decides with maxAgeSeconds how old a token may be', () => {
    const limit = { maxAgeSeconds: 100 }
    expect(outcome({ iat: now - 100 }, limit)).toBe('accepted')
    expect(outcome({ iat: now - 101 }, limit)).toBe('too_old')
    expect(outcome({ iat: now - 110 }, { ...limit, clockToleranceSeconds: 10 })).toBe('accepted')
    expect(outcome({ iat: now - 111 }, { ...limit, clockToleranceSeconds: 10 })).toBe('too_old')
    expect(refusal(() => verify(token({}), limit))).toMatchObject({ code: 'claim_missing', claim: 'iat' })
    expect(outcome({ iat: now }, { maxAgeSeconds: 0 })).toBe('accepted')
    expect(outcome({ iat: now - 1 }, { maxAgeSeconds: 0 })).toBe('too_old')
  })

  test('does not let an expired token live on by its age', () => {
    expect(outcome({ iat: now - 1, exp: now - 1 }, { maxAgeSeconds: 100 })).toBe('expired')
  })
})

describe('T31 iss, sub and jti are text (CVE-2025-30144)', () => {
  for (const claim of ['iss', 'sub', 'jti']) {
    test.each([[1], [0], [null], [true], [['me']], [[]], [{}], [{ me: 1 }], [['me', 'evil']]])(
      `${claim} that is %j is claim_invalid`,
      (value) => {
        expect(refusal(() => verify(token({ [claim]: value })))).toMatchObject({
          code: 'claim_invalid',
          claim,
        })
        const asked = { issuer: 'me', subject: 'me' }
        expect(outcome({ iss: 'me', sub: 'me', [claim]: value }, asked)).toBe('claim_invalid')
      },
    )
  }

  test('may be empty text, which is text', () => {
    expect(outcome({ iss: '', sub: '', jti: '' })).toBe('accepted')
  })
})

describe('T30 the issuer is compared as a whole (CVE-2024-53861)', () => {
  test.each([
    ['acme', 'accepted'],
    ['acme-evil', 'claim_invalid'],
    ['evil-acme', 'claim_invalid'],
    ['acm', 'claim_invalid'],
    ['', 'claim_invalid'],
    ['ACME', 'claim_invalid'],
    ['acme ', 'claim_invalid'],
    ['acme\0', 'claim_invalid'],
    ['acme/', 'claim_invalid'],
    ['a', 'claim_invalid'],
  ])('issuer "acme", iss %j: %s', (iss, expected) => {
    expect(outcome({ iss }, { issuer: 'acme' })).toBe(expected)
    expect(outcome({ iss }, { issuer: ['acme'] })).toBe(expected)
    expect(outcomeOf(() => decode(token({ iss }), key, { issuer: 'acme' }))).toBe(expected)
  })

  test('one of a list must match', () => {
    expect(outcome({ iss: 'b' }, { issuer: ['a', 'b'] })).toBe('accepted')
    expect(outcome({ iss: 'c' }, { issuer: ['a', 'b'] })).toBe('claim_invalid')
    expect(outcome({ iss: 'a,b' }, { issuer: ['a', 'b'] })).toBe('claim_invalid')
  })

  test('that is missing is claim_missing, and null waives the check', () => {
    expect(refusal(() => verify(token({}), { issuer: 'a' }))).toMatchObject({
      code: 'claim_missing',
      claim: 'iss',
    })
    expect(outcome({ iss: 'anybody' }, { issuer: null })).toBe('accepted')
    expect(outcome({}, { issuer: null })).toBe('accepted')
  })

  test('is not matched by number or other coercion', () => {
    expect(outcome({ iss: 123 }, { issuer: '123' })).toBe('claim_invalid')
  })
})

describe('T29 the audience (§4.1.3; CVE-2020-26160)', () => {
  test.each([
    ['no list', []],
    ['a number', 0],
    ['null', null],
    ['an object', {}],
    ['true', true],
    ['a number in the list', [1]],
    ['a nested list', [['api']]],
    ['null in the list', ['api', null]],
    ['an object in the list', [{ api: 1 }]],
  ])('%s is claim_invalid, even if no audience is asked for', (_name, aud) => {
    for (const audience of ['api', null]) {
      const error = refusal(() => verify(token({ aud }), { audience }))
      expect(error).toMatchObject({ code: 'claim_invalid', claim: 'aud' })
    }
    expect(refusal(() => decode(token({ aud }), key)).code).toBe('claim_invalid')
  })

  test.each([
    ['api', 'api', 'accepted'],
    [['api'], 'api', 'accepted'],
    [['x', 'api'], 'api', 'accepted'],
    ['api', ['x', 'api'], 'accepted'],
    [['x', 'y'], ['y', 'z'], 'accepted'],
    ['x', 'api', 'claim_invalid'],
    [['x'], 'api', 'claim_invalid'],
    [['x', 'y'], ['a', 'b'], 'claim_invalid'],
    ['', 'api', 'claim_invalid'],
    [[''], 'api', 'claim_invalid'],
    ['api-evil', 'api', 'claim_invalid'],
    ['ap', 'api', 'claim_invalid'],
    ['API', 'api', 'claim_invalid'],
    ['api ', 'api', 'claim_invalid'],
    ['a,api', 'api', 'claim_invalid'],
  ])('aud %j for audience %j: %s', (aud, audience, expected) => {
    expect(outcome({ aud }, { audience })).toBe(expected)
    expect(outcomeOf(() => decode(token({ aud }), key, { audience }))).toBe(expected)
  })

  test('that is asked for and missing is claim_missing', () => {
    const error = refusal(() => verify(token({}), { audience: 'api' }))
    expect(error).toMatchObject({ code: 'claim_missing', claim: 'aud' })
  })

  test('in a token for which nobody asked is refused by decode, until null waives it', () => {
    const error = refusal(() => decode(token({ aud: 'api' }), key))
    expect(error).toMatchObject({ code: 'claim_invalid', claim: 'aud' })
    expect(error.message).toContain('audience: null')
    expect(outcomeOf(() => decode(token({ aud: 'api' }), key, { audience: null }))).toBe('accepted')
    expect(outcomeOf(() => decode(token({}), key))).toBe('accepted')
  })
})

describe('subject and required claims', () => {
  test('subject is compared as a whole', () => {
    expect(outcome({ sub: 'a' }, { subject: 'a' })).toBe('accepted')
    expect(refusal(() => verify(token({ sub: 'ab' }), { subject: 'a' }))).toMatchObject({
      code: 'claim_invalid',
      claim: 'sub',
    })
    expect(refusal(() => verify(token({}), { subject: 'a' })).code).toBe('claim_missing')
  })

  test('every required claim must be there, whatever its value', () => {
    expect(outcome({ a: null, b: false, c: 0, d: '' }, { required: ['a', 'b', 'c', 'd'] })).toBe('accepted')
    expect(refusal(() => verify(token({ a: 1 }), { required: ['a', 'jti'] }))).toMatchObject({
      code: 'claim_missing',
      claim: 'jti',
    })
  })

  test('names of Object.prototype are no claims that every token has', () => {
    for (const name of ['toString', 'constructor', 'hasOwnProperty', '__proto__'])
      expect(outcome({}, { required: [name] })).toBe('claim_missing')
  })
})

describe('the payload is one JSON object (T34, CVE-2026-107723)', () => {
  test.each([
    '[]',
    '[1,2]',
    '"text"',
    '42',
    'null',
    'true',
    '',
    ' ',
    '{',
    '{"a":1',
    'not json',
    '{"exp":NaN}',
  ])('%j is malformed', (text) => {
    expect(outcome(text)).toBe('malformed')
  })

  test('an array with claims as properties is malformed', () => {
    expect(outcome(JSON.stringify(Object.assign([], { sub: 'a' })))).toBe('malformed')
  })

  test('members that stand twice are malformed', () => {
    expect(outcome('{"sub":"a","sub":"b"}')).toBe('malformed')
    expect(outcome('{"exp":1,"exp":9999999999}')).toBe('malformed')
    expect(outcome('{"a":{"b":1,"b":2}}')).toBe('malformed')
  })

  test('what is not UTF-8, or begins with a byte order mark, is malformed (RFC 8725 §3.7)', () => {
    const raw = (bytes: number[]) =>
      outcomeOf(() => verify(forge({ alg: 'HS256' }, Uint8Array.from([...Buffer.from('{"a":"'), ...bytes]))))
    expect(raw([0xff, 0x22, 0x7d])).toBe('malformed')
    expect(raw([0xed, 0xa0, 0x80, 0x22, 0x7d])).toBe('malformed')
    expect(raw([0xc3, 0xa9, 0x22, 0x7d])).toBe('accepted')
    expect(outcome('\ufeff{}')).toBe('malformed')
  })

  test('T55 nests at most 64 levels', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(outcome(nested(64))).toBe('accepted')
    expect(outcome(nested(65))).toBe('malformed')
  })

  test('an empty object is a claims set', () => {
    expect(verify(token({}))).toEqual({})
  })
})

test('claims of all kinds come out as they went in', () => {
  const claims = {
    'user-id': 5,
    'https://example.com/role': ['admin', '관리자'],
    nested: { a: [null, true, 1.5, -0.25, { b: '' }] },
    constructor: 'x',
    toString: 1,
    emoji: '\u{1f511}',
  }
  expect(verify(token(claims))).toEqual(claims)
})

test('the order of claim checks is types, typ, times, issuer, audience, subject, required', () => {
  const all = { issuer: 'a', audience: 'b', subject: 'c', typ: 'x+jwt', required: ['r'], requireExp: true }
  const steps: [object, string, string | undefined][] = [
    [{ sub: 1, exp: 1 }, 'claim_invalid', 'sub'],
    [{ exp: 1 }, 'typ_mismatch', undefined],
    [{ exp: 1 }, 'expired', 'exp'],
    [{ exp: now + 9, aud: 'x' }, 'claim_missing', 'iss'],
    [{ exp: now + 9, iss: 'a', aud: 'x' }, 'claim_invalid', 'aud'],
    [{ exp: now + 9, iss: 'a', aud: 'b' }, 'claim_missing', 'sub'],
    [{ exp: now + 9, iss: 'a', aud: 'b', sub: 'c' }, 'claim_missing', 'r'],
    [{ iss: 'a', aud: 'b', sub: 'c', r: 1 }, 'claim_missing', 'exp'],
  ]
  for (const [at, [claims, code, claim]] of steps.entries()) {
    const value = token(claims, at === 1 ? {} : { typ: 'x+jwt' })
    expect([at, refusal(() => verify(value, all))]).toMatchObject([at, { code, ...(claim && { claim }) }])
  }
})
