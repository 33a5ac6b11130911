import { describe, expect, test } from 'vitest'
import { badOption, readOptions } from '../src/options.ts'
import { outcomeOf, refusal } from './outcome.ts'

interface Sample {
  readonly issuer?: string
  readonly audience?: string
}
const names = ['issuer', 'audience'] as const
const read = (options: unknown): Sample => readOptions<Sample>(options, names, 'verify')

describe('readOptions', () => {
  test('gives a copy without a prototype, each own property read once', () => {
    let reads = 0
    const copy = read({
      get issuer() {
        reads += 1
        return `i${reads}`
      },
    })
    expect([copy.issuer, copy.issuer]).toEqual(['i1', 'i1'])
    expect(Object.getPrototypeOf(copy)).toBe(null)
  })

  test('takes null as a value, and objects without a prototype', () => {
    expect(read({ issuer: null }).issuer).toBe(null)
    expect(read(Object.assign(Object.create(null), { issuer: 'a' })).issuer).toBe('a')
  })

  test.each([undefined, null, 'issuer', 5, true, [], ['issuer'], () => ({})])(
    'refuses %j in place of an object',
    (value) => {
      expect(outcomeOf(() => read(value))).toBe('option_invalid')
    },
  )

  test('refuses undefined, saying what to do', () => {
    expect(refusal(() => read({ audience: undefined })).message).toMatch(/"audience".*variable.*null/)
  })

  test.each([
    ['isuer', 'issuer'],
    ['ISSUER', 'issuer'],
    ['audiance', 'audience'],
    ['audiences', 'audience'],
    ['aud', 'audience'],
  ])('an unknown name %s is answered with %s', (name, nearest) => {
    expect(refusal(() => read({ [name]: 'x' })).message).toContain(`did you mean "${nearest}"?`)
  })

  test('a name near to none is answered with all', () => {
    expect(refusal(() => read({ zzzzzz: 1 })).message).toContain('one of issuer, audience')
  })
})

describe('an options object that cannot be read', () => {
  const failing = (): never => {
    throw new TypeError('the caller’s own')
  }

  test('is option_invalid, and what its getter threw is the cause', () => {
    const error = refusal(() =>
      read({
        get issuer() {
          return failing()
        },
      }),
    )
    expect(error).toMatchObject({ code: 'option_invalid', cause: { message: 'the caller’s own' } })
    expect(error.message).not.toContain('own')
  })

  test.each(['ownKeys', 'getPrototypeOf', 'get', 'getOwnPropertyDescriptor'])(
    'is option_invalid when the trap %s of a proxy throws',
    (trap) => {
      expect(outcomeOf(() => read(new Proxy({ issuer: 'a' }, { [trap]: failing })))).toBe('option_invalid')
    },
  )

  test('is option_invalid when it, or a value of it, is a proxy that was revoked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(outcomeOf(() => read(proxy))).toBe('option_invalid')
    expect(outcomeOf(() => read({ issuer: proxy }))).toBe('option_invalid')
  })
})

describe('a list in an options object', () => {
  const withHoles = (length: number): unknown[] => Object.assign([], { length })

  test('is a copy: nobody changes it after it was checked (T59)', () => {
    const list = ['a']
    const copy = read({ audience: list })
    list[0] = 'b'
    expect(copy.audience).toEqual(['a'])
  })

  test('has no holes, which checks of every entry would skip', () => {
    expect(read({ audience: withHoles(2) }).audience).toEqual([undefined, undefined])
    expect(Object.keys(read({ audience: withHoles(2) }).audience!)).toEqual(['0', '1'])
  })

  test('has at most 10000 entries, however long it says it is', () => {
    expect(outcomeOf(() => read({ audience: withHoles(2 ** 32 - 1) }))).toBe('option_invalid')
    expect(outcomeOf(() => read({ audience: Array.from({ length: 10_000 }, () => 'a') }))).toBe('accepted')
  })
})

test('badOption says expected, then got, and never the value', () => {
  const error = badOption('verify', 'issuer', 'text', { secret: 'hunter2' })
  expect(error).toMatchObject({
    code: 'option_invalid',
    message: 'verify: option "issuer": expected text, got an object',
  })
})
