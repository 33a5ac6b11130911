import { createLocalJwkSet, decode, secret, verifyJwt } from '@tessera/jose'
import type { JwkSet } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import type { ClaimsHook } from '../../src/config/server-config.ts'
import { createTestServer, issuer } from '../create-test-server.ts'

describe('what the server publishes', () => {
  test('the JWK Set holds the key in use and the next one, public members only, and may be kept for a while', async () => {
    const server = await createTestServer()
    const reply = await server.send('GET', '/.well-known/jwks.json')
    const { keys } = reply.body as unknown as JwkSet
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    }
    expect(reply.headers.get('cache-control')).toMatch(/max-age=\d+/)
  })

  test('the metadata names the issuer exactly and what it offers (RFC 8414)', async () => {
    const server = await createTestServer()
    const { body } = await server.send('GET', '/.well-known/oauth-authorization-server')
    expect(body).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
    })
    expect(body['grant_types_supported']).not.toContain('password')
    expect(body).toHaveProperty('response_types_supported')
  })

  test.each(['ES256', 'Ed25519', 'RS256', 'PS256'] as const)(
    'access tokens can be signed with %s',
    async (algorithm) => {
      const server = await createTestServer({ config: { algorithm } })
      const { access_token } = await server.signup()
      const jwkSet = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
      const { header } = await verifyJwt(access_token, createLocalJwkSet(jwkSet), {
        issuer,
        audience: issuer,
        typ: 'at+jwt',
        now: server.nowMs() / 1000,
      })
      expect(header.alg).toBe(algorithm)
      expect((await server.me(access_token)).status).toBe(200)
    },
  )

  test('with HS256 the JWK Set is empty and the shared secret verifies', async () => {
    const jwtSecret = 'a secret that the API servers share, and nobody else'
    const server = await createTestServer({ config: { algorithm: 'HS256', jwtSecret } })
    const { access_token } = await server.signup()
    expect((await server.send('GET', '/.well-known/jwks.json')).body).toEqual({ keys: [] })
    const claims = decode(access_token, secret('HS256', jwtSecret), {
      audience: issuer,
      now: server.nowMs() / 1000,
    })
    expect(claims.iss).toBe(issuer)
  })

  test('P26: an access token has typ at+jwt and the claims of RFC 9068', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    const [header = '', payload = ''] = access_token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(header)).toMatchObject({ typ: 'at+jwt' })
    const claims = JSON.parse(payload) as Record<string, unknown>
    for (const name of [
      'iss',
      'sub',
      'aud',
      'exp',
      'iat',
      'jti',
      'client_id',
      'scope',
      'sid',
      'sv',
      'auth_time',
    ]) {
      expect(claims).toHaveProperty(name)
    }
    expect(JSON.stringify(claims)).not.toContain('ada')
  })

  test('a hook adds private claims and cannot set registered ones', async () => {
    const server = await createTestServer({ config: { claims: async () => ({ tenant: 't1' }) } })
    const { access_token } = await server.signup()
    expect(JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      tenant: 't1',
    })
    const bad = await createTestServer({
      config: { claims: (async () => ({ scope: 'admin' })) as unknown as ClaimsHook },
    })
    const reply = await bad.send('POST', '/signup', {
      json: { username: 'ada', password: 'correct horse battery staple' },
    })
    expect(reply.status).toBe(503)
  })

  test('/healthz and /readyz answer; /readyz tells when the database does not', async () => {
    let isGone = false
    const server = await createTestServer({
      wrapStore: (store) => ({
        ...store,
        check: async () => {
          if (isGone) throw new Error('gone')
          return store.check()
        },
      }),
    })
    expect((await server.send('GET', '/healthz')).status).toBe(200)
    expect((await server.send('GET', '/readyz')).status).toBe(200)
    isGone = true
    expect((await server.send('GET', '/readyz')).status).toBe(503)
    expect((await server.send('GET', '/healthz')).status).toBe(200)
  })
})
