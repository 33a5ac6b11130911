/** The revocation feed from both ends: the server that signs it, and guards that follow it. */
import { createGuard, followRevocations } from '@tessera/guard'
import type { FollowRevocationsOptions, RevocationFollower } from '@tessera/guard'
import { createLocalJwkSet, verifyJwt } from '@tessera/jose'
import type { JwkSet } from '@tessera/jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const feedUrl = `${issuer}/revocations`

/** What a guard's `fetch` reaches: the server itself, unless something stands between. */
function fetchFrom(
  server: TestServer,
  between: (response: Response, url: string) => Response | Promise<Response> = (r) => r,
) {
  return (async (input: string | URL | Request, init: RequestInit = {}) => {
    const request = new Request(input, { ...init, signal: null })
    const { signal } = init
    const answer = server.handle(request)
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
    return between(await Promise.race([answer, aborted]), request.url)
  }) as typeof globalThis.fetch
}

function follow(server: TestServer, options: Partial<FollowRevocationsOptions> = {}): RevocationFollower {
  const follower = followRevocations({
    issuer,
    fetch: fetchFrom(server),
    now: () => server.nowMs() / 1000,
    monotonic: () => server.nowMs() / 1000,
    ...options,
  })
  onTestFinished(() => follower.close())
  return follower
}

async function readDocument(server: TestServer, query = '') {
  const response = await server.handle(new Request(`${feedUrl}${query}`))
  const jwks = (await server.send('GET', '/revocations/jwks.json')).body as unknown as JwkSet
  const token = await response.text()
  const { claims, header } = await verifyJwt(token, createLocalJwkSet(jwks), {
    issuer,
    audience: feedUrl,
    typ: 'tessera-revocations+jwt',
    now: server.nowMs() / 1000,
  })
  return { response, token, claims, header }
}

const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 500) throw new Error('expected it to become so')
    await new Promise((go) => setTimeout(go, 10))
  }
}

describe('GET /revocations', () => {
  test('is signed by a key that signs nothing else, of its own type and audience, and echoes the cursor', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    const first = await readDocument(server)
    expect(first.claims).toMatchObject({ since: null, more: false, entries: [], epoch: server.store.epoch })
    const accessKeys = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
    expect(accessKeys.keys.map(({ kid }) => kid)).not.toContain(first.header.kid)
    const next = String(first.claims['next'])
    await server.send('POST', '/logout', { bearer: access_token })
    const second = await readDocument(server, `?since=${next}`)
    expect(second.claims['since']).toBe(next)
    expect(second.claims['entries']).toEqual([{ sid: expect.any(String), exp: expect.any(Number) }])
    expect(second.response.headers.get('cache-control')).toBe('no-store, no-transform')
  })

  test('P31: holds no name and no user', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup('ada lovelace')
    const { body } = await server.me(access_token)
    await server.send('POST', '/logout', { bearer: access_token })
    const { claims } = await readDocument(server)
    expect(JSON.stringify(claims)).not.toContain(String(body['sub']))
    expect(JSON.stringify(claims)).not.toContain('ada')
  })

  test('P4: a cursor of another epoch gets all that is kept, marked as a reset', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    await server.send('POST', '/logout', { bearer: access_token })
    const { claims } = await readDocument(server, '?since=other.17')
    expect(claims).toMatchObject({ reset: true, since: 'other.17' })
    expect(claims['entries']).toHaveLength(1)
  })

  test('long lists come in pages that each fit a token', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    for (let count = 0; count < 160; count += 1) await server.login()
    await server.send('POST', '/sessions/revoke-others', { bearer: access_token })
    const first = await readDocument(server)
    expect(first.token.length).toBeLessThan(16_384)
    expect(first.claims['more']).toBe(true)
    const second = await readDocument(server, `?since=${String(first.claims['next'])}`)
    expect(second.claims['more']).toBe(false)
    const entries = [first, second].flatMap(({ claims }) => claims['entries'] as { sid: string }[])
    expect(new Set(entries.map(({ sid }) => sid)).size).toBe(160)
  })

  test('a wait ends with the first entry, and 304 comes only to whoever asks for it', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    const { claims, response } = await readDocument(server)
    const etag = response.headers.get('etag') ?? ''
    const since = String(claims['next'])
    // A transaction that ends nothing moves PostgreSQL's place on, and tells no reader anything new.
    await server.login()
    const again = await server.handle(
      new Request(`${feedUrl}?since=${since}`, { headers: { 'if-none-match': etag } }),
    )
    expect(again.status).toBe(304)
    const waited = readDocument(server, `?since=${since}&wait=20`)
    await server.send('POST', '/logout', { bearer: access_token })
    expect((await waited).claims['entries']).toHaveLength(1)
  })

  test.each(['?wait=x', '?wait=60', `?since=${'x'.repeat(200)}`])('%s is 400', async (query) => {
    const server = await createTestServer()
    expect((await server.send('GET', `/revocations${query}`)).status).toBe(400)
  })

  test('P3: what an open transaction keeps before the cursor comes once in a stream, and again with the next log-out', async () => {
    let isHeld = false
    const server = await createTestServer({
      wrapStore: (store) => ({
        ...store,
        revocations: {
          ...store.revocations,
          read: async (reading) => {
            const page = await store.revocations.read(reading)
            return isHeld && reading.after !== undefined ? { ...page, next: reading.after } : page
          },
        },
      }),
    })
    const sessions = [await server.signup(), await server.login()] as const
    const { claims } = await readDocument(server)
    isHeld = true
    const headers = { accept: 'text/event-stream' }
    const { body } = await server.handle(
      new Request(`${feedUrl}?since=${String(claims['next'])}`, { headers }),
    )
    const events = body!.getReader()
    onTestFinished(() => events.cancel())
    const entriesOfNext = async (): Promise<number> => {
      const text = new TextDecoder().decode((await events.read()).value)
      const claimsText = Buffer.from(text.split('.')[2] ?? '', 'base64url').toString()
      return (JSON.parse(claimsText) as { entries: unknown[] }).entries.length
    }
    expect(await entriesOfNext()).toBe(0)
    const logOut = (index: 0 | 1) => server.send('POST', '/logout', { bearer: sessions[index].access_token })
    await logOut(0)
    expect(await entriesOfNext()).toBe(1)
    const next = entriesOfNext()
    const quiet = new Promise((go) => setTimeout(go, 300, 'nothing'))
    expect(await Promise.race([next, quiet])).toBe('nothing')
    await logOut(1)
    expect(await next).toBe(2)
  })

  test('P31: streams are capped for one address, and a closed one gives its place back', async () => {
    const server = await createTestServer()
    const open = () =>
      server.handle(new Request(feedUrl, { headers: { accept: 'text/event-stream' } }), {
        remoteAddress: '203.0.113.9',
      })
    const streams = await Promise.all(Array.from({ length: 64 }, open))
    const refused = await open()
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).not.toBeNull()
    for (const stream of streams) await stream.body?.cancel()
    expect((await open()).status).toBe(200)
  })
})

