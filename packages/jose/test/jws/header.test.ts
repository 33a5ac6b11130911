import { describe, expect, test } from 'vitest'
import { checkHeaderTypes, parseProtectedHeader } from '../../src/jws/header.ts'
import { segment } from '../forge.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const parse = (header: unknown): unknown => parseProtectedHeader(segment(header))
const outcome = (header: unknown): string => outcomeOf(() => parse(header))

describe('a protected header', () => {
  test('comes out as it was signed, deeply frozen', () => {
    const header = { typ: 'at+jwt', alg: 'ES256', kid: 'a', jwk: { kty: 'EC' }, x5c: ['AA'], own: { a: [1] } }
    const parsed = parse(header) as typeof header
    expect(parsed).toEqual(header)
    for (const part of [parsed, parsed.jwk, parsed.x5c, parsed.own, parsed.own.a])
      expect(Object.isFrozen(part)).toBe(true)
  })

  test.each([
    ['no JSON', '{"alg":"HS256"'],
    ['no text', ''],
    ['an array', '[{"alg":"HS256"}]'],
    ['text', '"HS256"'],
    ['null', 'null'],
    ['a number', '1'],
    ['two alg members (CVE class: duplicate names)', '{"alg":"none","alg":"HS256"}'],
    ['two kid members, one escaped', '{"alg":"HS256","kid":"a","\\u006bid":"b"}'],
    ['a member named __proto__', '{"__proto__":{"alg":"HS256"},"alg":"HS256"}'],
    ['a byte order mark', '\ufeff{"alg":"HS256"}'],
    ['trailing text', '{"alg":"HS256"}{}'],
    ['a lone surrogate', '{"alg":"HS256","kid":"\\ud800"}'],
  ])('is malformed with %s', (_name, text) => {
    expect(outcome(text)).toBe('malformed')
  })

  test('is malformed when it is not UTF-8', () => {
    expect(outcome(Buffer.from('{"alg":"HS256","kid":"\xff"}', 'latin1'))).toBe('malformed')
  })

  test('nests at most 64 levels (T55)', () => {
    const nested = (depth: number): string =>
      `{"alg":"HS256","a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(outcome(nested(64))).toBe('accepted')
    expect(outcome(nested(65))).toBe('malformed')
  })

  test('has at most 8192 octets (T54)', () => {
    const sized = (octets: number): string => {
      const rest = octets - JSON.stringify({ alg: 'HS256', kid: '' }).length
      return JSON.stringify({ alg: 'HS256', kid: 'k'.repeat(rest) })
    }
    expect(outcome(sized(8192))).toBe('accepted')
    expect(outcome(sized(8193))).toBe('too_large')
  })
})

describe('alg', () => {
  const variants = Array.from({ length: 16 }, (_, bits) =>
    Array.from('none', (letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
  )

  test.each(variants)('T2 %s is never allowed (CVE-2015-9235, CVE-2019-7644)', (alg) => {
    expect(outcome({ alg })).toBe('alg_not_allowed')
  })

  test.each(['none ', ' none', 'none\0', 'n\u00f6ne', 'ｎone', 'nоne', '', 'null', 'undefined'])(
    'T2 %j is never allowed',
    (alg) => {
      expect(outcome({ alg })).toBe('alg_not_allowed')
    },
  )

  test.each([
    'hs256',
    'HS256 ',
    'Hs256',
    'RS1',
    'ES256k',
    'RSA-OAEP',
    'dir',
    'A128KW',
    'constructor',
    '__proto__',
  ])('T10 %s is no signature algorithm', (alg) => {
    expect(outcome({ alg })).toBe('alg_not_allowed')
  })

  test.each<unknown>([undefined, null, 1, true, ['HS256'], { toString: 'HS256' }, {}])(
    'must be text: %j (T60)',
    (alg) => {
      expect(outcome({ alg })).toBe('malformed')
    },
  )

  test('is told apart from none in the message', () => {
    expect(refusal(() => parse({ alg: 'NoNe' })).message).toContain('none')
  })
})

describe('registered parameters have their types (RFC 7515 §4.1)', () => {
  test.each(['typ', 'cty', 'kid', 'jku', 'x5u', 'x5t', 'x5t#S256'])('%s is text', (name) => {
    expect(outcome({ alg: 'HS256', [name]: 'text' })).toBe('accepted')
    for (const value of [1, null, true, ['a'], { a: 1 }])
      expect(outcome({ alg: 'HS256', [name]: value })).toBe('malformed')
  })

  test('jwk is an object and x5c an array of text', () => {
    expect(outcome({ alg: 'HS256', jwk: {} })).toBe('accepted')
    for (const jwk of ['{}', 1, null, [{}]]) expect(outcome({ alg: 'HS256', jwk })).toBe('malformed')
    expect(outcome({ alg: 'HS256', x5c: [] })).toBe('accepted')
    for (const x5c of ['AA', [1], null, {}]) expect(outcome({ alg: 'HS256', x5c })).toBe('malformed')
  })

  test('a message names the parameter and the kind that came, not the value', () => {
    const { message } = refusal(() => checkHeaderTypes({ kid: 4_711_081_500 }))
    expect(message).toContain('"kid"')
    expect(message).toContain('a number')
    expect(message).not.toContain('4711')
  })
})

describe('T27 crit (RFC 7515 §4.1.11; CVE-2025-59420, CVE-2026-32597, CVE-2026-35042)', () => {
  test.each([
    ['an unknown extension', { crit: ['exp'], exp: 1 }, 'crit_unsupported'],
    ['an unknown extension after a known one', { crit: ['b64', 'x'], b64: true, x: 1 }, 'crit_unsupported'],
    ['an extension with a null value', { crit: ['x'], x: null }, 'crit_unsupported'],
    ['an empty list', { crit: [] }, 'malformed'],
    ['text', { crit: 'exp', exp: 1 }, 'malformed'],
    ['null', { crit: null }, 'malformed'],
    ['an object', { crit: { exp: 1 }, exp: 1 }, 'malformed'],
    ['a number in the list', { crit: [1] }, 'malformed'],
    ['a nested list', { crit: [['exp']], exp: 1 }, 'malformed'],
    ['a name twice', { crit: ['b64', 'b64'], b64: true }, 'malformed'],
    ['a registered name', { crit: ['alg'] }, 'malformed'],
    ['crit itself', { crit: ['crit'] }, 'malformed'],
    ['a registered name of JWE', { crit: ['zip'], zip: 'DEF' }, 'malformed'],
    ['a name that is absent', { crit: ['b64'] }, 'malformed'],
    ['a name that every object inherits', { crit: ['toString'] }, 'malformed'],
    ['an empty name', { crit: [''], '': 1 }, 'crit_unsupported'],
    ['b64 that is true', { crit: ['b64'], b64: true }, 'accepted'],
  ])('%s: %s', (_name, parameters, expected) => {
    expect(outcome({ alg: 'HS256', ...parameters })).toBe(expected)
  })

  test('speaks before the algorithm does, which is judged last', () => {
    expect(outcome({ alg: 'none', crit: ['x'], x: 1 })).toBe('crit_unsupported')
  })
})

describe('T28 b64 (RFC 7797)', () => {
  test.each([
    ['false and critical', { crit: ['b64'], b64: false }, 'crit_unsupported'],
    ['false and not critical', { b64: false }, 'malformed'],
    ['true and not critical', { b64: true }, 'malformed'],
    ['text', { crit: ['b64'], b64: 'false' }, 'malformed'],
    ['null', { crit: ['b64'], b64: null }, 'malformed'],
    ['0', { crit: ['b64'], b64: 0 }, 'malformed'],
  ])('%s: %s', (_name, parameters, expected) => {
    expect(outcome({ alg: 'HS256', ...parameters })).toBe(expected)
  })
})
