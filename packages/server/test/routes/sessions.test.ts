import { describe, expect, test } from 'vitest'
import { createTestServer, password } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

interface Listed {
  readonly session_id: string
  readonly current: boolean
}

async function list(server: TestServer, bearer: string): Promise<readonly Listed[]> {
  const reply = await server.send('GET', '/sessions', { bearer })
  expect(reply.status).toBe(200)
  return reply.body['sessions'] as readonly Listed[]
}

describe('sessions', () => {
  test('are listed with device, times and address prefix, the current one marked', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    server.wait(60)
    const login = await server.send('POST', '/login', {
      json: { username: 'ada', password },
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' },
    })
    const bearer = login.body['access_token'] as string
    const sessions = await list(server, bearer)
    expect(sessions).toHaveLength(2)
    const now = server.nowMs() / 1000
    expect(sessions.find(({ current }) => current)).toEqual({
      session_id: login.body['session_id'],
      created_at: now,
      last_used_at: now,
      label: 'Firefox on Linux',
      address_prefix: '203.0.113.0/24',
      current: true,
    })
  })

  test('one is ended by its id: 204, refused at once; the id of another user is 404', async () => {
    const server = await createTestServer()
    const first = await server.signup('ada')
    const second = await server.login('ada')
    const bob = await server.signup('bob')
    const end = (sid: string, bearer: string) => server.send('DELETE', `/sessions/${sid}`, { bearer })
    expect(await end(first.session_id, bob.access_token)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect((await end(first.session_id, second.access_token)).status).toBe(204)
    expect((await server.me(first.access_token)).body).toMatchObject({ code: 'revoked' })
    expect((await server.refresh(first.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
    expect((await end(first.session_id, second.access_token)).status).toBe(404)
    expect((await server.me(second.access_token)).status).toBe(200)
  })

  test('all others are ended, the current one stays', async () => {
    const server = await createTestServer()
    const first = await server.signup('ada')
    const second = await server.login('ada')
    const current = await server.login('ada')
    const reply = await server.send('POST', '/sessions/revoke-others', { bearer: current.access_token })
    expect(reply.status).toBe(204)
    for (const { access_token } of [first, second]) {
      expect((await server.me(access_token)).body).toMatchObject({ code: 'revoked' })
    }
    expect(await list(server, current.access_token)).toHaveLength(1)
  })
})

describe('log-out', () => {
  test('by access token and by refresh token, as JSON and as form', async () => {
    const server = await createTestServer()
    await server.signup('ada')
    const ways = [
      (access: string) => server.send('POST', '/logout', { bearer: access }),
      (_access: string, refresh: string) =>
        server.send('POST', '/logout', { json: { refresh_token: refresh } }),
      (_access: string, refresh: string) =>
        server.send('POST', '/logout', { form: { refresh_token: refresh } }),
    ]
    for (const logout of ways) {
      const { access_token, refresh_token } = await server.login('ada')
      expect((await logout(access_token, refresh_token)).status).toBe(204)
      expect((await server.me(access_token)).body).toMatchObject({ code: 'revoked' })
      expect((await server.refresh(refresh_token)).body).toMatchObject({
        error: 'invalid_grant',
        code: 'revoked',
      })
    }
  })

  test('an authentic refresh token of an older generation ends the session too', async () => {
    const server = await createTestServer()
    const { refresh_token: first } = await server.signup('ada')
    const second = await server.refresh(first)
    const third = await server.refresh(second.body['refresh_token'] as string)
    expect((await server.send('POST', '/logout', { json: { refresh_token: first } })).status).toBe(204)
    expect((await server.me(third.body['access_token'] as string)).body).toMatchObject({ code: 'revoked' })
  })

  test('an unknown, an ended and a forged refresh token: 204, and nobody is harmed', async () => {
    const server = await createTestServer()
    const { access_token, refresh_token, session_id } = await server.signup('ada')
    const forged = refresh_token.replace(/[^.]+$/, 'A'.repeat(43))
    for (const text of ['junk', forged]) {
      expect((await server.send('POST', '/logout', { json: { refresh_token: text } })).status).toBe(204)
    }
    expect((await server.me(access_token)).status).toBe(200)
    await server.send('POST', '/logout', { json: { refresh_token } })
    expect((await server.send('POST', '/logout', { json: { refresh_token } })).status).toBe(204)
    expect((await server.rowOf(session_id)).endReason).toBe('logout')
  })
})

describe('a password change', () => {
  const change = (server: TestServer, bearer: string, more: object = {}) =>
    server.send('POST', '/password', {
      bearer,
      json: { current_password: password, new_password: 'another long pass phrase', ...more },
    })

  test('P32: without renew ends the other sessions and keeps the current one: 204', async () => {
    const server = await createTestServer()
    const other = await server.signup('ada')
    const current = await server.login('ada')
    expect((await change(server, current.access_token)).status).toBe(204)
    expect((await server.me(other.access_token)).body).toMatchObject({ code: 'revoked' })
    expect((await server.me(current.access_token)).status).toBe(200)
    expect((await server.refresh(current.refresh_token)).status).toBe(200)
    const old = await server.send('POST', '/login', { json: { username: 'ada', password } })
    expect(old.status).toBe(401)
  })

  test('P32: with renew it gives a new session and fresh tokens, and the old session ends', async () => {
    const server = await createTestServer()
    const before = await server.signup('ada')
    const reply = await change(server, before.access_token, { renew: true })
    expect(reply.status).toBe(200)
    expect(reply.body['session_id']).not.toBe(before.session_id)
    expect((await server.me(reply.body['access_token'] as string)).status).toBe(200)
    expect((await server.me(before.access_token)).body).toMatchObject({ code: 'revoked' })
    expect((await server.refresh(before.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('a wrong current password is 401 and changes nothing; a weak new one is 422', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup('ada')
    const wrong = await change(server, access_token, { current_password: 'not the password at all' })
    expect(wrong).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } })
    const weak = await change(server, access_token, { new_password: 'short' })
    expect(weak).toMatchObject({ status: 422, body: { code: 'password_rejected' } })
    await server.login('ada')
  })
})