describe('a guard that follows the feed', () => {
  const guardOf = async (server: TestServer, revocations: RevocationFollower, onStale?: 'open') => {
    const jwks = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
    return createGuard({
      issuer,
      audience: issuer,
      keys: createLocalJwkSet(jwks),
      revocations,
      ...(onStale !== undefined && { onStale }),
      now: () => server.nowMs() / 1000,
    })
  }
  const ask = (token: string) => ({ method: 'GET', url: '/', headers: { authorization: `Bearer ${token}` } })

  test('refuses a token within a moment of its log-out, and no other', async () => {
    const server = await createTestServer()
    const [one, two] = [await server.signup(), await server.login()]
    const follower = follow(server)
    await follower.ready
    const guard = await guardOf(server, follower)
    expect((await guard.authenticate(ask(one.access_token))).ok).toBe(true)
    await server.send('POST', '/logout', { bearer: one.access_token })
    await until(() => follower.status().entries > 0)
    expect(await guard.authenticate(ask(one.access_token))).toMatchObject({
      ok: false,
      status: 401,
      body: { code: 'revoked' },
    })
    expect((await guard.authenticate(ask(two.access_token))).ok).toBe(true)
  })

  test('P12: with the feed cut, answers 503 beyond its bound, or admits where it was told to', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    let isCut = false
    const fetch = fetchFrom(server, (response) => {
      if (isCut) throw new Error('no route to host')
      return response
    })
    const follower = follow(server, { fetch, transport: 'poll', boundSeconds: 15 })
    await follower.ready
    isCut = true
    const [closed, open] = [await guardOf(server, follower), await guardOf(server, follower, 'open')]
    server.wait(15)
    expect((await closed.authenticate(ask(access_token))).ok).toBe(true)
    server.wait(1)
    expect(await closed.authenticate(ask(access_token))).toMatchObject({ status: 503 })
    expect((await open.authenticate(ask(access_token))).ok).toBe(true)
    expect(follower.status()).toMatchObject({ current: false, lagSeconds: 16 })
  })

  test('P12: a guard that has not read all yet is not current', async () => {
    const server = await createTestServer()
    const { access_token } = await server.signup()
    const follower = follow(server, {
      fetch: () => new Promise(() => undefined),
    })
    const guard = await guardOf(server, follower)
    expect(await guard.authenticate(ask(access_token))).toMatchObject({ status: 503 })
    expect(follower.status()).toMatchObject({ current: false, lagSeconds: Infinity })
  })

  test('P1: with a shared secret, a feed that an API server makes with it is refused', async () => {
    const jwtSecret = 'a secret that the API servers share, and nobody else'
    const server = await createTestServer({ config: { algorithm: 'HS256', jwtSecret } })
    await server.signup()
    expect((await readDocument(server)).header.alg).toBe('ES256')
  })
})
