/** Several APIs of one server: each token is for one of them, and with a shared secret each API holds another. */
import { createHmac, createHash } from 'node:crypto'
import { createGuard } from '@tessera/guard'
import { createLocalJwkSet, secret, signJwt } from '@tessera/jose'
import type { JwkSet, KeySet, SecretKey } from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'
import { describe, expect, test } from 'vitest'
import { createHasher } from '../../src/accounts/hasher.ts'
import { createUserAdministration } from '../../src/accounts/user-administration.ts'
import { deriveAudienceSecret } from '../../src/keys/audience-secrets.ts'
import { cheapHash, createTestServer, issuer, password } from '../create-test-server.ts'
import type { Reply, TestServer } from '../create-test-server.ts'
import { basic, registerClient } from '../register-client.ts'

const orders = 'https://orders.example'
const billing = 'https://billing.example'
const jwtSecret = 'the secret that all others are derived from'
const shared = { algorithm: 'HS256', jwtSecret, audience: [orders, billing] } as const

const secretOf = (audience: string): string => deriveAudienceSecret({ jwtSecret, issuer, audience })
const claimsOf = (token: unknown) => decodeUnverified(String(token)).unverified.claims

function guardOf(server: TestServer, audience: string, keys: SecretKey | KeySet) {
  const guard = createGuard({ issuer, audience, keys, now: () => server.nowMs() / 1000 })
  return async (token: unknown): Promise<string> => {
    const headers = { authorization: `Bearer ${String(token)}` }
    const result = await guard.authenticate({ method: 'GET', url: '/', headers })
    return result.ok ? 'admitted' : String(result.body.code)
  }
}

const apiGuard = (server: TestServer, audience: string, holder = audience) =>
  guardOf(server, audience, secret('HS256', secretOf(holder)))

const refreshFor = (server: TestServer, refresh_token: unknown, more: Record<string, string> = {}) =>
  server.send('POST', '/token', {
    form: { grant_type: 'refresh_token', refresh_token: String(refresh_token), ...more },
  })

/** An administrator, signed in, with a token for the administration. */
async function signInAdmin(server: TestServer) {
  const { store, nowMs } = server
  const hasher = createHasher({ parameters: cheapHash })
  await createUserAdministration({ store, hasher, keepSeconds: 660, nowMs }).add({
    username: 'root',
    password,
    scope: 'admin',
  })
  const json = { username: 'root', password, scope: 'admin' }
  const { body } = await server.send('POST', '/login', { json })
  const admin = { resource: `${issuer}/admin`, scope: 'admin' }
  const reply = await refreshFor(server, body['refresh_token'], admin)
  return { session: body, adminToken: reply.body['access_token'] }
}

describe('with a shared secret and several APIs', () => {
  test('P1: the secret of an API is HKDF (RFC 5869) of the one secret, by issuer and audience', () => {
    const hmac = (key: string | Buffer, text: string | Buffer) =>
      createHmac('sha256', key).update(text).digest()
    const hash = (text: string) => createHash('sha256').update(text).digest()
    const info = Buffer.concat([Buffer.from('tessera/at'), hash(issuer), hash(orders), Buffer.from([1])])
    expect(secretOf(orders)).toBe(hmac(hmac(Buffer.alloc(32), jwtSecret), info).toString('base64url'))
  })

  test('P1: no two pairs of issuer and audience have one secret', () => {
    const pairs = [
      ['https://a.example', 'b'],
      ['https://a.exampleb', ''],
      ['https://a.example/', 'b'],
      ['b', 'https://a.example'],
      ['', 'https://a.exampleb'],
      [`https://a.example${'/long'.repeat(500)}`, 'b'],
    ] as const
    const secrets = pairs.map(([iss, audience]) => deriveAudienceSecret({ jwtSecret, issuer: iss, audience }))
    expect(new Set(secrets).size).toBe(pairs.length)
  })

  test('P1: an API takes its own tokens alone, even where it is configured with the name of another', async () => {
    const server = await createTestServer({ config: shared })
    const { access_token: forOrders, refresh_token } = await server.signup()
    const reply = await refreshFor(server, refresh_token, { resource: billing })
    const forBilling = reply.body['access_token']
    expect([claimsOf(forOrders)['aud'], claimsOf(forBilling)['aud']]).toEqual([orders, billing])
    expect(await apiGuard(server, orders)(forOrders)).toBe('admitted')
    expect(await apiGuard(server, billing)(forBilling)).toBe('admitted')
    expect(await apiGuard(server, orders)(forBilling)).toBe('bad_signature')
    expect(await apiGuard(server, billing, orders)(forBilling)).toBe('bad_signature')
    expect(await guardOf(server, orders, secret('HS256', jwtSecret))(forOrders)).toBe('bad_signature')
  })

  test('P1: a token that an API made with its secret and a live session is refused at every endpoint', async () => {
    const server = await createTestServer({ config: shared })
    const { session, adminToken } = await signInAdmin(server)
    const gateway = await registerClient(server, { clientId: 'gateway', scope: 'introspect' })
    const key = secret('HS256', secretOf(billing))
    const mint = (token: unknown, changed: object) =>
      signJwt({ ...claimsOf(token), ...changed }, key, { typ: 'at+jwt' })
    const received = await refreshFor(server, session['refresh_token'], { resource: billing })
    const own = String(received.body['access_token'])
    const kid = String(decodeUnverified(own).unverified.header['kid'])
    // Of what the API was shown, every claim that a seal covers, and without a seal.
    const forged = [
      await mint(own, { aud: `${issuer}/admin`, scope: 'account admin' }),
      await mint(own, { aud: orders }),
      await mint(own, { jti: 'another' }),
      await mint(own, { scope: 'account admin' }),
      await mint(adminToken, { jti: 'another', seal: 'A'.repeat(43) }),
    ]
    for (const bearer of [...forged, ...forged.map((token) => withKid(token, kid))]) {
      for (const [method, path] of ownEndpoints(session['session_id'])) {
        expect([path, (await server.send(method, path, { bearer })).status]).toEqual([path, 401])
      }
      const headers = basic(gateway.clientId, gateway.secret)
      const { body } = await server.send('POST', '/introspect', { headers, form: { token: bearer } })
      expect(body).toEqual({ active: false })
    }
    expect((await server.send('GET', '/admin/keys', { bearer: String(adminToken) })).status).toBe(200)
    expect((await server.me(String(session['access_token']))).status).toBe(200)
  })

  test('tokens for any of the APIs stand for the session: tickets, and log-out', async () => {
    const server = await createTestServer({ config: shared })
    const { refresh_token } = await server.signup()
    const bearer = String(
      (await refreshFor(server, refresh_token, { resource: billing })).body['access_token'],
    )
    const json = { path: '/live', audience: billing }
    expect((await server.send('POST', '/ticket', { bearer, json })).status).toBe(201)
    const other = { path: '/live', audience: orders }
    expect((await server.send('POST', '/ticket', { bearer, json: other })).status).toBe(400)
    expect((await server.send('POST', '/logout', { bearer })).status).toBe(204)
    expect((await refreshFor(server, refresh_token)).status).toBe(400)
  })

  test('P1: a client gets tokens for APIs that have a secret, each under its own', async () => {
    const server = await createTestServer({ config: shared })
    const audiences = [billing, 'https://unknown.example']
    const client = await registerClient(server, { audiences })
    const ask = (form: object = {}): Promise<Reply> =>
      server.send('POST', '/token', {
        headers: basic(client.clientId, client.secret),
        form: { grant_type: 'client_credentials', ...form },
      })
    expect(await apiGuard(server, billing)((await ask()).body['access_token'])).toBe('admitted')
    for (const resource of ['https://unknown.example', orders]) {
      expect((await ask({ resource })).body).toMatchObject({ error: 'invalid_target' })
    }
  })
})

