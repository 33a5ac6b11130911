import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maximumDepth } from '../../src/encoding/json.ts'
import { parseJsonObject } from '../../src/encoding/json-parser.ts'
import * as portable from '../../src/encoding/portable-json-parser.ts'
import { outcomeOf, refusal } from '../outcome.ts'

/** What both parsers make of a text: that of bundles for browsers gives the same values and the same errors. */
function parse(text: string): unknown {
  const parsePortably = (): unknown => portable.parseJsonText(portable.jsonText(text), 'claims set')
  let value: unknown
  try {
    value = parseJsonObject(text, 'claims set')
  } catch (error) {
    expect(refusal(parsePortably)).toMatchObject({
      code: outcomeOf(() => {
        throw error
      }),
      message: (error as Error).message,
    })
    throw error
  }
  expect(parsePortably()).toEqual(value)
  return value
}

const nested = (depth: number, open = '[', close = ']'): string =>
  `{"a":${open.repeat(depth - 1)}${close.repeat(depth - 1)}}`

describe('parseJsonObject', () => {
  test('gives what JSON.parse gives, for any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value)
        fc.pre(!text.includes('__proto__'))
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('takes white space of JSON around and inside', () => {
    expect(parse(' {\n\t"a" : [ 1 , {"a":2} ] }\r\n')).toEqual({ a: [1, { a: 2 }] })
  })

  test('is not misled by brackets, commas and quotes inside text', () => {
    const value = { 'a"b': '}],{[', 'c\\': '\\"', 'd,e': ',"d,e":', f: '\\\\"' }
    expect(parse(JSON.stringify(value))).toEqual(value)
  })

  test.each(['[]', '[1,2]', '"text"', '42', 'null', 'true', '-1'])(
    'refuses %s, which is not an object (T34)',
    (text) => {
      expect(outcomeOf(() => parse(text))).toBe('malformed')
    },
  )

  test.each([
    '',
    '{',
    '}',
    '{"a"',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":undefined}',
    '{"a":01}',
    '{"a":1}{"b":2}',
    '{"a":1} x',
    '{"a":"\u0001"}',
    '{"a":"open}',
    '{"a":"\\x"}',
    '\ufeff{"a":1}',
    '{"a":1}\0',
    '{"a":1/*comment*/}',
    ']]]]{"a":1}',
  ])('refuses %j, which is not JSON', (text) => {
    expect(outcomeOf(() => parse(text))).toBe('malformed')
  })
})

describe('parseJsonObject: member names', () => {
  test.each([
    ['at the top', '{"exp":1,"exp":2}'],
    ['with one value', '{"a":1,"a":1}'],
    ['deep inside', '{"x":[{"y":{"a":1,"b":2,"a":3}}]}'],
    ['spelled with an escape', '{"alg":"none","\\u0061lg":"HS256"}'],
    ['spelled with two kinds of escape', '{"a/b":1,"a\\/b":2}'],
    ['with white space between', '{"a" :1 , "a"\n:2}'],
    ['after a nested object', '{"a":{"b":1},"a":2}'],
    ['the empty name', '{"":1,"":2}'],
  ])('refuses a name that stands twice %s (RFC 8259 §4)', (_name, text) => {
    const error = refusal(() => parse(text))
    expect(error.code).toBe('malformed')
    expect(error.message).toContain('twice')
  })

  test('takes one name in two objects, and as a value beside a name', () => {
    expect(parse('{"a":{"a":["a","a"]},"b":"a"}')).toEqual({ a: { a: ['a', 'a'] }, b: 'a' })
  })

  test('tells names apart by case and by form of Unicode', () => {
    expect(Object.keys(parse('{"exp":1,"EXP":2,"é":3,"e\u0301":4}') as object)).toHaveLength(4)
  })

  test.each(['{"__proto__":{"exp":9}}', '{"a":{"__proto__":1}}', '{"\\u005f_proto__":1}'])(
    'refuses a member named __proto__ (T58): %s',
    (text) => {
      expect(outcomeOf(() => parse(text))).toBe('malformed')
    },
  )

  test('takes other names of Object.prototype as plain members', () => {
    const value = parse('{"constructor":1,"toString":2,"hasOwnProperty":3}') as Record<string, unknown>
    expect(Object.entries(value)).toEqual([
      ['constructor', 1],
      ['toString', 2],
      ['hasOwnProperty', 3],
    ])
  })
})

describe('parseJsonObject: depth (T55)', () => {
  test(`takes ${maximumDepth} levels and refuses one more, in arrays, objects and a mix`, () => {
    expect(outcomeOf(() => parse(nested(64)))).toBe('accepted')
    expect(outcomeOf(() => parse(nested(65)))).toBe('malformed')
    const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    expect(outcomeOf(() => parse(objects(64)))).toBe('accepted')
    expect(outcomeOf(() => parse(objects(65)))).toBe('malformed')
    const mixed = (depth: number): string => `{"a":${'[{"b":'.repeat(depth)}1${'}]'.repeat(depth)}}`
    expect(outcomeOf(() => parse(mixed(31)))).toBe('accepted')
    expect(outcomeOf(() => parse(mixed(32)))).toBe('malformed')
  })

  test('counts levels, not brackets', () => {
    expect(outcomeOf(() => parse(`{"a":[${'[],'.repeat(500)}{}]}`))).toBe('accepted')
  })

  test('refuses 200,000 brackets that never close', () => {
    expect(outcomeOf(() => parse(`{"a":${'['.repeat(200_000)}`))).toBe('malformed')
  })
})

describe('parseJsonObject: Unicode', () => {
  test.each(['{"a":"\\ud800"}', '{"a":["x",{"b":"\\uDC00y"}]}', '{"\\udfff":1}', '{"a":"\\udc00\\ud800"}'])(
    'refuses an escape that makes half a surrogate pair (T64): %s',
    (text) => {
      expect(outcomeOf(() => parse(text))).toBe('malformed')
    },
  )

  test('takes a pair spelled with escapes, and an escaped backslash before the letters ud800', () => {
    expect(parse('{"a":"\\ud83d\\udd11"}')).toEqual({ a: '\u{1f511}' })
    expect(parse('{"a":"\\\\ud800"}')).toEqual({ a: '\\ud800' })
  })
})

test('errors name the place and never quote the text', () => {
  const { message } = refusal(() => parse('{"password":"hunter2"'))
  expect(message).toContain('claims set')
  expect(message).not.toMatch(/hunter2|password/)
})

test.each([parseJsonObject, portable.parseJsonObject])(
  'what comes out is frozen to its depth: %#',
  (parseObject) => {
    const value = parseObject('{"a":[{"b":{}}]}', 'claims set') as { a: [{ b: object }] }
    for (const part of [value, value.a, value.a[0], value.a[0].b]) expect(Object.isFrozen(part)).toBe(true)
  },
)

test('the parser of browsers sees every name that comes again, whatever stands around it', () => {
  const word = fc.constantFrom('a', 'b', ':', '"', '\\', '{', '\u0022', '\ud83d\udd11')
  const pair = fc
    .tuple(fc.array(word), fc.array(word))
    .map(([name, value]) => `${JSON.stringify(name.join(''))} :${JSON.stringify(value.join(''))}`)
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 4 }), (pairs) => {
      const text = `{"x":{${pairs.join(' , ')}}}`
      expect(outcomeOf(() => portable.parseJsonObject(text, 'claims set'))).toBe(
        outcomeOf(() => parseJsonObject(text, 'claims set')),
      )
    }),
    { numRuns: 3000 },
  )
})
