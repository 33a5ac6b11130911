import { secret, signJwt } from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'
import { describe, expect, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { Reply, TestServer } from '../create-test-server.ts'
import { basic, clientsOf, registerClient } from '../register-client.ts'

type Known = { clientId: string; secret: string }

function introspect(server: TestServer, token: string, { clientId, secret }: Known): Promise<Reply> {
  return server.send('POST', '/introspect', { headers: basic(clientId, secret), form: { token } })
}

async function clientToken(server: TestServer, { clientId, secret }: Known): Promise<string> {
  const form = { grant_type: 'client_credentials' }
  const { body } = await server.send('POST', '/token', { headers: basic(clientId, secret), form })
  return body['access_token'] as string
}

async function setUp() {
  const server = await createTestServer()
  const gateway = await registerClient(server, { clientId: 'gateway', scope: 'introspect' })
  return { server, gateway, session: await server.signup() }
}

describe('introspection (RFC 7662)', () => {
  test('tells what a token in force says (§2.2), and no cache may store it (§4)', async () => {
    const { server, gateway, session } = await setUp()
    const reply = await introspect(server, session.access_token, gateway)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.body).toMatchObject({
      active: true,
      token_type: 'Bearer',
      iss: issuer,
      aud: issuer,
      client_id: 'tessera',
      scope: 'account',
      sid: session.session_id,
    })
    for (const name of ['sub', 'exp', 'iat', 'jti']) expect(reply.body).toHaveProperty(name)
  })

  test('is for clients that prove themselves (§2.1)', async () => {
    const { server, gateway, session } = await setUp()
    const form = { token: session.access_token }
    for (const headers of [{}, basic(gateway.clientId, 'wrong')]) {
      const reply = await server.send('POST', '/introspect', { headers, form })
      expect(reply).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
    const bearer = await server.send('POST', '/introspect', { bearer: session.access_token, form })
    expect(bearer.status).toBe(401)
  })

  const endings: readonly (readonly [
    string,
    (server: TestServer, sid: string, token: string) => Promise<unknown>,
  ])[] = [
    ['has expired', async (server) => server.wait(601)],
    ['was revoked', (server, _, token) => server.send('POST', '/revoke', { form: { token } })],
    [
      'is of a session that was logged out',
      (server, _, bearer) => server.send('POST', '/logout', { bearer }),
    ],
    [
      'is of a user who was disabled',
      async (server, sid) => {
        const { userId } = await server.rowOf(sid)
        const ending = { atMs: server.nowMs(), reason: 'user_disabled', keepSeconds: 660 } as const
        await server.store.users.disable(userId, ending)
      },
    ],
    [
      // better-auth#10267: active after the session had expired.
      'is of a session that has expired',
      async (server, sid) => {
        await server.store.sessions.change([sid], (sessions) => {
          const session = sessions.get(sid)
          return session === undefined ? [] : [{ session: { ...session, idleExpiresAt: session.createdAt } }]
        })
      },
    ],
    ['was changed by one character', async () => undefined],
  ]
  test.each(endings)('a token that %s is {"active":false} and nothing else (§2.2)', async (title, end) => {
    const { server, gateway, session } = await setUp()
    const token = session.access_token
    await end(server, session.session_id, token)
    const asked = title.includes('changed')
      ? `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`
      : token
    expect(await introspect(server, asked, gateway)).toMatchObject({ status: 200 })
    expect((await introspect(server, asked, gateway)).body).toEqual({ active: false })
  })

  test('so is a refresh token, garbage, and a token of a revoked client', async () => {
    const { server, gateway, session } = await setUp()
    const billing = await registerClient(server, { clientId: 'billing' })
    const token = await clientToken(server, billing)
    expect((await introspect(server, token, gateway)).body).toMatchObject({ active: true, sub: 'billing' })
    await clientsOf(server).revoke('billing')
    for (const other of [token, session.refresh_token, 'garbage', `${'x'.repeat(20_000)}`]) {
      expect((await introspect(server, other, gateway)).body).toEqual({ active: false })
    }
  })

  test('without a token it is invalid_request', async () => {
    const { server, gateway } = await setUp()
    expect(await introspect(server, '', gateway)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
})

describe('P28: who may introspect what', () => {
  test('the API that a token is for, its own client, and the scope introspect; nobody else', async () => {
    const { server, gateway, session } = await setUp()
    const api = await registerClient(server, { clientId: 'https://api.example', scope: '' })
    const own = await registerClient(server, {
      clientId: 'own',
      scope: 'orders:read',
      audiences: ['https://api.example'],
    })
    const other = await registerClient(server, { clientId: 'other', scope: 'orders:read' })
    const tokens = { user: session.access_token, client: await clientToken(server, own) }
    const active = async (token: string, caller: Known): Promise<unknown> =>
      (await introspect(server, token, caller)).body['active']
    expect(await active(tokens.user, gateway)).toBe(true)
    expect(await active(tokens.user, api)).toBe(false)
    expect(await active(tokens.user, own)).toBe(false)
    expect(await active(tokens.client, gateway)).toBe(true)
    expect(await active(tokens.client, api)).toBe(true)
    expect(await active(tokens.client, own)).toBe(true)
    expect(await active(tokens.client, other)).toBe(false)
  })

  test('P1: a token that another holder of the shared secret made is inactive', async () => {
    const jwtSecret = 'a secret that the API servers share, and nobody else'
    const server = await createTestServer({ config: { algorithm: 'HS256', jwtSecret } })
    const gateway = await registerClient(server, { clientId: 'gateway', scope: 'introspect' })
    const { access_token } = await server.signup()
    expect((await introspect(server, access_token, gateway)).body['active']).toBe(true)
    const { claims } = decodeUnverified(access_token).unverified
    const forged = await signJwt({ ...claims, scope: 'account admin' }, secret('HS256', jwtSecret), {
      typ: 'at+jwt',
    })
    expect((await introspect(server, forged, gateway)).body).toEqual({ active: false })
  })
})
