/** The server as a route of an application: its own users, a shared secret, a path of its own, two processes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode, secret } from '@tessera/jose'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { createTokenServer } from '../../src/token-server.ts'
import { createTestServer, password, serverSecret } from '../create-test-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-embedded-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a shared secret (HS256)', () => {
  const jwtSecret = 'the secret that the API servers share with us'
  const config = { algorithm: 'HS256', jwtSecret } as const

  test('signs tokens that whoever holds it can verify; the JWK Set is empty', async () => {
    const server = await createTestServer({ config })
    const { access_token } = await server.signup()
    expect((await server.me(access_token)).status).toBe(200)
    expect((await server.send('GET', '/.well-known/jwks.json')).body).toEqual({ keys: [] })
  })

  test('P1: a token that an API server made with it is refused at the own endpoints', async () => {
    const server = await createTestServer({ config })
    const { access_token, session_id } = await server.signup()
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()) as {
      seal: string
    }
    const key = secret('HS256', jwtSecret)
    const mint = (changed: object) => encode({ ...claims, ...changed }, key, { header: { typ: 'at+jwt' } })
    expect((await server.me(mint({}))).status).toBe(200)
    const bob = await server.signup('bob')
    for (const changed of [
      { sub: 'somebody else' },
      { roles: ['admin'] },
      { sid: bob.session_id },
      { scope: 'account admin' },
      { exp: server.nowMs() / 1000 + 5000 },
      { jti: 'another' },
      { seal: undefined },
      { seal: 5 },
      { seal: 'A'.repeat(43) },
    ]) {
      const { seal, ...rest } = { ...claims, ...changed } as Record<string, unknown>
      const forged = encode({ ...rest, ...(seal !== undefined && { seal }) }, key, {
        header: { typ: 'at+jwt' },
      })
      for (const [method, path] of [
        ['GET', '/me'],
        ['GET', '/sessions'],
        ['DELETE', `/sessions/${session_id}`],
        ['POST', '/logout'],
        ['POST', '/password'],
      ] as const) {
        const reply = await server.send(method, path, { bearer: forged })
        expect([path, reply.status, reply.body['code']]).toEqual([path, 401, 'claim_invalid'])
      }
    }
    expect((await server.me(access_token)).status).toBe(200)
  })

  test('P26: a token of another typ is no access token', async () => {
    const server = await createTestServer({ config })
    const { access_token } = await server.signup()
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString()) as object
    for (const typ of ['JWT', 'tessera-revocations+jwt', 'dpop+jwt']) {
      const other = encode({ ...claims }, secret('HS256', jwtSecret), { header: { typ } })
      expect((await server.me(other)).body).toMatchObject({ code: 'typ_mismatch' })
    }
  })
})

describe('users of another directory', () => {
  const directory = {
    authenticate: async ({ username, password: given }: { username: string; password: string }) =>
      username === 'ada' && given === password
        ? { id: 'staff-7', username: 'Ada L.', roles: ['editor'] }
        : null,
  }

  test('sign in through the hook; their roles are in the token', async () => {
    const server = await createTestServer({ config: directory })
    const { access_token, refresh_token } = await server.login('ada')
    expect((await server.me(access_token)).body).toMatchObject({
      sub: 'staff-7',
      username: 'Ada L.',
      roles: ['editor'],
    })
    expect((await server.refresh(refresh_token)).status).toBe(200)
    await server.login('ada')
  })

  test('a wrong password, sign-up and a change of password are refused', async () => {
    const server = await createTestServer({ config: directory })
    const { access_token: bearer } = await server.login('ada')
    const wrong = await server.send('POST', '/login', { json: { username: 'ada', password: 'wrong' } })
    expect(wrong).toMatchObject({ status: 401, body: { code: 'credentials_invalid' } })
    const signup = await server.send('POST', '/signup', { json: { username: 'eve', password } })
    expect(signup).toMatchObject({ status: 403, body: { code: 'signup_closed' } })
    const json = { current_password: password, new_password: 'another long pass phrase' }
    expect((await server.send('POST', '/password', { bearer, json })).status).toBe(404)
  })

  test('a hook that fails is 503, never a wrong password', async () => {
    const authenticate = async (): Promise<never> => {
      throw new Error('the directory is away')
    }
    const server = await createTestServer({ config: { authenticate } })
    const reply = await server.send('POST', '/login', { json: { username: 'ada', password } })
    expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  })
})

describe('an issuer with a path', () => {
  const config = { issuer: 'https://example.test/auth' }
  const base = 'https://example.test/auth'

  test('has its endpoints below it, and its metadata where RFC 8414 §3.1 puts it', async () => {
    const server = createTokenServer({ ...config, secrets: [serverSecret], database: 'sqlite::memory:' })
    await server.ready
    const get = async (url: string) => {
      const response = await server.handle(new Request(url))
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }
    const metadata = await get('https://example.test/.well-known/oauth-authorization-server/auth')
    expect(metadata.body).toMatchObject({ issuer: base, token_endpoint: `${base}/token` })
    expect((await get(String(metadata.body['jwks_uri']))).body).toHaveProperty('keys')
    expect((await get(`${base}/healthz`)).status).toBe(200)
    // A proxy, or a framework, may have taken the path off.
    expect((await get('https://example.test/healthz')).status).toBe(200)
    expect((await get('https://example.test/authx/healthz')).status).toBe(404)
    await server.close()
  })
})

describe('the life of an embedded server', () => {
  test('waits until it is ready, and finishes what it accepted when it is closed', async () => {
    const server = createTokenServer({
      issuer: 'https://auth.example.test',
      secrets: [serverSecret],
      database: `sqlite:${join(folder, 'life.db')}`,
    })
    const body = JSON.stringify({ username: 'ada', password })
    const request = new Request('https://auth.example.test/signup', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const answer = server.handle(request)
    await server.close()
    expect((await answer).status).toBe(201)
    const late = await server.handle(new Request('https://auth.example.test/me'))
    expect(late.status).toBe(503)
  })

  test('one that cannot start answers 503 and says why in the log, once per request', async () => {
    const lines: string[] = []
    const note = (fields: object): void => void lines.push(JSON.stringify(fields))
    const server = createTokenServer({
      issuer: 'https://auth.example.test',
      secrets: [serverSecret],
      database: `sqlite:${folder}`,
      log: { info: note, warn: note, error: note },
    })
    const reply = await server.handle(new Request('https://auth.example.test/healthz'))
    expect(reply.status).toBe(503)
    expect(reply.headers.get('retry-after')).not.toBeNull()
    await expect(server.ready).rejects.toMatchObject({ code: 'database_unusable' })
    expect(lines).toEqual([expect.stringContaining('it is a folder')])
    await server.close()
  })

  test('a log-out at one process is seen by another one on the same database', async () => {
    const path = join(folder, 'two.db')
    const [one, other] = [await createTestServer({ path }), await createTestServer({ path })]
    const { access_token } = await one.signup()
    expect((await other.me(access_token)).status).toBe(200)
    expect((await one.send('POST', '/logout', { bearer: access_token })).status).toBe(204)
    await vi.waitFor(async () => expect((await other.me(access_token)).body['code']).toBe('revoked'), {
      timeout: 5000,
    })
  })

  test('what was revoked stays revoked after a restart', async () => {
    const path = join(folder, 'restart.db')
    const first = await createTestServer({ path })
    const { access_token } = await first.signup()
    await first.send('POST', '/logout', { bearer: access_token })
    await first.close()
    const second = await createTestServer({ path })
    expect((await second.me(access_token)).body['code']).toBe('revoked')
  })
})
