import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseForm } from '../../src/http/form.ts'

const read = (text: string): Record<string, string> | string => {
  const result = parseForm(text)
  return result.ok ? Object.fromEntries(result.form) : result.why
}

describe('forms', () => {
  test('are read as the platform reads them', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(fc.dictionary(part, part, { noNullPrototype: true }), (fields) => {
        expect(read(new URLSearchParams(fields).toString())).toEqual(fields)
      }),
    )
  })

  test.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
    ['a=b=c', { a: 'b=c' }],
    ['a+b=c%2Bd', { 'a b': 'c+d' }],
    [
      '__proto__=x&constructor=y',
      Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    ],
  ])('%j', (text, fields) => {
    expect(read(text)).toEqual(fields)
  })

  test('a parameter without a value counts as omitted (RFC 6749 §3.2)', () => {
    expect(read('scope=&grant_type=refresh_token&client_id')).toEqual({ grant_type: 'refresh_token' })
  })

  test.each(['a=1&a=2', 'a=1&a=1', 'a=&a=1', 'a=1&%61=2'])(
    '%s repeats a parameter and is refused',
    (text) => {
      expect(read(text)).toContain('twice')
    },
  )

  test('resource alone may come several times, as one text (RFC 8707 §2)', () => {
    expect(read('resource=https://a&x=1&resource=&resource=https://b')).toEqual({
      resource: 'https://a https://b',
      x: '1',
    })
  })

  test.each(['a=%', 'a=%zz', 'a=%ff', '%=1'])('%s is broken and refused', (text) => {
    expect(read(text)).toContain('percent-encoding')
  })
})
