/** P20: tickets redeemed by a guard at the upgrade, against the real server. */
import {
  createGuard,
  createTicketGuard,
  followRevocations,
  revocationSet,
  upgradeRefusal,
} from '@tessera/guard'
import type { GuardRequest, TicketGuard, TicketGuardOptions, TicketResult } from '@tessera/guard'
import { createLocalJwkSet } from '@tessera/jose'
import type { JwkSet } from '@tessera/jose'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestServer, issuer } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'
import { registerClient } from '../register-client.ts'

const path = '/live/orders'
const page = 'https://app.example.test'

/** What the fetch of a guard reaches: the server itself, and how often tickets were redeemed there. */
function fetchOf(server: TestServer) {
  const seen = { redemptions: 0 }
  const fetch = (async (input: string, init: RequestInit = {}) => {
    if (input.endsWith('/ticket/redeem')) seen.redemptions += 1
    return server.handle(new Request(input, { ...init, signal: null }))
  }) as typeof globalThis.fetch
  return { seen, fetch }
}

async function setUp(changes: Partial<TicketGuardOptions> = {}) {
  const server = await createTestServer()
  const { clientId: id, secret } = await registerClient(server, { clientId: 'live', scope: '' })
  const { seen, fetch } = fetchOf(server)
  const revocations = revocationSet({ now: () => server.nowMs() / 1000 })
  const errors: unknown[] = []
  const options: TicketGuardOptions = {
    issuer,
    audience: issuer,
    client: { id, secret },
    origins: [page],
    revocations,
    fetch,
    onError: (error) => errors.push(error),
    now: () => server.nowMs() / 1000,
    ...changes,
  }
  const session = await server.signup()
  const ticket = async (json: object = { path }): Promise<string> => {
    const { body } = await server.send('POST', '/ticket', { bearer: session.access_token, json })
    return body['ticket'] as string
  }
  return { server, seen, options, revocations, errors, session, ticket, guard: createTicketGuard(options) }
}

const connect = (ticket: string, changes: Partial<GuardRequest> = {}): GuardRequest => ({
  method: 'GET',
  url: `${path}?ticket=${ticket}`,
  headers: { origin: page },
  ...changes,
})

const codeOf = (result: TicketResult): string => (result.ok ? 'ok' : result.body.code)

const redeem = async (guard: TicketGuard, ticket: string, changes?: Partial<GuardRequest>): Promise<string> =>
  codeOf(await guard.redeem(connect(ticket, changes)))

const ended = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason)
    signal.addEventListener('abort', () => resolve(signal.reason))
  })

