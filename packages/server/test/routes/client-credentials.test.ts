import { createLocalJwkSet, exportJwk, generateKey, signJwt } from '@tessera/jose'
import type { ClaimsSet, JwkSet, PrivateKey } from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'
import { describe, expect, test } from 'vitest'
import type { ClaimsContext } from '../../src/config/server-config.ts'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { Reply, SendOptions, TestServer } from '../create-test-server.ts'
import { basic, clientsOf, registerClient } from '../register-client.ts'

const grant = { grant_type: 'client_credentials' }
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

function ask(server: TestServer, request: SendOptions): Promise<Reply> {
  return server.send('POST', '/token', { ...request, form: { ...grant, ...request.form } })
}

function claimsOf(reply: Reply): Record<string, unknown> {
  return decodeUnverified(reply.body['access_token'] as string).unverified.claims
}

describe('client_credentials', () => {
  test('answers as RFC 6749 §4.4.3 says: no refresh token, nothing stored by caches', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const reply = await ask(server, { headers: basic(clientId, secret) })
    expect(reply.status).toBe(200)
    expect(Object.keys(reply.body).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
    expect(reply.body).toMatchObject({ token_type: 'Bearer', scope: 'orders:read orders:write' })
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('pragma')).toBe('no-cache')
  })

  test('the token is an access token of RFC 9068 §2.2 whose subject is the client, and no log-in', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server, { roles: ['service'] })
    const claims = claimsOf(await ask(server, { headers: basic(clientId, secret) }))
    expect(claims).toMatchObject({
      iss: issuer,
      sub: clientId,
      client_id: clientId,
      aud: issuer,
      roles: ['service'],
    })
    expect(claims).not.toHaveProperty('auth_time')
    for (const name of ['exp', 'iat', 'jti']) expect(claims).toHaveProperty(name)
  })

  test('P10: a token of a client opens none of the resources of people', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const { body } = await ask(server, { headers: basic(clientId, secret) })
    const bearer = body['access_token'] as string
    const calls = [
      ['GET', '/me'],
      ['GET', '/sessions'],
      ['POST', '/logout'],
      ['POST', '/password'],
    ] as const
    for (const [method, path] of calls) {
      const reply = await server.send(method, path, { bearer })
      expect([reply.status, reply.body['code']]).toEqual([403, 'insufficient_scope'])
    }
  })

  test('the scope is narrowed as asked, and never widened (RFC 6749 §3.3)', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const headers = basic(clientId, secret)
    const narrow = await ask(server, { headers, form: { scope: 'orders:read' } })
    expect([narrow.body['scope'], claimsOf(narrow)['scope']]).toEqual(['orders:read', 'orders:read'])
    for (const scope of ['admin', 'account', 'orders:read admin']) {
      expect(await ask(server, { headers, form: { scope } })).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope' },
      })
    }
  })

  test('RFC 8707 §2: the resource that is asked for is the one audience; one that is not its own is invalid_target', async () => {
    const server = await createTestServer()
    const audiences = ['https://a.example', 'https://b.example']
    const { clientId, secret } = await registerClient(server, { audiences })
    const headers = basic(clientId, secret)
    expect(claimsOf(await ask(server, { headers }))['aud']).toBe('https://a.example')
    const other = await ask(server, { headers, form: { resource: 'https://b.example' } })
    expect(claimsOf(other)['aud']).toBe('https://b.example')
    const foreign = await ask(server, { headers, form: { resource: 'https://c.example' } })
    expect(foreign).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  test('P1: with a shared secret there are tokens for the API that holds it, and for no other', async () => {
    const jwtSecret = 'a secret that the API servers share, and nobody else'
    const server = await createTestServer({ config: { algorithm: 'HS256', jwtSecret } })
    const { clientId, secret } = await registerClient(server, { audiences: [issuer, 'https://b.example'] })
    const headers = basic(clientId, secret)
    expect((await ask(server, { headers })).status).toBe(200)
    const other = await ask(server, { headers, form: { resource: 'https://b.example' } })
    expect(other).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  test('the claims hook is told that the token is for a client', async () => {
    const seen: ClaimsContext[] = []
    const claims = (context: ClaimsContext) => (seen.push(context), { tenant: 't1' })
    const server = await createTestServer({ config: { claims } })
    const { clientId, secret } = await registerClient(server)
    expect(claimsOf(await ask(server, { headers: basic(clientId, secret) }))).toMatchObject({ tenant: 't1' })
    const scope = 'orders:read orders:write'
    expect(seen).toEqual([{ subject: 'client', clientId, scope, roles: [] }])
  })

  test('P11: a revoked client gets no more tokens, and the feed ends those that it has', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const { sid } = claimsOf(await ask(server, { headers: basic(clientId, secret) }))
    await clientsOf(server).revoke(clientId)
    expect((await ask(server, { headers: basic(clientId, secret) })).status).toBe(401)
    const feed = await server.handle(new Request(`${issuer}/revocations`))
    expect(JSON.stringify(decodeUnverified(await feed.text()).unverified.claims)).toContain(String(sid))
  })
})

describe('client authentication', () => {
  const wrong: readonly (readonly [string, (id: string, secret: string) => SendOptions])[] = [
    ['no credentials', () => ({})],
    ['the id alone', (id) => ({ form: { client_id: id } })],
    ['a wrong secret', (id, secret) => ({ headers: basic(id, `${secret}x`) })],
    ['an empty secret', (id) => ({ headers: basic(id, '') })],
    ['an unknown client', (_, secret) => ({ headers: basic('nobody', secret) })],
    ['a client of 300 characters', (_, secret) => ({ headers: basic('x'.repeat(300), secret) })],
    ['a NUL in the id', (_, secret) => ({ headers: basic('a\0b', secret) })],
    ['Basic without a colon', () => ({ headers: { authorization: 'Basic YWJj' } })],
    ['Basic with a broken escape', () => ({ headers: { authorization: `Basic ${btoa('%zz:x')}` } })],
    [
      'an assertion of a client that has a secret',
      (id) => ({ form: { client_id: id, client_assertion: 'x', client_assertion_type: jwtBearer } }),
    ],
  ]
  test.each(wrong)('%s is 401 invalid_client with a challenge (RFC 6749 §5.2)', async (_, request) => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const reply = await ask(server, request(clientId, secret))
    expect(reply).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', code: 'credentials_invalid' },
    })
    expect(reply.headers.get('www-authenticate')).toBe(`Basic realm="${issuer}", charset="UTF-8"`)
  })

  test.each([
    ['header and body', (secret: string) => ({ client_id: 'billing', client_secret: secret })],
    ['header and assertion', () => ({ client_assertion: 'x', client_assertion_type: jwtBearer })],
    ['another client in the body', () => ({ client_id: 'other' })],
  ])('two ways at once are invalid_request: %s (RFC 6749 §2.3)', async (_, form) => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const reply = await ask(server, { headers: basic(clientId, secret), form: form(secret) })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('wrong credentials are refused at a refresh too, where none are needed', async () => {
    const server = await createTestServer()
    const { refresh_token } = await server.signup()
    const { clientId, secret } = await registerClient(server)
    const refresh = (headers: Record<string, string>) =>
      server.send('POST', '/token', { headers, form: { grant_type: 'refresh_token', refresh_token } })
    expect((await refresh(basic(clientId, 'wrong'))).body['error']).toBe('invalid_client')
    // RFC 6749 §6: a refresh token is bound to its client.
    expect((await refresh(basic(clientId, secret))).body['error']).toBe('invalid_grant')
    expect((await refresh({})).status).toBe(200)
  })

  test('P15: guesses at a secret are throttled, and the right one is not', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    const statuses = new Set<number>()
    for (let guess = 0; guess < 20; guess += 1) {
      statuses.add((await ask(server, { headers: basic(clientId, `guess ${guess}`) })).status)
    }
    expect([...statuses]).toEqual([401, 429])
    expect((await ask(server, { headers: basic(clientId, secret) })).status).toBe(200)
  })

  test('the store keeps no secret, and no line of the log shows one', async () => {
    const server = await createTestServer()
    const { clientId, secret } = await registerClient(server)
    await ask(server, { headers: basic(clientId, secret) })
    expect(JSON.stringify(await server.store.clients.find(clientId))).not.toContain(secret)
    expect(JSON.stringify(server.lines)).not.toContain(secret)
  })
})

