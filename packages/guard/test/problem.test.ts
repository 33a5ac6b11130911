import { tokenErrorCodes } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { problem, requestErrorCodes, tokenProblem } from '../src/problem.ts'

const statuses: Record<(typeof requestErrorCodes)[number], number> = {
  token_missing: 401,
  request_invalid: 400,
  insufficient_scope: 403,
  credentials_invalid: 401,
  username_taken: 409,
  password_rejected: 422,
  signup_closed: 403,
  origin_rejected: 403,
  body_invalid: 400,
  too_large: 413,
  media_type_unsupported: 415,
  not_found: 404,
  method_not_allowed: 405,
  throttled: 429,
  overloaded: 503,
  unavailable: 503,
  keys_unavailable: 503,
}

describe('problem (RFC 9457)', () => {
  test.each(requestErrorCodes)('gives %s its status, type, code and a title', (code) => {
    const { status, headers, body } = problem(code, 'what came')
    expect(status).toBe(statuses[code])
    expect(body).toEqual({
      type: `urn:tessera:error:${code}`,
      title: expect.stringMatching(/^[A-Z][\w ,-]+$/),
      status,
      detail: 'what came',
      code,
    })
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  })

  test.each(requestErrorCodes)('gives %s the headers that its status demands', (code) => {
    const { status, headers } = problem(code, '')
    expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined)
    expect(headers['retry-after'] !== undefined).toBe(status === 429 || status === 503)
  })

  test.each(tokenErrorCodes.filter((code) => !(requestErrorCodes as readonly string[]).includes(code)))(
    'answers the token code %s by 401 invalid_token',
    (code) => {
      expect(problem(code, 'why')).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
        body: { type: `urn:tessera:error:${code}`, status: 401, code, detail: 'why' },
      })
    },
  )

  test('takes a code of both groups as one of requests, and tokenProblem as one of tokens', () => {
    expect(problem('too_large', '').status).toBe(413)
    expect(tokenProblem('too_large', '')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  })

  test('takes another status, more headers and more members, and keeps its own members', () => {
    const answer = problem('method_not_allowed', 'expected POST', {
      status: 400,
      headers: { allow: 'POST', 'cache-control': 'private' },
      members: { allowed: ['POST'], code: 'other', status: 1 },
    })
    expect(answer.headers).toMatchObject({ allow: 'POST', 'cache-control': 'private' })
    expect(answer.body).toMatchObject({ allowed: ['POST'], code: 'method_not_allowed', status: 400 })
    expect(answer.status).toBe(400)
  })
})
