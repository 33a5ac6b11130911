/** The judge between the two libraries: that it finds faults, and that a rule counts only where it holds. */
import { describe, expect, test } from 'vitest'
import { looserRules, stricterRules } from './difference-rules.js'
import { isCanonical, shapeOf, viewOf } from './input-view.js'
import { compare } from './verdicts.js'

const segment = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const token = (header: unknown, claims: unknown, signature = 'AAAA'): string =>
  [segment(header), segment(claims), signature].join('.')

const accepted = (value: string) => ({ accepted: true, value })
const refused = (code: string, message: string) => ({ accepted: false, code, message })
const good = token({ alg: 'HS256' }, { sub: 'a' })

describe('two verdicts', () => {
  test('agree when both refuse, or both accept the same', () => {
    const codes = refused('malformed', 'x')
    expect(compare(codes, refused('ERR', 'y'), { text: good })).toMatchObject({ kind: 'agree' })
    expect(compare(accepted('1'), accepted('1'), { text: good })).toMatchObject({ kind: 'agree' })
  })

  test('are a fault when both accept and see different things', () => {
    expect(compare(accepted('1'), accepted('2'), { text: good })).toMatchObject({ kind: 'fault' })
  })

  test('are a fault when we accept what they refuse', () => {
    expect(compare(accepted('1'), refused('ERR', 'x'), { text: good })).toMatchObject({ kind: 'fault' })
  })

  test('are a fault when we refuse and no rule says why', () => {
    const ours = refused('bad_signature', 'the signature is not that of this header')
    expect(compare(ours, accepted('1'), { text: good })).toMatchObject({ kind: 'fault' })
  })

  test('differ by a rule only where the input has what the rule speaks of', () => {
    const ours = refused('malformed', 'claims set: expected no name twice')
    expect(compare(ours, accepted('1'), { text: good })).toMatchObject({ kind: 'fault' })
    const twice = token({ alg: 'HS256' }, '{"sub":"a","sub":"b"}')
    expect(compare(ours, accepted('1'), { text: twice })).toMatchObject({ kind: 'stricter' })
    const inside = '{"sub":"a","s\\u0075b":"b"}'
    expect(compare(ours, accepted('1'), { text: 'a.b.c.d.e', inside })).toMatchObject({ kind: 'stricter' })
  })
})

test('every rule has a name of its own kind, a code and a message to be known by', () => {
  for (const { name, code, message } of stricterRules) {
    expect(name).not.toBe('')
    expect(code).toMatch(/^[a-z_ ]+$/)
    expect(message.source).not.toBe('')
  }
  expect(looserRules).toHaveLength(1)
})

describe('what is inside a mutant', () => {
  test('of a compact token: segments, JSON texts, header and claims', () => {
    const view = viewOf({ text: good })
    expect(view.encoded).toEqual(good.split('.'))
    expect(view.texts).toEqual(['{"alg":"HS256"}', '{"sub":"a"}'])
    expect([view.headers, view.claims]).toEqual([[{ alg: 'HS256' }], { sub: 'a' }])
  })

  test('of a serialization in JSON: the members of every signature', () => {
    const signatures = [{ protected: segment({ alg: 'a' }), signature: 'x', header: { kid: 'k' } }]
    const view = viewOf({ text: JSON.stringify({ payload: 'p', signatures }) })
    expect(view.encoded).toEqual(['p', signatures[0]?.protected, 'x'])
    expect(view.headers).toEqual([{ alg: 'a' }, { kid: 'k' }])
  })

  test.each(['AA==', 'AB', 'A', 'A A', 'A+', 'Ł'])('%s is not the one spelling of its octets', (text) => {
    expect(isCanonical(text)).toBe(false)
  })

  test.each([
    ['{"a":1,"b":{"a":1}}', { depth: 2, isRepeated: false }],
    ['{"a":1,"a":1}', { depth: 1, isRepeated: true }],
    ['{"a":1,"\\u0061":1}', { depth: 1, isRepeated: true }],
    ['{"a":"{\\"a\\":[["}', { depth: 1, isRepeated: false }],
    ['[[[]],[[[]]]]', { depth: 4, isRepeated: false }],
  ])('%s has this shape', (text, shape) => {
    expect(shapeOf(text)).toEqual(shape)
  })
})