describe('private_key_jwt (RFC 7523)', () => {
  async function setUp() {
    const server = await createTestServer()
    const key = await generateKey('ES256')
    const jwkSet: JwkSet = { keys: [await exportJwk(key.publicKey)] }
    expect(() => createLocalJwkSet(jwkSet)).not.toThrow()
    const { clientId } = await registerClient(server, { jwkSet })
    const now = Math.floor(server.nowMs() / 1000)
    const good = { iss: clientId, sub: clientId, aud: issuer, iat: now, exp: now + 60, jti: 'one' }
    const present = (assertion: string) =>
      ask(server, { form: { client_assertion: assertion, client_assertion_type: jwtBearer } })
    return { server, key, clientId, now, good, present }
  }
  const sign = (claims: ClaimsSet, key: PrivateKey, typ = 'JWT') =>
    signJwt(claims, key, { typ, ...('exp' in claims ? {} : { expiresIn: null }) })

  test('is taken for the issuer or the token endpoint as audience (§3 item 3)', async () => {
    const { key, good, present } = await setUp()
    expect((await present(await sign(good, key))).status).toBe(200)
    const other = { ...good, aud: `${issuer}/token`, jti: 'two' }
    expect((await present(await sign(other, key, 'client-authentication+jwt'))).status).toBe(200)
  })

  test('is good once: the jti is remembered (§3 item 7)', async () => {
    const { key, good, present } = await setUp()
    const assertion = await sign(good, key)
    const replies = await Promise.all([present(assertion), present(assertion), present(assertion)])
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await present(assertion)).body).toMatchObject({ error: 'invalid_client', code: 'replayed' })
  })

  const without = (claims: ClaimsSet, name: string): ClaimsSet =>
    Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))
  const bad: readonly (readonly [string, string, (good: ClaimsSet, now: number) => ClaimsSet])[] = [
    ['another issuer', 'claim_invalid', (good) => ({ ...good, iss: 'other' })],
    ['another audience', 'claim_invalid', (good) => ({ ...good, aud: 'https://other.example' })],
    ['several audiences', 'claim_invalid', (good) => ({ ...good, aud: [issuer, 'https://other.example'] })],
    ['no jti', 'claim_missing', (good) => without(good, 'jti')],
    ['no expiry', 'claim_missing', (good) => without(good, 'exp')],
    ['an expiry in the past', 'expired', (good, now) => ({ ...good, iat: now - 100, exp: now - 40 })],
    ['an expiry in an hour', 'claim_invalid', (good, now) => ({ ...good, exp: now + 3600 })],
  ]
  test.each(bad)('with %s it is invalid_client, %s', async (_, code, change) => {
    const { key, good, now, present } = await setUp()
    const reply = await present(await sign(change(good, now), key))
    expect(reply).toMatchObject({ status: 401, body: { error: 'invalid_client', code } })
  })

  test('with the subject of another client it is refused', async () => {
    const { key, good, present } = await setUp()
    const reply = await present(await sign({ ...good, sub: 'other' }, key))
    expect(reply).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('P26: an access token or a proof is no assertion, by its typ', async () => {
    const { key, good, present } = await setUp()
    for (const typ of ['at+jwt', 'dpop+jwt', 'logout+jwt']) {
      expect((await present(await sign(good, key, typ))).body['code']).toBe('typ_mismatch')
    }
  })

  test('of another key, of HMAC with the public key, and unsigned, it is refused', async () => {
    const { good, present } = await setUp()
    const foreign = await sign(good, await generateKey('ES256'))
    expect((await present(foreign)).status).toBe(401)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const alg of ['none', 'HS256']) {
      expect((await present(`${part({ alg })}.${part(good)}.AAAA`)).status).toBe(401)
    }
    expect((await present('junk')).status).toBe(401)
  })

  test('a client with keys has no secret', async () => {
    const { server, clientId } = await setUp()
    expect((await ask(server, { headers: basic(clientId, '') })).status).toBe(401)
  })
})
