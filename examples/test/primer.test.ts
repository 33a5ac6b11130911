import { decode, encode, secret } from '@tessera/jose'
import { expect, test } from 'vitest'
import { runPrimer } from '../primer.ts'

const primerToken =
  'eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ1c2VyLWlkIjo1fQ.tBQu0HfnOYK7lL3tH5ImgsI-y4Jz1RKscJWbV3U2QMI'

function transcript(): string[] {
  const lines: string[] = []
  runPrimer((line) => lines.push(line.trim()))
  return lines
}

/** The answers of one numbered step. */
function answers(step: number): string[] {
  const lines = transcript()
  const start = lines.findIndex((line) => line.startsWith(`${step}. `))
  const end = lines.findIndex((line) => line.startsWith(`${step + 1}. `))
  return lines.slice(start + 1, end === -1 ? undefined : end)
}

test("the primer's token comes out byte for byte and reads back", () => {
  const key = secret('HS256', 'secret', { allowWeakKey: true })
  expect(encode({ 'user-id': 5 }, key)).toBe(primerToken)
  expect(decode(primerToken, key)).toEqual({ 'user-id': 5 })
  expect(answers(1)).toEqual([primerToken])
})

test('anybody can look inside, and the key verifies', () => {
  expect(answers(2)).toEqual(['header {"typ":"JWT","alg":"HS256"}', 'claims {"user-id":5}'])
  expect(answers(3)).toEqual(['{"user-id":5}'])
})

test('one changed character and another key are a bad signature', () => {
  expect(answers(4)).toEqual([expect.stringMatching(/^refused, bad_signature: /)])
  expect(answers(5)).toEqual([expect.stringMatching(/^refused, bad_signature: /)])
})

test('a token lives as long as it says', () => {
  expect(answers(6)).toEqual([
    'at once: {"user-id":1,"iat":1539517391,"exp":1539520991}',
    expect.stringMatching(/^an hour later: refused, expired: /),
  ])
})

test('text as a date is refused on both sides with its kind and the fix; the number is expired', () => {
  const [signing, verifying, , asNumber] = answers(7)
  for (const refused of [signing, verifying]) {
    expect(refused).toMatch(
      /^refused, claim_invalid: claim "exp": expected a number of seconds, got text: .*without quotes/,
    )
  }
  expect(asNumber).toMatch(/^refused, expired: /)
})

test('a secret that can be guessed is refused with the way to a proper one', () => {
  expect(answers(8)).toEqual([expect.stringMatching(/^refused, weak_key: .*keygen HS256/)])
})
