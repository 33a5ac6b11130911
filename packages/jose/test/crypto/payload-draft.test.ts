/** Claims that are written over the last ones come out as if they had been written alone. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createPayloadDraft, type PayloadDraft } from '../../src/crypto/payload-draft.ts'
import { createTextBuffer, type TextBuffer } from '../../src/encoding/ascii.ts'
import type { JsonObject } from '../../src/encoding/json.ts'

let buffer: TextBuffer
let draft: PayloadDraft

beforeEach(() => {
  buffer = createTextBuffer(1024)
  draft = createPayloadDraft(buffer)
})

/** The text that a draft writes; undefined when it has no room. */
function written(claims: JsonObject): string | undefined {
  const octets = draft.write(claims)
  return octets < 0 ? undefined : new TextDecoder().decode(buffer.bytes.slice(0, octets))
}

/** Writes claims until the draft knows where their values stand. */
function learn(claims: JsonObject): void {
  for (let round = 0; round < 20; round += 1) written(claims)
}

const claims = {
  iss: 'https://issuer.example',
  sub: 'user-1',
  exp: 1_700_000_000,
  roles: ['a', 'b'],
  ok: true,
}

describe('claims like the last ones', () => {
  test.each<[string, JsonObject]>([
    ['the same', claims],
    ['with another text', { ...claims, sub: 'user-2' }],
    ['with a longer text', { ...claims, sub: 'somebody else, whose name is long' }],
    ['with an empty text', { ...claims, sub: '' }],
    ['with a text of JSON', { ...claims, sub: '{a:[1],}' }],
    ['with a quote in a text', { ...claims, sub: 'user","exp":9e9,"a":"' }],
    ['with a backslash in a text', { ...claims, sub: 'user\\' }],
    ['with a control character in a text', { ...claims, sub: 'user\n' }],
    ['with DEL in a text', { ...claims, sub: 'user\u007f' }],
    ['with a text beyond ASCII', { ...claims, sub: '사용자' }],
    ['with half of a surrogate pair', { ...claims, sub: 'user\ud800' }],
    ['with another number', { ...claims, exp: 1_800_000_000 }],
    ['with a number of another length', { ...claims, exp: 7 }],
    ['with a negative number', { ...claims, exp: -1 }],
    ['with a negative zero', { ...claims, exp: -0 }],
    ['with a number that is not whole', { ...claims, exp: 0.1 }],
    ['with a huge number', { ...claims, exp: 1e300 }],
    ['with a number in place of a text', { ...claims, sub: 7 }],
    ['with a text in place of a number', { ...claims, exp: '7' }],
    ['with a text in place of a list', { ...claims, roles: 'a' }],
    ['with another list', { ...claims, roles: ['a', 'c'] }],
    ['with a longer list', { ...claims, roles: ['a', 'b', 'c'] }],
    ['with a list in a list', { ...claims, roles: ['a', ['b']] }],
    ['with an object', { ...claims, roles: { a: 'b' } }],
    ['with another word', { ...claims, ok: false }],
    ['with null', { ...claims, ok: null }],
    ['with one more at the end', { ...claims, more: 1 }],
    ['with one less at the end', { iss: claims.iss, sub: claims.sub, exp: claims.exp, roles: claims.roles }],
    ['in another order', { sub: claims.sub, iss: claims.iss, exp: 1, roles: [], ok: true }],
    ['with none', {}],
  ])('%s are written as alone, and so are those behind them', (_title, other) => {
    learn(claims)
    for (const one of [other, claims, other, other, claims]) expect(written(one)).toBe(JSON.stringify(one))
  })

  test('of any kind are written as alone, whatever came before', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>('user-1', 'user-22', '', 'a"b', 'é', 7, 1_700_000_000, -1, 0.5, true, null),
      fc.constantFrom<unknown>([], ['a'], ['a', 'b'], [1], [['a']], { b: 1 }),
      fc.string({ maxLength: 40 }),
      fc.integer(),
    )
    const names = fc.constantFrom(['a', 'b', 'c'], ['a', 'b'], ['b', 'a'], ['é', '1', 'a"'])
    const one = fc
      .tuple(names, fc.array(value, { minLength: 3, maxLength: 3 }))
      .map(([list, values]): JsonObject =>
        Object.fromEntries(list.map((name, index) => [name, values[index]])),
      )
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (all) => {
        draft = createPayloadDraft(buffer)
        // Each one often enough to be learned.
        for (const set of all.flatMap((set) => [set, set, set]))
          expect(written(set)).toBe(JSON.stringify(set))
      }),
      { numRuns: 300 },
    )
  })

  test('are told from a list that somebody changed after it was written', () => {
    const roles = ['a']
    learn({ roles })
    roles[0] = 'b'
    expect(written({ roles: ['b'] })).toBe('{"roles":["b"]}')
  })
})

describe('claims that have no room', () => {
  test.each<[string, JsonObject]>([
    ['at once', { a: 'x'.repeat(1017) }],
    ['beyond ASCII', { a: 'é'.repeat(600) }],
    ['beyond ASCII, cut off in the middle of a character', { a: `x${'한'.repeat(341)}` }],
  ])('are not written, %s', (_title, large) => {
    learn({ a: 'x' })
    expect(written(large)).toBeUndefined()
    expect(written({ a: 'y' })).toBe('{"a":"y"}')
  })

  test('are not written when they grow, and those that just fit are', () => {
    learn({ a: 'x', b: 'y' })
    const most = 1024 - '{"a":"","b":"y"}'.length
    expect(written({ a: 'x'.repeat(most), b: 'y' })).toHaveLength(1024)
    expect(written({ a: 'x'.repeat(most + 1), b: 'y' })).toBeUndefined()
  })
})

describe('with a polluted Object.prototype', () => {
  afterEach(() => {
    delete (Object.prototype as { admin?: unknown }).admin
  })

  test('claims get no member that is not their own', () => {
    learn({ sub: 'a', admin: true })
    Object.assign(Object.prototype, { admin: true })
    expect(written({ sub: 'b' })).toBe('{"sub":"b"}')
    learn({ sub: 'b' })
    expect(written({ sub: 'c' })).toBe('{"sub":"c"}')
  })
})
