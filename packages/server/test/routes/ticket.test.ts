import { describe, expect, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { Reply, TestServer } from '../create-test-server.ts'
import { basic, registerClient } from '../register-client.ts'

const path = '/live/orders'

async function setUp() {
  const server = await createTestServer()
  const guard = await registerClient(server, { clientId: 'live', scope: '' })
  const session = await server.signup()
  const issue = (json: object = { path }) =>
    server.send('POST', '/ticket', { bearer: session.access_token, json })
  const ticket = async (json?: object): Promise<string> => (await issue(json)).body['ticket'] as string
  return { server, guard, session, issue, ticket }
}

function redeem(
  server: TestServer,
  form: Record<string, string>,
  { clientId, secret }: { clientId: string; secret: string },
): Promise<Reply> {
  return server.send('POST', '/ticket/redeem', { headers: basic(clientId, secret), form: { path, ...form } })
}

describe('a ticket', () => {
  test('is got with an access token, and stands for it at the path that it names', async () => {
    const { server, guard, session, issue } = await setUp()
    const issued = await issue()
    expect(issued).toMatchObject({ status: 201, body: { expires_in: 30 } })
    expect(issued.body['ticket']).toMatch(/^tk_[\w-]{22}\.[\w-]{43}$/)
    expect(issued.headers.get('cache-control')).toBe('no-store')
    const { status, body } = await redeem(server, { ticket: issued.body['ticket'] as string }, guard)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      active: true,
      iss: issuer,
      aud: issuer,
      scope: 'account',
      sid: session.session_id,
      path,
      exp: Math.floor(server.nowMs() / 1000) + 600,
    })
  })

  test('P20: of 50 redemptions at once one succeeds', async () => {
    const { server, guard, ticket } = await setUp()
    const other = await registerClient(server, { clientId: 'live-2', scope: '' })
    const text = await ticket()
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => redeem(server, { ticket: text }, index % 2 ? guard : other)),
    )
    expect(replies.filter(({ body }) => body['active'] === true)).toHaveLength(1)
    expect(replies.every(({ status }) => status === 200)).toBe(true)
  })

  test('P20: at another path, for another audience, or after thirty seconds it is inactive, and used up', async () => {
    const { server, guard, ticket } = await setUp()
    const stranger = await registerClient(server, {
      clientId: 'x',
      scope: '',
      audiences: ['https://x.example'],
    })
    const wrongPath = await ticket()
    expect((await redeem(server, { ticket: wrongPath, path: '/other' }, guard)).body).toEqual({
      active: false,
    })
    expect((await redeem(server, { ticket: wrongPath }, guard)).body).toEqual({ active: false })
    expect((await redeem(server, { ticket: await ticket() }, stranger)).body).toEqual({ active: false })
    const late = await ticket()
    server.wait(30)
    expect((await redeem(server, { ticket: late }, guard)).body).toEqual({ active: false })
  })

  const ends: readonly (readonly [string, (server: TestServer, token: string) => Promise<unknown>])[] = [
    ['after log-out', (server, bearer) => server.send('POST', '/logout', { bearer })],
    ['after the token was revoked', (server, token) => server.send('POST', '/revoke', { form: { token } })],
  ]
  test.each(ends)('P20: %s it is inactive', async (_, end) => {
    const { server, guard, session, ticket } = await setUp()
    const text = await ticket()
    await end(server, session.access_token)
    expect((await redeem(server, { ticket: text }, guard)).body).toEqual({ active: false })
  })

  test('P20: its scope and audience are no wider than the token', async () => {
    const { issue } = await setUp()
    for (const json of [
      { path, scope: 'account admin' },
      { path, audience: 'https://other.example' },
      { path: '' },
      {},
    ]) {
      expect((await issue(json)).status).toBe(400)
    }
  })

  test('P20: it is no bearer token, and gets no ticket', async () => {
    const { server, ticket } = await setUp()
    const bearer = await ticket()
    expect((await server.me(bearer)).status).toBe(401)
    expect((await server.send('POST', '/ticket', { bearer, json: { path } })).status).toBe(401)
  })

  test('is redeemed by clients that prove themselves, and got by who is signed in', async () => {
    const { server, ticket } = await setUp()
    const form = { ticket: await ticket(), path }
    expect((await server.send('POST', '/ticket/redeem', { form })).status).toBe(401)
    expect((await server.send('POST', '/ticket', { json: { path } })).body['code']).toBe('token_missing')
  })

  test('the store keeps no ticket, and the log shows none', async () => {
    const { server, guard, ticket } = await setUp()
    const text = await ticket()
    await redeem(server, { ticket: text }, guard)
    expect(JSON.stringify(server.lines)).not.toContain(text)
  })
})
