import { expect, test } from 'vitest'
import { createRefusals } from '../src/refusals.ts'

test('names the realm in every challenge, and no error code where no token came (RFC 6750 §3.1)', () => {
  const refusals = createRefusals('shop')
  const challengeOf = ({ headers }: { headers: Readonly<Record<string, string>> }): string | undefined =>
    headers['www-authenticate']
  expect(challengeOf(refusals.tokenMissing(''))).toBe('Bearer realm="shop"')
  expect(challengeOf(refusals.requestInvalid(''))).toBe('Bearer realm="shop", error="invalid_request"')
  expect(challengeOf(refusals.tokenRefused('expired', ''))).toBe('Bearer realm="shop", error="invalid_token"')
  expect(challengeOf(refusals.scopeMissing(['a', 'b'], ''))).toBe(
    'Bearer realm="shop", error="insufficient_scope", scope="a b"',
  )
  expect(challengeOf(refusals.undecided('unavailable', ''))).toBeUndefined()
})

test('speaks of a token that is too large as of any refused token, not as of a body', () => {
  expect(createRefusals().tokenRefused('too_large', '')).toMatchObject({
    status: 401,
    body: { code: 'too_large', title: 'The access token was refused' },
  })
})

test('lets pages of other origins read why, and when to come back (Fetch §3.3.2)', () => {
  const refusals = createRefusals()
  for (const answer of [
    refusals.tokenMissing(''),
    refusals.scopeMissing([], ''),
    refusals.undecided('keys_unavailable', ''),
  ])
    expect(answer.headers['access-control-expose-headers']).toBe('WWW-Authenticate, Retry-After')
})
