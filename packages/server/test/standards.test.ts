/** Lines of the standards that no other test of the server is named by; the whole list is in docs/standards.md. */
import { describe, expect, test } from 'vitest'
import { createHasher } from '../src/accounts/hasher.ts'
import { defineConfig } from '../src/config/server-config.ts'
import { operations } from '../src/routes/reference/operations.ts'
import { createTestServer, issuer, password, serverSecret } from './create-test-server.ts'
import { basic, registerClient } from './register-client.ts'

const grant = { grant_type: 'client_credentials' }

describe('the token endpoint', () => {
  test('RFC 6749 §5.1: tokens come as JSON that no cache keeps, with type, life and scope', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup('ada')
    const { headers, body } = await server.refresh(refresh_token)
    expect(headers.get('content-type')).toBe('application/json')
    expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'account' })
  })

  test('RFC 6749 §3.2: a parameter that nobody knows is ignored', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup('ada')
    const form = { grant_type: 'refresh_token', refresh_token, unknown: 'x', __proto__x: 'y' }
    expect((await server.send('POST', '/token', { form })).status).toBe(200)
  })

  test('RFC 6749 §2.3.1: id and secret are form-encoded before they are Basic', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server, { clientId: 'a:b+c%20/?&=' })
    const headers = basic(clientId, secret)
    expect((await server.send('POST', '/token', { form: grant, headers })).status).toBe(200)
  })

  test('RFC 9700 §2.1, RFC 8707: a refresh asks for no other audience than its own', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup('ada')
    const form = { grant_type: 'refresh_token', refresh_token, resource: 'https://other.example.test' }
    expect((await server.send('POST', '/token', { form })).body).toMatchObject({ error: 'invalid_target' })
  })
})

test('RFC 7009 §2.2.1: a kind of token that nobody knows is no reason to keep it', async () => {
  const server = await createTestServer()
  const { access_token } = await server.signup('ada')
  const form = { token: access_token, token_type_hint: 'something_else' }
  expect((await server.send('POST', '/revoke', { form })).status).toBe(200)
  expect((await server.me(access_token)).status).toBe(401)
})

test('RFC 6750 §2.3, OAuth 2.1 §5.1: a token in the query or in a form is no token', async () => {
  const server = await createTestServer()
  const { access_token } = await server.signup('ada')
  const inQuery = await server.send('GET', `/me?access_token=${access_token}`)
  expect(inQuery).toMatchObject({ status: 401, body: { code: 'token_missing' } })
  expect(inQuery.headers.get('www-authenticate')).toBe('Bearer')
  const inForm = await server.send('POST', '/sessions/revoke-others', { form: { access_token } })
  expect(inForm).toMatchObject({ status: 401, body: { code: 'token_missing' } })
})

test('ASVS 7.2.4: each log-in begins a session of its own', async () => {
  const server = await createTestServer()
  const first = await server.signup('ada')
  const [second, third] = [await server.login('ada'), await server.login('ada')]
  expect(new Set([first.session_id, second.session_id, third.session_id]).size).toBe(3)
  expect(new Set([first.refresh_token, second.refresh_token, third.refresh_token]).size).toBe(3)
})

test('OWASP: a password is hashed by Argon2id with 19 MiB, two passes and one lane, and a salt of its own', async () => {
  const hasher = createHasher()
  const [one, other] = [await hasher.hash(password), await hasher.hash(password)]
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(other)
})

describe('ASVS 16.2.5: no line of the log holds a token, a password or a hash', () => {
  const calls = Object.entries(operations).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method, path] as const),
  )
  test.each(calls)('%s %s, wherever they are put', async (method, path) => {
    const server = await createTestServer()
    const { access_token, refresh_token } = await server.signup('ada')
    const typed = 'a password that was typed wrongly'
    const headers = { authorization: `Bearer ${access_token}`, cookie: `__Host-tessera=${refresh_token}` }
    const target = `${path.replace(/:\w+/, refresh_token)}?access_token=${access_token}&token=${refresh_token}`
    const members = {
      username: 'ada',
      password: typed,
      current_password: typed,
      token: refresh_token,
      refresh_token,
    }
    const form = { ...members, ...grant, client_id: 'x', client_secret: typed }
    const bodies = method === 'GET' ? [{}] : [{ json: members }, { form }]
    for (const body of bodies) {
      await server.handle(requestOf(method, `${target}&wait=0`, { ...body, headers }))
    }
    const text = JSON.stringify(server.lines)
    for (const secret of [access_token, refresh_token, typed, password, serverSecret, '$argon2']) {
      expect(text).not.toContain(secret)
    }
    expect(server.lines.length).toBeGreaterThan(bodies.length)
  })
})

interface Parts {
  readonly json?: object
  readonly form?: Record<string, string>
  readonly headers: Record<string, string>
}

function requestOf(method: string, target: string, { json, form, headers }: Parts): Request {
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
  const body = json === undefined ? form && new URLSearchParams(form).toString() : JSON.stringify(json)
  return new Request(`${issuer}${target}`, {
    method,
    headers: { ...headers, 'content-type': type },
    ...(body !== undefined && { body }),
  })
}

test('defineConfig knows every setting by name and type, and gives the configuration back', () => {
  const config = { issuer, secrets: [serverSecret] }
  expect(defineConfig(config)).toBe(config)
  // @ts-expect-error There is no such setting.
  defineConfig({ ...config, audiance: 'x' })
  // @ts-expect-error It is a number of seconds.
  defineConfig({ ...config, accessTokenSeconds: '10m' })
})
