import { describe, expect, test } from 'vitest'
import type { Message } from '../../src/config/server-config.ts'
import { countingHasher, createTestServer, password } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const newPassword = 'quite another long phrase'

async function setUp() {
  const sent: Message[] = []
  const server = await createTestServer({ config: { sendMessage: (message) => void sent.push(message) } })
  /** The token of the message that is sent next. */
  const forgot = async (username = 'ada'): Promise<string> => {
    const before = sent.length
    expect((await server.send('POST', '/password/forgot', { json: { username } })).status).toBe(204)
    await expect.poll(() => sent.length).toBe(before + 1)
    return sent.at(-1)?.token ?? ''
  }
  return { server, sent, forgot }
}

const reset = (server: TestServer, token: string, new_password = newPassword) =>
  server.send('POST', '/password/reset', { json: { token, new_password } })
const login = (server: TestServer, typed: string) =>
  server.send('POST', '/login', { json: { username: 'ada', password: typed } })

describe('P30: a forgotten password', () => {
  test('is reset with the token of the message; every session ends, and nobody is signed in by it', async () => {
    const { server, forgot } = await setUp()
    const { access_token, refresh_token } = await server.signup()
    const token = await forgot()
    const reply = await reset(server, token)
    expect([reply.status, reply.body]).toEqual([204, {}])
    expect((await server.me(access_token)).status).toBe(401)
    expect((await server.refresh(refresh_token)).body['error']).toBe('invalid_grant')
    expect((await login(server, password)).status).toBe(401)
    expect((await login(server, newPassword)).status).toBe(200)
  })

  test('the token is good once', async () => {
    const { server, forgot } = await setUp()
    await server.signup()
    const token = await forgot()
    expect((await reset(server, token)).status).toBe(204)
    expect(await reset(server, token, 'a third long phrase of hers')).toMatchObject({
      status: 401,
      body: { code: 'credentials_invalid' },
    })
  })

  test('the token is good for thirty minutes', async () => {
    const { server, forgot } = await setUp()
    await server.signup()
    const token = await forgot()
    server.wait(1800)
    expect((await reset(server, token)).status).toBe(401)
  })

  test('the token is void after a change of password', async () => {
    const { server, forgot } = await setUp()
    const { access_token: bearer } = await server.signup()
    const token = await forgot()
    const json = { current_password: password, new_password: newPassword }
    expect((await server.send('POST', '/password', { json, bearer })).status).toBe(204)
    expect((await reset(server, token, 'a third long phrase of hers')).status).toBe(401)
    expect((await login(server, newPassword)).status).toBe(200)
  })

  test('a password that is refused leaves the token as it is', async () => {
    const { server, forgot } = await setUp()
    await server.signup()
    const token = await forgot()
    expect(await reset(server, token, 'short')).toMatchObject({
      status: 422,
      body: { code: 'password_rejected' },
    })
    expect((await reset(server, token)).status).toBe(204)
  })

  test('the answer does not tell whether the account exists', async () => {
    const { server, sent } = await setUp()
    await server.signup()
    const ask = (username: string) => server.send('POST', '/password/forgot', { json: { username } })
    const replies = [await ask('ada'), await ask('nobody')]
    for (const { status, body } of replies) expect([status, body]).toEqual([204, {}])
    await expect.poll(() => sent.length).toBe(1)
  })

  test('messages to one name are few, whether it exists or not', async () => {
    const { server } = await setUp()
    await server.signup()
    for (const username of ['ada', 'nobody']) {
      const statuses: number[] = []
      for (let count = 0; count < 5; count += 1) {
        statuses.push((await server.send('POST', '/password/forgot', { json: { username } })).status)
      }
      expect(statuses).toEqual([204, 204, 204, 429, 429])
    }
  })

  test('what a request says of its host is in no message', async () => {
    const { server, sent } = await setUp()
    await server.signup()
    const headers = { host: 'evil.test', 'x-forwarded-host': 'evil.test', forwarded: 'host=evil.test' }
    await server.send('POST', '/password/forgot', { json: { username: 'ada' }, headers })
    await expect.poll(() => sent.length).toBe(1)
    expect(JSON.stringify(sent)).not.toContain('evil')
  })

  test('guesses hash nothing and are throttled; the right token is not kept waiting', async () => {
    const hasher = countingHasher()
    const sent: Message[] = []
    const server = await createTestServer({
      hasher,
      config: { sendMessage: (message) => void sent.push(message) },
    })
    await server.signup()
    await server.send('POST', '/password/forgot', { json: { username: 'ada' } })
    await expect.poll(() => sent.length).toBe(1)
    const before = hasher.calls.hash
    const statuses = new Set<number>()
    for (let guess = 0; guess < 20; guess += 1) statuses.add((await reset(server, `ot_${guess}`)).status)
    expect([...statuses]).toEqual([401, 429])
    expect(hasher.calls.hash).toBe(before)
    expect((await reset(server, sent[0]?.token ?? '')).status).toBe(204)
  })

  test('the store keeps no token, the log shows none, and a delivery that fails is a line of the log', async () => {
    const sent: Message[] = []
    const sendMessage = async (message: Message): Promise<void> => {
      sent.push(message)
      throw new Error('the mail server is away')
    }
    const server = await createTestServer({ config: { sendMessage } })
    await server.signup()
    expect((await server.send('POST', '/password/forgot', { json: { username: 'ada' } })).status).toBe(204)
    await expect.poll(() => JSON.stringify(server.lines)).toContain('mail server is away')
    expect(JSON.stringify(server.lines)).not.toContain(sent[0]?.token)
  })

  test('a disabled account gets no message', async () => {
    const { server, sent } = await setUp()
    const { session_id } = await server.signup()
    const { userId } = await server.rowOf(session_id)
    const ending = { atMs: server.nowMs(), reason: 'user_disabled', keepSeconds: 660 } as const
    await server.store.users.disable(userId, ending)
    await server.send('POST', '/password/forgot', { json: { username: 'ada' } })
    await server.close()
    expect(sent).toEqual([])
  })
})

