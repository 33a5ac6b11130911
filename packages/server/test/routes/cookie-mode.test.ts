import { describe, expect, test } from 'vitest'
import { createTestServer, issuer, password } from '../create-test-server.ts'
import type { Reply, SendOptions, TestServer } from '../create-test-server.ts'

const page = 'https://app.example.test'
const cookieMode = { origin: page, 'tessera-transport': 'cookie' }
const refreshForm = { grant_type: 'refresh_token' }

const open = () => createTestServer({ config: { origins: [page] } })

function post(server: TestServer, path: string, request: SendOptions = {}): Promise<Reply> {
  return server.send('POST', path, { ...request, headers: { ...cookieMode, ...request.headers } })
}

/** The cookie as a browser sends it back. */
function cookieOf({ headers }: Reply): string {
  return (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

async function signUp(server: TestServer): Promise<{ cookie: string; reply: Reply; token: string }> {
  const reply = await post(server, '/signup', { json: { username: 'ada', password } })
  return { reply, cookie: cookieOf(reply), token: reply.body['access_token'] as string }
}

describe('cookie mode', () => {
  test('the refresh token comes in a __Host- cookie that no script can read, and in no body (P16)', async () => {
    const { reply } = await signUp(await open())
    expect(reply.status).toBe(201)
    expect(reply.body).not.toHaveProperty('refresh_token')
    expect(reply.body).toMatchObject({ token_type: 'Bearer', session_id: expect.any(String) })
    const [pair = '', ...attributes] = (reply.headers.get('set-cookie') ?? '').split('; ')
    expect(pair).toMatch(/^__Host-tessera=rt_[\w.-]+$/)
    expect(attributes).toEqual(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict', 'Max-Age=1209600'])
  })

  test('it refreshes, and its successor comes in the cookie again', async () => {
    const server = await open()
    const { cookie } = await signUp(server)
    const refreshed = await post(server, '/token', { form: refreshForm, headers: { cookie } })
    expect(refreshed.status).toBe(200)
    expect(refreshed.body).not.toHaveProperty('refresh_token')
    expect(cookieOf(refreshed)).not.toBe(cookie)
    const again = await post(server, '/token', {
      form: refreshForm,
      headers: { cookie: cookieOf(refreshed) },
    })
    expect((await server.me(again.body['access_token'] as string)).status).toBe(200)
  })

  test('a refresh without the cookie is told so by its code', async () => {
    const reply = await post(await open(), '/token', { form: refreshForm })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request', code: 'token_missing' } })
  })

  test('login gives one too, beside other cookies of the page', async () => {
    const server = await open()
    await server.signup()
    const reply = await post(server, '/login', {
      json: { username: 'ada', password },
      headers: { cookie: 'theme=dark; a=b' },
    })
    expect(reply.status).toBe(200)
    expect(cookieOf(reply)).toMatch(/^__Host-tessera=rt_/)
  })

  test('log-out ends the session and takes the cookie away', async () => {
    const server = await open()
    const { cookie, token } = await signUp(server)
    const reply = await post(server, '/logout', { headers: { cookie } })
    expect(reply.status).toBe(204)
    expect(reply.headers.get('set-cookie')).toMatch(/^__Host-tessera=; .*Max-Age=0$/)
    expect((await server.me(token)).status).toBe(401)
    const late = await post(server, '/token', { form: refreshForm, headers: { cookie } })
    expect(late.body['error']).toBe('invalid_grant')
  })

  test('the pages of the server itself may use it without being listed', async () => {
    const server = await createTestServer()
    const reply = await post(server, '/signup', {
      json: { username: 'ada', password },
      headers: { origin: issuer },
    })
    expect(reply.status).toBe(201)
  })

  test('a listed page may send credentials from another origin of its site, and the header', async () => {
    const server = await open()
    const { reply } = await signUp(server)
    expect(reply.headers.get('access-control-allow-origin')).toBe(page)
    expect(reply.headers.get('access-control-allow-credentials')).toBe('true')
    const preflight = await server.send('OPTIONS', '/login', {
      headers: { origin: page, 'access-control-request-method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Tessera-Transport')
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true')
  })
})

describe('P16: cookie mode cannot be talked down', () => {
  const origins: readonly (readonly [string, Record<string, string> | undefined])[] = [
    ['a sibling', { origin: 'https://evil.example.test' }],
    ['null', { origin: 'null' }],
    ['a longer name', { origin: `${page}.evil.test` }],
    ['no Origin', undefined],
  ]
  test.each(origins)('login CSRF: from %s it is 403, and no cookie is set', async (_, headers) => {
    const server = await open()
    await server.signup()
    const json = { username: 'ada', password }
    const all = { 'tessera-transport': 'cookie', ...headers }
    const reply = await server.send('POST', '/login', { json, headers: all })
    expect(reply).toMatchObject({ status: 403, body: { code: 'origin_rejected' } })
    expect(reply.headers.get('set-cookie')).toBeNull()
  })

  test.each(origins)('a refresh by cookie from %s is 403, and changes nothing', async (_, headers) => {
    const server = await open()
    const { cookie } = await signUp(server)
    const send = (extra: Record<string, string>) =>
      server.send('POST', '/token', {
        form: refreshForm,
        headers: { cookie, 'tessera-transport': 'cookie', ...extra },
      })
    expect((await send(headers ?? {})).status).toBe(403)
    expect((await send({ origin: page })).status).toBe(200)
  })

  test.each(['/token', '/logout', '/login', '/signup'])(
    'a request to %s that carries the cookie without our header is refused',
    async (path) => {
      const server = await open()
      const { cookie, token } = await signUp(server)
      const request = path === '/token' ? { form: refreshForm } : { json: { username: 'bo', password } }
      const headers = { cookie, origin: page }
      const reply = await server.send('POST', path, { ...request, headers })
      expect(reply).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
      expect((await server.me(token)).status).toBe(200)
    },
  )

  test('the refresh token of a cookie session is not taken from a body, and the session goes on', async () => {
    const server = await open()
    const { cookie } = await signUp(server)
    const refreshToken = cookie.slice('__Host-tessera='.length)
    expect(await server.refresh(refreshToken)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    const good = await post(server, '/token', { form: refreshForm, headers: { cookie } })
    expect(good.status).toBe(200)
  })

  test('the refresh token of a body session is not taken from a cookie', async () => {
    const server = await open()
    const { refresh_token } = await server.signup()
    const cookie = `__Host-tessera=${refresh_token}`
    const reply = await post(server, '/token', { form: refreshForm, headers: { cookie } })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await server.refresh(refresh_token)).status).toBe(200)
  })

  test('a token in cookie and body together is 400, and so are two cookies', async () => {
    const server = await open()
    const { cookie } = await signUp(server)
    const refresh_token = cookie.slice('__Host-tessera='.length)
    const both = await post(server, '/token', {
      form: { ...refreshForm, refresh_token },
      headers: { cookie },
    })
    expect(both).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const two = await post(server, '/token', {
      form: refreshForm,
      headers: { cookie: `${cookie}; ${cookie}` },
    })
    expect(two).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    const out = await post(server, '/logout', { json: { refresh_token }, headers: { cookie } })
    expect(out.status).toBe(400)
  })

  test('a change of password renews a cookie session as one: the body never shows its refresh token', async () => {
    const server = await open()
    const { token } = await signUp(server)
    const json = { current_password: password, new_password: 'quite another long phrase', renew: true }
    const plain = await server.send('POST', '/password', { json, bearer: token })
    expect(plain).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
    const renewed = await post(server, '/password', { json, bearer: token })
    expect(renewed.status).toBe(200)
    expect(renewed.body).not.toHaveProperty('refresh_token')
    expect(cookieOf(renewed)).toMatch(/^__Host-tessera=rt_/)
  })

  test('a change of password renews a body session as one, whatever the header says', async () => {
    const server = await open()
    const { access_token } = await server.signup()
    const json = { current_password: password, new_password: 'quite another long phrase', renew: true }
    const renewed = await post(server, '/password', { json, bearer: access_token })
    expect(renewed).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
  })
})