describe('P20: a guard of tickets', () => {
  test('opens a connection in the name of whoever got the ticket', async () => {
    const { guard, ticket, session, server } = await setUp()
    const result = await guard.redeem(connect(await ticket()))
    if (!result.ok) throw new Error(result.body.detail)
    expect(result.connection).toMatchObject({ scopes: ['account'], signal: { aborted: false } })
    expect(result.connection.claims).toMatchObject({
      iss: issuer,
      aud: issuer,
      sid: session.session_id,
      exp: Math.floor(server.nowMs() / 1000) + 600,
    })
    expect(Object.isFrozen(result.connection.claims)).toBe(true)
    expect(guard.connections).toBe(1)
    result.connection.release()
    expect(guard.connections).toBe(0)
  })

  test('of 50 redemptions at once over three guards one opens a connection', async () => {
    const { options, ticket } = await setUp()
    const guards = [createTicketGuard(options), createTicketGuard(options), createTicketGuard(options)]
    const text = await ticket()
    const everyGuard = Array.from({ length: 17 }, () => guards)
      .flat()
      .slice(0, 50)
    const codes = await Promise.all(everyGuard.map((guard) => redeem(guard, text)))
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
    expect(codes.filter((code) => code === 'revoked')).toHaveLength(49)
    expect(guards.reduce((sum, { connections }) => sum + connections, 0)).toBe(1)
  })

  test('lets nobody in with a ticket of another path, and the ticket is used up', async () => {
    const { guard, ticket } = await setUp()
    for (const url of ['/other', `${path}/`, '/live/../live/orders', '/live/%6Frders', '/LIVE/orders']) {
      const text = await ticket()
      expect(await redeem(guard, text, { url: `${url}?ticket=${text}` })).toBe('revoked')
      expect(await redeem(guard, text)).toBe('revoked')
    }
    const text = await ticket()
    expect(await redeem(guard, text, { url: `https://api.example.test${path}?a=b&ticket=${text}` })).toBe(
      'ok',
    )
  })

  test('lets nobody in with a ticket of another audience', async () => {
    const { server, options, ticket } = await setUp()
    const other = 'https://other.example'
    const { clientId: id, secret } = await registerClient(server, {
      clientId: 'other',
      scope: '',
      audiences: [other],
    })
    const stranger = createTicketGuard({ ...options, audience: other, client: { id, secret } })
    expect(await redeem(stranger, await ticket())).toBe('revoked')
    // Registered for both, it still takes tickets for the one that it is.
    const both = await registerClient(server, { clientId: 'both', scope: '', audiences: [issuer, other] })
    const guard = createTicketGuard({
      ...options,
      audience: other,
      client: { id: both.clientId, secret: both.secret },
    })
    expect(await redeem(guard, await ticket())).toBe('unavailable')
  })

  test.each([
    ['a page that is not listed', { origin: 'https://evil.example.test' }],
    ['a longer name', { origin: `${page}.evil.test` }],
    ['another port', { origin: `${page}:8443` }],
    ['another case', { origin: page.toUpperCase() }],
    ['null', { origin: 'null' }],
    ['nobody', {}],
    [
      'two pages at once',
      [
        ['origin', page],
        ['Origin', 'https://evil.example.test'],
      ] as const,
    ],
    ['another site that leaves it out', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses the Origin of %s by 403 and keeps the ticket whole', async (_title, headers) => {
    const { guard, ticket, seen } = await setUp()
    const text = await ticket()
    const result = await guard.redeem(connect(text, { headers: headers as GuardRequest['headers'] }))
    expect(result).toMatchObject({ ok: false, status: 403, body: { code: 'origin_rejected' } })
    expect(seen.redemptions).toBe(0)
    expect(await redeem(guard, text)).toBe('ok')
  })

  test('takes a stream of events of its own origin, for which browsers send no Origin', async () => {
    const { guard, ticket } = await setUp()
    const headers = new Headers({ 'sec-fetch-site': 'same-origin', accept: 'text/event-stream' })
    expect(await redeem(guard, await ticket(), { headers })).toBe('ok')
  })

  test.each([
    ['no ticket', path, 'token_missing', 401],
    ['an empty one', `${path}?ticket=`, 'malformed', 401],
    ['an access token', `${path}?ticket=eyJhbGciOiJFUzI1NiJ9.e30.AAAA`, 'malformed', 401],
    ['a ticket cut short', `${path}?ticket=tk_AAAA.BBBB`, 'malformed', 401],
    ['something long', `${path}?ticket=tk_${'A'.repeat(100_000)}`, 'malformed', 401],
    ['two tickets', `${path}?ticket=tk_a&ticket=tk_b`, 'request_invalid', 400],
  ])('refuses %s without asking the server', async (_title, url, code, status) => {
    const { guard, seen } = await setUp()
    expect(await guard.redeem(connect('', { url }))).toMatchObject({ ok: false, status, body: { code } })
    expect(seen.redemptions).toBe(0)
  })

  test.each<readonly [string, (server: TestServer, token: string) => unknown]>([
    ['after log-out', (server, bearer) => server.send('POST', '/logout', { bearer })],
    ['after thirty seconds', (server) => server.wait(30)],
  ])('refuses it %s', async (_title, end) => {
    const { guard, ticket, server, session } = await setUp()
    const text = await ticket()
    await end(server, session.access_token)
    expect(await redeem(guard, text)).toBe('revoked')
  })

  test('a ticket is never accepted as a bearer token, by no guard', async () => {
    const { server, ticket } = await setUp()
    const jwks = (await server.send('GET', '/.well-known/jwks.json')).body as unknown as JwkSet
    const door = createGuard({ issuer, audience: issuer, keys: createLocalJwkSet(jwks) })
    const authorization = `Bearer ${await ticket()}`
    expect(await door.authenticate({ method: 'GET', url: '/', headers: { authorization } })).toMatchObject({
      status: 401,
      body: { code: 'malformed' },
    })
  })
})

describe('P20: a connection', () => {
  test('ends at the exp of the access token that the ticket was got with', async () => {
    const { guard, ticket, server } = await setUp()
    server.wait(300)
    const result = await guard.redeem(connect(await ticket()))
    if (!result.ok) throw new Error(result.body.detail)
    const { signal } = result.connection
    server.wait(299)
    await new Promise((go) => setTimeout(go, 600))
    expect(signal.aborted).toBe(false)
    server.wait(1)
    expect(await ended(signal)).toBe('expired')
    expect(guard.connections).toBe(0)
  })

  test('ends when its session does, by way of the feed, and no other', async () => {
    const server = await createTestServer()
    const { clientId: id, secret } = await registerClient(server, { clientId: 'live', scope: '' })
    const { fetch } = fetchOf(server)
    const seconds = (): number => server.nowMs() / 1000
    const revocations = followRevocations({ issuer, fetch, now: seconds, monotonic: seconds })
    onTestFinished(() => revocations.close())
    await revocations.ready
    const guard = createTicketGuard({
      issuer,
      audience: issuer,
      client: { id, secret },
      origins: [page],
      revocations,
      fetch,
      now: seconds,
    })
    const opened = await Promise.all(
      [await server.signup(), await server.login()].map(async ({ access_token }) => {
        const { body } = await server.send('POST', '/ticket', { bearer: access_token, json: { path } })
        const result = await guard.redeem(connect(body['ticket'] as string))
        if (!result.ok) throw new Error(result.body.detail)
        return { access_token, ...result.connection }
      }),
    )
    const [gone, stays] = opened
    await server.send('POST', '/logout', { bearer: gone?.access_token ?? '' })
    expect(gone && (await ended(gone.signal))).toBe('revoked')
    expect(stays?.signal.aborted).toBe(false)
    expect(guard.connections).toBe(1)
  })

  test('ends when nobody can tell whether it was revoked, or goes on where it was told to', async () => {
    const state = { isCurrent: true }
    const revocations = { isRevoked: () => false, isCurrent: () => state.isCurrent }
    const { options, ticket } = await setUp({ revocations })
    const [closed, open] = [createTicketGuard(options), createTicketGuard({ ...options, onStale: 'open' })]
    const results = [await closed.redeem(connect(await ticket())), await open.redeem(connect(await ticket()))]
    const [first, second] = results.map((result) => (result.ok ? result.connection.signal : undefined))
    state.isCurrent = false
    expect(await ended(first!)).toBe('unavailable')
    expect(second?.aborted).toBe(false)
  })
})

describe('P20: while tickets cannot be redeemed', () => {
  const faults: readonly (readonly [string, typeof globalThis.fetch])[] = [
    ['nobody answers', () => Promise.reject(new TypeError('fetch failed'))],
    ['the server answers 503', async () => new Response('', { status: 503 })],
    [
      'the client is not known any more',
      async () => Response.json({ error: 'invalid_client' }, { status: 401 }),
    ],
    [
      'a redirect leads elsewhere',
      async () => new Response(null, { status: 302, headers: { location: '/x' } }),
    ],
    ['somebody answers HTML', async () => new Response('<html>')],
    ['somebody answers null', async () => Response.json(null)],
    [
      'the answer is for another issuer',
      async () => Response.json({ active: true, iss: 'https://x', exp: 1e10, path }),
    ],
    [
      'the answer is for another path',
      async () => Response.json({ active: true, iss: issuer, aud: issuer, exp: 1e10, path: '/other' }),
    ],
    ['the answer names no end', async () => Response.json({ active: true, iss: issuer, aud: issuer, path })],
    [
      'active is no boolean',
      async () => Response.json({ active: 'true', iss: issuer, aud: issuer, exp: 1e10, path }),
    ],
  ]
  test.each(faults)('because %s: 503 with Retry-After, and no 401', async (_title, fetch) => {
    const { options, errors, ticket } = await setUp()
    const guard = createTicketGuard({ ...options, fetch })
    const text = await ticket()
    const result = await guard.redeem(connect(text))
    expect(result).toMatchObject({
      ok: false,
      status: 503,
      headers: { 'retry-after': '5' },
      body: { code: 'unavailable' },
    })
    expect(errors).toHaveLength(1)
    expect(JSON.stringify([result, String(errors[0])])).not.toContain(text)
  })

  test('a server that does not answer in time is one that is away', async () => {
    const { options, ticket } = await setUp()
    const fetch = ((_input: string, { signal }: RequestInit) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      })) as typeof globalThis.fetch
    expect(await redeem(createTicketGuard({ ...options, fetch, timeoutMs: 20 }), await ticket())).toBe(
      'unavailable',
    )
  })
})