describe('an e-mail address', () => {
  test('is proven with the token of the message that sign-up sends', async () => {
    const { server, sent } = await setUp()
    const json = { username: 'ada', password, email: 'ada@example.test' }
    expect((await server.send('POST', '/signup', { json })).status).toBe(201)
    await expect.poll(() => sent.length).toBe(1)
    expect(sent[0]).toMatchObject({ kind: 'email_verification', email: 'ada@example.test' })
    expect((await server.store.users.findByName('ada'))?.emailVerifiedAt).toBeNull()
    const verify = () => server.send('POST', '/email/verify', { json: { token: sent[0]?.token } })
    expect((await verify()).status).toBe(204)
    expect((await server.store.users.findByName('ada'))?.emailVerifiedAt).toBe(
      Math.floor(server.nowMs() / 1000),
    )
    expect((await verify()).status).toBe(401)
  })

  test.each(['no address', 'two@@example.test', '@', `${'x'.repeat(250)}@example.test`])(
    '%s is none',
    async (email) => {
      const { server } = await setUp()
      const reply = await server.send('POST', '/signup', { json: { username: 'ada', password, email } })
      expect(reply).toMatchObject({ status: 400, body: { code: 'body_invalid' } })
    },
  )
})

test('without a way of sending messages there are no such endpoints', async () => {
  const server = await createTestServer()
  for (const path of ['/password/forgot', '/password/reset', '/email/verify']) {
    expect((await server.send('POST', path, { json: {} })).status).toBe(404)
  }
})

describe('DELETE /me', () => {
  const remove = (server: TestServer, bearer: string, current_password: string) =>
    server.send('DELETE', '/me', { bearer, json: { current_password } })

  test('ends the account, all its sessions and tokens, for whoever knows the password', async () => {
    const server = await createTestServer()
    const first = await server.signup()
    const second = await server.login()
    expect((await remove(server, first.access_token, password)).status).toBe(204)
    for (const { access_token, refresh_token } of [first, second]) {
      expect(await server.me(access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
      expect((await server.refresh(refresh_token)).body['error']).toBe('invalid_grant')
    }
    expect((await login(server, password)).status).toBe(401)
    expect((await server.signup()).token_type).toBe('Bearer')
  })

  test('without the password nothing happens, and guesses are throttled', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    const statuses = new Set<number>()
    for (let guess = 0; guess < 12; guess += 1) {
      statuses.add((await remove(server, access_token, `guess number ${guess}`)).status)
    }
    expect([...statuses]).toEqual([401, 429])
    expect((await server.me(access_token)).status).toBe(200)
  })

  test('of accounts that are kept elsewhere it is not offered', async () => {
    const authenticate = async () => ({ id: 'staff-7', username: 'ada' })
    const server = await createTestServer({ config: { authenticate } })
    const { access_token } = await server.login()
    expect((await remove(server, access_token, password)).status).toBe(404)
  })
})
