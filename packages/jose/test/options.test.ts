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

test('badOption says expected, then got, and never the value', () => {
  const error = badOption('verify', 'issuer', 'text', { secret: 'hunter2' })
  expect(error).toMatchObject({
    code: 'option_invalid',
    message: 'verify: option "issuer": expected text, got an object',
  })
})
