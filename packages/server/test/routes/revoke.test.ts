import { describe, expect, test } from 'vitest'
import { createTestServer } from '../create-test-server.ts'
import type { Reply, SendOptions, TestServer } from '../create-test-server.ts'
import { basic, registerClient } from '../register-client.ts'

function revoke(server: TestServer, token: string, request: SendOptions = {}): Promise<Reply> {
  return server.send('POST', '/revoke', { ...request, form: { token, ...request.form } })
}

async function clientToken(server: TestServer, clientId: string, secret: string): Promise<string> {
  const form = { grant_type: 'client_credentials' }
  const { body } = await server.send('POST', '/token', { headers: basic(clientId, secret), form })
  return body['access_token'] as string
}

describe('revocation (RFC 7009)', () => {
  test('of an access token ends that token alone, at once; its session goes on (P28)', async () => {
    const server = await createTestServer()
    const { access_token, refresh_token } = await server.signup()
    const reply = await revoke(server, access_token)
    expect([reply.status, reply.body]).toEqual([200, {}])
    expect(await server.me(access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
    const refreshed = await server.refresh(refresh_token)
    expect((await server.me(refreshed.body['access_token'] as string)).status).toBe(200)
  })

  test('of a refresh token ends its session and the access tokens of it (§2.1)', async () => {
    const server = await createTestServer()
    const { access_token, refresh_token } = await server.signup()
    expect((await revoke(server, refresh_token, { form: { token_type_hint: 'access_token' } })).status).toBe(
      200,
    )
    expect(await server.me(access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
    expect((await server.refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('of a refresh token of an older generation ends the session too (P28)', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup()
    const { body } = await server.refresh(refresh_token)
    await revoke(server, refresh_token)
    expect((await server.me(body['access_token'] as string)).status).toBe(401)
  })

  test.each(['garbage', 'rt_x.y.0.z', 'eyJhbGciOiJub25lIn0.e30.'])('of %s is 200 (§2.2)', async (token) => {
    const server = await createTestServer()
    expect((await revoke(server, token)).status).toBe(200)
  })

  test('of what has been revoked is 200, and adds nothing to the feed', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    await revoke(server, access_token)
    await revoke(server, access_token)
    const now = Math.floor(server.nowMs() / 1000)
    const { entries } = await server.store.revocations.read({ now, limit: 10 })
    expect(entries).toHaveLength(1)
  })

  test('without a token it is invalid_request (§2.1)', async () => {
    const server = await createTestServer()
    const reply = await server.send('POST', '/revoke', { form: {} })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

describe('P28: who may revoke what', () => {
  test('a client ends its own tokens; those of another, and of people, are left as they are', async () => {
    const server = await createTestServer()
    const own = await registerClient(server, { clientId: 'own' })
    const gateway = await registerClient(server, { clientId: 'gateway', scope: 'introspect' })
    const { access_token, refresh_token } = await server.signup()
    const ofClient = await clientToken(server, own.clientId, own.secret)
    const headers = basic(gateway.clientId, gateway.secret)
    const isActive = async (token: string): Promise<unknown> =>
      (await server.send('POST', '/introspect', { headers, form: { token } })).body['active']

    for (const token of [access_token, refresh_token, ofClient]) {
      expect((await revoke(server, token, { headers })).status).toBe(200)
    }
    expect(await isActive(access_token)).toBe(true)
    expect(await isActive(ofClient)).toBe(true)
    expect((await server.refresh(refresh_token)).status).toBe(200)

    await revoke(server, ofClient, { headers: basic(own.clientId, own.secret) })
    expect(await isActive(ofClient)).toBe(false)
  })

  test('who proves nothing but holds the token may end it; who names another client, or proves a wrong one, may not', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    await revoke(server, access_token, { form: { client_id: 'other' } })
    expect((await server.me(access_token)).status).toBe(200)
    const wrong = await revoke(server, access_token, { headers: basic('nobody', 'x') })
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await server.me(access_token)).status).toBe(200)
    await revoke(server, access_token, { form: { client_id: 'tessera' } })
    expect((await server.me(access_token)).status).toBe(401)
  })
})