test('a refusal of an upgrade is an answer that a bare socket can be given', async () => {
  const { guard } = await setUp()
  const result = await guard.redeem(connect('', { url: path }))
  if (result.ok) throw new Error('expected a refusal')
  const [head = '', body = ''] = upgradeRefusal(result).split('\r\n\r\n')
  expect(head.split('\r\n')[0]).toBe('HTTP/1.1 401 An access token is needed')
  expect(head).toContain('www-authenticate: Bearer')
  expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
  expect(head).toContain('connection: close')
  expect(JSON.parse(body)).toMatchObject({ code: 'token_missing' })
})

test.each<[string, object]>([
  ['an unknown name', { origin: page }],
  ['no origins', { origins: [] }],
  ['an origin with a path', { origins: [`${page}/`] }],
  ['a star', { origins: ['*'] }],
  ['a secret that is not set', { client: { id: 'live', secret: undefined } }],
  ['no client', { client: undefined }],
  ['an issuer over plain http', { issuer: 'http://auth.example' }],
  [
    'the feed of another issuer',
    { revocations: { issuer: 'https://x', isRevoked: () => false, isCurrent: () => true } },
  ],
  ['something that is no feed', { revocations: {} }],
  ['another fail mode', { onStale: 'ajar' }],
  ['no time at all', { timeoutMs: 0 }],
])('the options of a guard of tickets: %s is refused (option_invalid)', (_title, changes) => {
  const options = {
    issuer,
    audience: issuer,
    client: { id: 'live', secret: 's' },
    origins: [page],
    ...changes,
  }
  expect(() => createTicketGuard(options as unknown as TicketGuardOptions)).toThrow(
    expect.objectContaining({ code: 'option_invalid' }),
  )
})
