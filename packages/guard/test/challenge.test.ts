import { expect, test } from 'vitest'
import { challenge } from '../src/challenge.ts'

test('is the scheme alone when there is nothing to say (RFC 6750 §3)', () => {
  expect(challenge()).toBe('Bearer')
})

test('writes realm, error and scope as quoted-strings, in this order', () => {
  expect(challenge({ scope: 'a b', error: 'insufficient_scope', realm: 'api' })).toBe(
    'Bearer realm="api", error="insufficient_scope", scope="a b"',
  )
})

test('escapes quotes and backslashes (RFC 9110 §5.6.4)', () => {
  expect(challenge({ realm: 'a "b" \\ c' })).toBe(String.raw`Bearer realm="a \"b\" \\ c"`)
})

test.each(['a\r\nSet-Cookie: b', 'a\nb', 'a\0b', 'caf\u00e9', '\u00c5\uac00'])(
  'refuses %j, which no header may carry',
  (realm) => {
    expect(() => challenge({ realm })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
  },
)
