/** The life of one session, told as a test: login, attach, verify, expire, refresh, reuse, revoke. Read this first. */
import { createLocalJwkSet, verifyJwt } from '@tessera/jose'
import type { JwkSet } from '@tessera/jose'
import { expect, test } from 'vitest'
import { createTestServer, issuer, password } from './create-test-server.ts'

test('login, attach, verify, expire, refresh, reuse, revoke', async () => {
  const server = await createTestServer()

  // Sign up, and sign in on a second device.
  await server.signup('ada')
  const login = await server.send('POST', '/login', { json: { username: 'ada', password } })
  expect(login.status).toBe(200)
  expect(login.headers.get('cache-control')).toBe('no-store')
  const first = login.body as { access_token: string; refresh_token: string; session_id: string }
  expect(login.body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'account' })

  // Attach the access token: the server's guard lets it in.
  const me = await server.me(first.access_token)
  expect(me.status).toBe(200)
  expect(me.body).toMatchObject({
    username: 'ada',
    roles: [],
    scope: 'account',
    session_id: first.session_id,
  })

  // Any API server verifies it by itself, with nothing but the published keys (RFC 9068).
  const jwkSet = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
  const { claims, header } = await verifyJwt(first.access_token, createLocalJwkSet(jwkSet), {
    issuer,
    audience: issuer,
    typ: 'at+jwt',
    now: server.nowMs() / 1000,
  })
  expect(header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
  expect(jwkSet.keys.map(({ kid }) => kid)).toContain(header.kid)
  expect(claims).toMatchObject({ sub: me.body['sub'], client_id: 'tessera', sid: first.session_id, sv: 1 })

  // Ten minutes later it has expired.
  server.wait(600)
  const late = await server.me(first.access_token)
  expect(late.status).toBe(401)
  expect(late.body['code']).toBe('expired')
  expect(late.headers.get('www-authenticate')).toContain('error="invalid_token"')

  // The refresh token gives the next pair.
  const refresh = await server.refresh(first.refresh_token)
  expect(refresh.status).toBe(200)
  const second = refresh.body as typeof first
  expect((await server.me(second.access_token)).status).toBe(200)

  // The reply was lost? The same token gives the same successor, for half a minute.
  server.wait(29)
  const again = await server.refresh(first.refresh_token)
  expect(again.status).toBe(200)
  expect(again.body['refresh_token']).toBe(second.refresh_token)

  // After that, two parties hold the session: it ends, and its access tokens with it, at once.
  server.wait(2)
  const reuse = await server.refresh(first.refresh_token)
  expect(reuse.status).toBe(400)
  expect(reuse.body).toMatchObject({ error: 'invalid_grant', code: 'replayed' })
  expect((await server.refresh(second.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await server.me(second.access_token)).body['code']).toBe('revoked')

  // Log-out does the same to a session on purpose.
  const third = await server.login('ada')
  expect((await server.send('POST', '/logout', { bearer: third.access_token })).status).toBe(204)
  expect((await server.me(third.access_token)).body['code']).toBe('revoked')
  expect((await server.refresh(third.refresh_token)).body['code']).toBe('revoked')
})
