import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonObject } from '../../src/encoding/json-parser.ts'
import { toJsonObject } from '../../src/encoding/json-value.ts'
import { outcomeOf, refusal } from '../outcome.ts'

const copy = (value: unknown): unknown => toJsonObject(value, 'claims set')

describe('toJsonObject', () => {
  test('is a copy that JSON holds without loss, for any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        const result = copy(value)
        expect(JSON.stringify(result)).toBe(JSON.stringify(value))
        expect(parseJsonObject(JSON.stringify(result), 'copy')).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  test('is not changed by later writes to the original', () => {
    const original = { list: [1, 2], inner: { a: 1 } }
    const result = copy(original)
    original.list.push(3)
    original.inner.a = 9
    expect(result).toEqual({ list: [1, 2], inner: { a: 1 } })
  })

  test('takes objects of another realm and of a class (T61)', () => {
    class User {
      name = 'a'
    }
    expect(copy(runInNewContext('({ a: [1, { b: 2 }] })'))).toEqual({ a: [1, { b: 2 }] })
    expect(copy(new User())).toEqual({ name: 'a' })
    expect(copy(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 })
  })

  test('reads every property once (T59)', () => {
    let reads = 0
    const tricky = {
      get role() {
        reads += 1
        return reads === 1 ? 'user' : 'admin'
      },
    }
    expect(copy({ inner: tricky })).toEqual({ inner: { role: 'user' } })
    expect(reads).toBe(1)
  })

  test('is claim_invalid for what throws when it is read, and what was thrown is the cause', () => {
    const failing = (): never => {
      throw new TypeError('the caller’s own')
    }
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const accessor = { get: failing, enumerable: true }
    for (const value of [
      Object.defineProperty({}, 'role', accessor),
      { inner: Object.defineProperty([], 0, accessor) },
      { toJSON: failing },
      { when: { toJSON: failing } },
      { when: new Date(Number.NaN), toJSON: failing },
      new Proxy({}, { ownKeys: failing }),
      { inner: new Proxy({}, { get: failing }) },
    ]) {
      const error = refusal(() => copy(value))
      expect(error).toMatchObject({ code: 'claim_invalid', cause: { message: 'the caller’s own' } })
    }
    expect(outcomeOf(() => copy(proxy))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ inner: proxy }))).toBe('claim_invalid')
  })

  test('is claim_invalid for parts that are shared so often that no token holds them (a “billion laughs”)', () => {
    let value: unknown = ['ha']
    for (let level = 0; level < 40; level += 1) value = [value, value]
    expect(refusal(() => copy({ laughs: value }))).toMatchObject({ code: 'claim_invalid', claim: 'laughs' })
    const many = Array.from({ length: 200_000 }, () => 0)
    expect(outcomeOf(() => copy({ many }))).toBe('accepted')
  })

  test('keeps own members only (T58)', () => {
    expect(copy(Object.create({ admin: true }, { a: { value: 1, enumerable: true } }))).toEqual({ a: 1 })
  })

  test('follows toJSON, of the whole and of a member, if an object comes out (T65)', () => {
    expect(copy({ toJSON: () => ({ a: 1 }) })).toEqual({ a: 1 })
    expect(copy({ when: new Date(0) })).toEqual({ when: '1970-01-01T00:00:00.000Z' })
    expect(outcomeOf(() => copy({ toJSON: () => 'text' }))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ toJSON: () => [1] }))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ a: { toJSON: () => undefined } }))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ a: { toJSON: () => 1n } }))).toBe('claim_invalid')
  })

  test.each([
    ['text', 'text'],
    ['an array', [1]],
    ['null', null],
    ['undefined', undefined],
    ['a number', 5],
    ['a function', () => 1],
    ['a Map', new Map()],
    ['a Date', new Date()],
    ['bytes', Uint8Array.of(1)],
    ['an Error', new Error('x')],
  ])('refuses %s in place of the whole object (T34, T60)', (_name, value) => {
    expect(outcomeOf(() => copy(value))).toBe('claim_invalid')
  })

  test.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['bytes', Uint8Array.of(1)],
    ['a boxed number', Object(1)],
    ['a boxed text', Object('x')],
    ['a lone surrogate', '\ud800'],
    ['a regular expression', /x/],
    ['a promise', Promise.resolve(1)],
  ])('refuses %s as a member, in an array and deep inside (T64, T66)', (_name, value) => {
    expect(refusal(() => copy({ role: value }))).toMatchObject({ code: 'claim_invalid', claim: 'role' })
    expect(refusal(() => copy({ role: [1, value] }))).toMatchObject({ code: 'claim_invalid', claim: 'role' })
    expect(refusal(() => copy({ role: { a: { b: value } } }))).toMatchObject({ claim: 'role' })
  })

  test('refuses a hole in an array, which JSON would turn into null', () => {
    // eslint-disable-next-line no-sparse-arrays
    expect(outcomeOf(() => copy({ a: [1, , 2] }))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ a: Array(1_000_000_000) }))).toBe('claim_invalid')
  })

  test('refuses cycles', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const list: unknown[] = []
    list.push(list)
    expect(outcomeOf(() => copy(cycle))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ list }))).toBe('claim_invalid')
  })

  test('takes exactly the depth that the reader takes', () => {
    const nest = (depth: number): unknown => {
      let value: unknown = 1
      for (let level = 0; level < depth - 1; level += 1) value = [value]
      return { a: value }
    }
    expect(outcomeOf(() => parseJsonObject(JSON.stringify(copy(nest(64))), 'copy'))).toBe('accepted')
    expect(outcomeOf(() => copy(nest(65)))).toBe('claim_invalid')
  })

  test('refuses a member named __proto__ or with half a surrogate pair in its name', () => {
    expect(outcomeOf(() => copy(JSON.parse('{"__proto__":1}')))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ a: JSON.parse('{"__proto__":1}') as unknown }))).toBe('claim_invalid')
    expect(outcomeOf(() => copy({ '\ud800': 1 }))).toBe('claim_invalid')
  })

  test('names the path and never the value', () => {
    const { message } = refusal(() => copy({ profile: { card: [{ number: 'x\ud800hunter2' }] } }))
    expect(message).toContain('profile.card[0].number')
    expect(message).not.toContain('hunter2')
  })

  test('a name that could break a line of a log, or fill it, stays out of the message and is told beside it', () => {
    const claim = 'a\r\nSet-Cookie: x'
    const error = refusal(() => copy({ [claim]: undefined }))
    expect(error.message).toBe('claims set: (a name): expected a JSON value, got undefined')
    expect(error.claim).toBe(claim)
    expect(refusal(() => copy({ ['x'.repeat(500)]: undefined })).message).toContain('(a name)')
    expect(refusal(() => copy({ 이름: undefined })).message).toContain('이름')
  })
})

test.each([1, 'text', { held: 1 }, () => 1])(
  'a member that Object.prototype was polluted with is none of the object: %o',
  (value) => {
    Object.defineProperty(Object.prototype, 'polluted', { value, enumerable: true, configurable: true })
    let names: string[]
    try {
      names = Object.keys(toJsonObject({ a: 1, b: { c: 1 } }, 'claims set'))
    } finally {
      delete (Object.prototype as { polluted?: unknown }).polluted
    }
    expect(names).toEqual(['a', 'b'])
  },
)

test('a name is judged wherever good ones stood before', () => {
  for (const good of ['{"a":1,"b":1}', '{"b":1,"a":1}']) toJsonObject(JSON.parse(good), 'claims set')
  for (const bad of ['{"__proto__":1,"b":1}', '{"a":1,"__proto__":1}', '{"a":1,"b":1,"\\ud800":1}'])
    expect(() => toJsonObject(JSON.parse(bad), 'claims set')).toThrow(/a name that JSON readers/)
})
