import { describe, expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'
import type { SendOptions } from '../create-test-server.ts'

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

type Row = readonly [
  title: string,
  method: string,
  path: string,
  request: SendOptions,
  status: number,
  code: string,
]

const bodies: readonly Row[] = ['/signup', '/login'].flatMap((path): Row[] => [
  ['malformed JSON', 'POST', path, { headers: json, body: '{"username":' }, 400, 'body_invalid'],
  ['a JSON list', 'POST', path, { json: [] }, 400, 'body_invalid'],
  ['JSON null', 'POST', path, { json: null }, 400, 'body_invalid'],
  ['no fields', 'POST', path, { json: {} }, 400, 'body_invalid'],
  ['a number as password', 'POST', path, { json: { username: 'ada', password: 5 } }, 400, 'body_invalid'],
  ['an empty body', 'POST', path, { headers: json }, 400, 'body_invalid'],
  [
    'invalid UTF-8',
    'POST',
    path,
    { headers: json, body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) },
    400,
    'body_invalid',
  ],
  ['a form', 'POST', path, { form: { username: 'ada', password: 'x' } }, 415, 'media_type_unsupported'],
  ['no content type', 'POST', path, { body: new Uint8Array([0x7b, 0x7d]) }, 415, 'media_type_unsupported'],
  ['65 KiB', 'POST', path, { json: { username: 'ada', password: 'x'.repeat(65 * 1024) } }, 413, 'too_large'],
  ['another method', 'GET', path, {}, 405, 'method_not_allowed'],
])

const grants: readonly Row[] = [
  ['JSON', 'POST', '/token', { json: { grant_type: 'refresh_token' } }, 415, 'media_type_unsupported'],
  ['no grant type', 'POST', '/token', { form: {} }, 400, 'request_invalid'],
  ['an unknown grant type', 'POST', '/token', { form: { grant_type: 'magic' } }, 400, 'request_invalid'],
  [
    'the password grant',
    'POST',
    '/token',
    { form: { grant_type: 'password', username: 'a', password: 'b' } },
    400,
    'request_invalid',
  ],
  ['no refresh token', 'POST', '/token', { form: { grant_type: 'refresh_token' } }, 400, 'request_invalid'],
  [
    'a parameter twice',
    'POST',
    '/token',
    { headers: form, body: 'grant_type=refresh_token&refresh_token=a&refresh_token=b' },
    400,
    'request_invalid',
  ],
  [
    'another text as refresh token',
    'POST',
    '/token',
    { form: { grant_type: 'refresh_token', refresh_token: 'junk' } },
    400,
    'malformed',
  ],
  ['a broken escape', 'POST', '/token', { headers: form, body: 'grant_type=%zz' }, 400, 'request_invalid'],
  ['65 KiB', 'POST', '/token', { form: { grant_type: 'x'.repeat(65 * 1024) } }, 413, 'too_large'],
  ['another method', 'GET', '/token', {}, 405, 'method_not_allowed'],
]

const others: readonly Row[] = [
  ['a NUL in a name', 'POST', '/login', { json: { username: 'a\0b', password: 'x' } }, 400, 'body_invalid'],
  ['a NUL in a name', 'POST', '/signup', { json: { username: 'a\0b', password: 'x' } }, 400, 'body_invalid'],
  ['a NUL in a form', 'POST', '/revoke', { form: { token: 'a\0b' } }, 400, 'body_invalid'],
  ['a NUL in the path', 'DELETE', '/sessions/%00', {}, 404, 'not_found'],
  ['a NUL in the path', 'GET', '/admin/users/a%00b', {}, 404, 'not_found'],
  ['an unknown path', 'GET', '/nowhere', {}, 404, 'not_found'],
  ['a path that climbs', 'GET', '/../../etc/passwd', {}, 404, 'not_found'],
  ['a broken escape in the path', 'GET', '/sessions/%zz', {}, 405, 'method_not_allowed'],
  ['a wrong method', 'POST', '/me', {}, 405, 'method_not_allowed'],
  ['no token', 'GET', '/me', {}, 401, 'token_missing'],
  ['no token', 'GET', '/sessions', {}, 401, 'token_missing'],
  ['no token', 'POST', '/sessions/revoke-others', {}, 401, 'token_missing'],
  ['no token', 'DELETE', '/sessions/abc', {}, 401, 'token_missing'],
  ['no token', 'POST', '/password', { json: {} }, 401, 'token_missing'],
  ['neither token', 'POST', '/logout', {}, 401, 'token_missing'],
  ['garbage as token', 'GET', '/me', { bearer: 'garbage' }, 401, 'malformed'],
  ['two tokens', 'GET', '/me', { headers: { authorization: 'Bearer a, Bearer b' } }, 400, 'request_invalid'],
]

describe('bad input gets 4xx with a code, never 500', () => {
  test.each([...bodies, ...grants, ...others])(
    '%s: %s %s',
    async (...[, method, path, request, status, code]) => {
      const server = await createTestServer()
      const reply = await server.send(method, path, request)
      expect([reply.status, reply.body['code']]).toEqual([status, code])
      const isOAuth = path === '/token' || path === '/revoke'
      const type = isOAuth ? 'application/json' : 'application/problem+json'
      expect(reply.headers.get('content-type')).toContain(type)
      if (isOAuth) expect(typeof reply.body['error']).toBe('string')
      if (status === 401) expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
      if (status === 405) expect(reply.headers.get('allow')).toBeTruthy()
      expect(server.lines.filter(({ message }) => String(message).includes('fault'))).toEqual([])
    },
  )

  test('an endless body is cut at 64 KiB', async () => {
    const server = await createTestServer()
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 16_384
        controller.enqueue(new Uint8Array(16_384).fill(0x20))
      },
    })
    const reply = await server.send('POST', '/login', { headers: json, body: endless })
    expect(reply).toMatchObject({ status: 413, body: { code: 'too_large' } })
    expect(sent).toBeLessThan(1_000_000)
  })

  test('nothing secret is logged', async () => {
    const server = await createTestServer()
    const tokens = await server.signup('ada')
    await server.send('POST', '/login', { json: { username: 'ada', password: 'the wrong password of ada' } })
    await server.refresh(tokens.refresh_token)
    await server.me(tokens.access_token)
    const text = JSON.stringify(server.lines)
    expect(text).not.toContain('the wrong password')
    expect(text).not.toContain(tokens.access_token)
    expect(text).not.toContain(tokens.refresh_token)
    expect(server.lines.length).toBeGreaterThan(3)
  })
})