test('P1: with one API the secret itself is the key', async () => {
  const server = await createTestServer({ config: { algorithm: 'HS256', jwtSecret, audience: [orders] } })
  const { access_token } = await server.signup()
  expect(await guardOf(server, orders, secret('HS256', jwtSecret))(access_token)).toBe('admitted')
})

describe('resource (RFC 8707)', () => {
  const published = { audience: [orders, billing] }

  test('chooses the API at a refresh, with published keys too; without it the first is meant', async () => {
    const server = await createTestServer({ config: published })
    const { access_token, refresh_token } = await server.signup()
    const jwks = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
    const [atOrders, atBilling] = [orders, billing].map((api) =>
      guardOf(server, api, createLocalJwkSet(jwks)),
    )
    expect(await atOrders?.(access_token)).toBe('admitted')
    const reply = await refreshFor(server, refresh_token, { resource: billing })
    expect(await atBilling?.(reply.body['access_token'])).toBe('admitted')
    expect(await atOrders?.(reply.body['access_token'])).toBe('claim_invalid')
    const next = await refreshFor(server, reply.body['refresh_token'])
    expect(claimsOf(next.body['access_token'])['aud']).toBe(orders)
  })

  test('chooses it at log-in and sign-up', async () => {
    const server = await createTestServer({ config: shared })
    await server.signup()
    const signUp = (resource: string) =>
      server.send('POST', '/signup', { json: { username: 'bo', password, resource } })
    expect((await signUp(`${issuer}/admin`)).status).toBe(400)
    expect(claimsOf((await signUp(billing)).body['access_token'])['aud']).toBe(billing)
    const logIn = (resource: unknown) =>
      server.send('POST', '/login', { json: { username: 'ada', password, resource } })
    expect(claimsOf((await logIn(billing)).body['access_token'])['aud']).toBe(billing)
    for (const resource of ['https://other.example', `${issuer}/admin`, [orders, billing]]) {
      expect(await logIn(resource)).toMatchObject({ status: 400, body: { code: 'body_invalid' } })
    }
  })

  test.each([shared, published])(
    'several in one request are invalid_target, and change nothing',
    async (config) => {
      const server = await createTestServer({ config })
      const { refresh_token } = await server.signup()
      const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token })
      for (const resource of [orders, billing]) form.append('resource', resource)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const reply = await server.send('POST', '/token', { headers, body: form.toString() })
      expect(reply).toMatchObject({
        status: 400,
        body: { error: 'invalid_target', error_description: expect.stringContaining('several') as string },
      })
      expect((await refreshFor(server, refresh_token)).status).toBe(200)
    },
  )
})

/** The same claims under the key ID that the server gave that API. */
function withKid(token: string, kid: string): string {
  const [, claims = ''] = token.split('.')
  const header = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg: 'HS256', kid })).toString('base64url')
  const mac = createHmac('sha256', secretOf(billing)).update(`${header}.${claims}`).digest('base64url')
  return `${header}.${claims}.${mac}`
}

function ownEndpoints(sid: unknown): readonly (readonly [method: string, path: string])[] {
  return [
    ['GET', '/admin/keys'],
    ['GET', '/me'],
    ['GET', '/sessions'],
    ['DELETE', `/sessions/${String(sid)}`],
    ['POST', '/ticket'],
    ['POST', '/password'],
    ['POST', '/logout'],
  ]
}
