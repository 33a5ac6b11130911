import { decodeUnverified } from '@tessera/jose/unverified'
import { secret, signJwt } from '@tessera/jose'
import { describe, expect, test } from 'vitest'
import { createHasher } from '../../src/accounts/hasher.ts'
import { createUserAdministration } from '../../src/accounts/user-administration.ts'
import { cheapHash, createTestServer, issuer, password } from '../create-test-server.ts'
import type { Reply, TestServer } from '../create-test-server.ts'
import { basic } from '../register-client.ts'
import type { TokenSet } from '../../src/tokens/token-set.ts'

const resource = `${issuer}/admin`

/** An account as `tessera users add --scope admin` makes it. */
async function addAdmin(server: TestServer): Promise<void> {
  const { store, nowMs } = server
  const hasher = createHasher({ parameters: cheapHash })
  const users = createUserAdministration({ store, hasher, keepSeconds: 660, nowMs })
  expect((await users.add({ username: 'root', password, scope: 'admin' })).status).toBe('added')
}

async function logIn(server: TestServer, scope?: string): Promise<TokenSet> {
  const json = { username: 'root', password, ...(scope !== undefined && { scope }) }
  const { status, body } = await server.send('POST', '/login', { json })
  expect(status).toBe(200)
  return body as unknown as TokenSet
}

function adminToken(server: TestServer, refresh_token: string, more: object = {}): Promise<Reply> {
  const form = { grant_type: 'refresh_token', refresh_token, resource, scope: 'admin', ...more }
  return server.send('POST', '/token', { form })
}

async function setUp(config = {}) {
  const server = await createTestServer({ config })
  await addAdmin(server)
  const session = await logIn(server, 'admin')
  const reply = await adminToken(server, session.refresh_token)
  expect(reply.status).toBe(200)
  const bearer = reply.body['access_token'] as string
  const send = (method: string, path: string, json?: unknown) =>
    server.send(method, `/admin${path}`, { bearer, ...(json !== undefined && { json }) })
  return { server, session, reply, bearer, send }
}

/** Every route of the administration. */
const routes: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/users'],
  ['POST', '/users'],
  ['GET', '/users/x'],
  ['DELETE', '/users/x'],
  ['POST', '/users/x/disable'],
  ['POST', '/users/x/enable'],
  ['POST', '/users/x/roles'],
  ['GET', '/users/x/sessions'],
  ['DELETE', '/users/x/sessions'],
  ['GET', '/sessions'],
  ['DELETE', '/sessions/x'],
  ['GET', '/clients'],
  ['POST', '/clients'],
  ['DELETE', '/clients/x'],
  ['POST', '/clients/x/rotate-secret'],
  ['GET', '/keys'],
  ['POST', '/keys/rotate'],
  ['DELETE', '/keys/x'],
  ['GET', '/audit'],
]

describe('P10: a token for the administration', () => {
  test('has one audience and one scope, and lives five minutes at most', async () => {
    const { reply } = await setUp()
    const { claims } = decodeUnverified(reply.body['access_token'] as string).unverified
    expect(claims).toMatchObject({ aud: resource, scope: 'admin' })
    expect(reply.body).toMatchObject({ expires_in: 300, scope: 'admin' })
  })

  test('is had at once by a log-in that asks for it by resource and scope, and goes on with refreshes', async () => {
    const server = await createTestServer()
    await addAdmin(server)
    await server.signup('ada')
    const logInTo = (username: string, scope?: string) =>
      server.send('POST', '/login', {
        json: { username, password, resource, ...(scope !== undefined && { scope }) },
      })
    const { status, body } = await logInTo('root', 'admin')
    expect([status, body['expires_in'], body['scope']]).toEqual([200, 300, 'admin'])
    expect(decodeUnverified(String(body['access_token'])).unverified.claims).toMatchObject({ aud: resource })
    const asked = { bearer: String(body['access_token']) }
    expect((await server.send('GET', '/admin/users', asked)).status).toBe(200)
    expect((await server.send('GET', '/me', asked)).status).toBe(401)
    expect((await adminToken(server, String(body['refresh_token']))).status).toBe(200)
    for (const scope of [undefined, 'account', 'account admin']) {
      expect(await logInTo('root', scope)).toMatchObject({ status: 400, body: { code: 'body_invalid' } })
    }
    expect(await logInTo('ada', 'admin')).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
  })

  test('is no default: the ordinary tokens of that session have neither audience nor scope', async () => {
    const { server, session, reply } = await setUp()
    expect(session.scope).toBe('account')
    const next = await server.refresh(reply.body['refresh_token'] as string)
    expect(next.body['scope']).toBe('account')
    expect(decodeUnverified(next.body['access_token'] as string).unverified.claims).toMatchObject({
      aud: issuer,
    })
  })

  test.each(routes)("an administrator's ordinary token is 403 at %s /admin%s", async (method, path) => {
    const { server, session } = await setUp()
    const reply = await server.send(method, `/admin${path}`, { bearer: session.access_token })
    expect([reply.status, reply.body['code']]).toEqual([403, 'insufficient_scope'])
    expect(reply.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="admin"')
    expect((await server.send(method, `/admin${path}`)).status).toBe(401)
  })

  test('opens nothing else', async () => {
    const { server, bearer } = await setUp()
    for (const path of ['/me', '/sessions'])
      expect((await server.send('GET', path, { bearer })).status).toBe(401)
  })

  test('is for sessions that asked for it at login, of accounts that may', async () => {
    const server = await createTestServer()
    await addAdmin(server)
    const ordinary = await logIn(server)
    expect(await adminToken(server, ordinary.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    })
    expect((await server.refresh(ordinary.refresh_token)).status).toBe(200)
    await server.signup('ada')
    const reply = await server.send('POST', '/login', { json: { username: 'ada', password, scope: 'admin' } })
    expect(reply).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } })
  })

  test.each([
    ['without the resource', { resource: '' }, 'invalid_scope'],
    ['without the scope', { scope: '' }, 'invalid_scope'],
    ['with a wider scope', { scope: 'account admin' }, 'invalid_scope'],
    ['for another resource', { resource: 'https://other.example' }, 'invalid_target'],
  ])('is not given %s, and the session goes on', async (_, more, error) => {
    const server = await createTestServer()
    await addAdmin(server)
    const { refresh_token } = await logIn(server, 'admin')
    expect(await adminToken(server, refresh_token, more)).toMatchObject({ status: 400, body: { error } })
    expect((await adminToken(server, refresh_token)).status).toBe(200)
  })

  test('needs a log-in of the last fifteen minutes, and ends with them', async () => {
    const { server, reply, send } = await setUp()
    server.wait(890)
    const late = await adminToken(server, reply.body['refresh_token'] as string)
    expect(late.status).toBe(200)
    server.wait(20)
    const bearer = late.body['access_token'] as string
    expect((await server.send('GET', '/admin/keys', { bearer })).status).toBe(403)
    expect((await send('GET', '/keys')).status).toBe(401)
    const stale = await adminToken(server, late.body['refresh_token'] as string)
    expect(stale).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    expect((await server.refresh(late.body['refresh_token'] as string)).status).toBe(200)
  })

  test('P1: of another holder of the shared secret it is refused', async () => {
    const jwtSecret = 'a secret that the API servers share, and nobody else'
    const { server, bearer, send } = await setUp({ algorithm: 'HS256', jwtSecret })
    expect((await send('GET', '/keys')).status).toBe(200)
    const { claims } = decodeUnverified(bearer).unverified
    const forged = await signJwt({ ...claims, jti: 'another' }, secret('HS256', jwtSecret), { typ: 'at+jwt' })
    expect((await server.send('GET', '/admin/keys', { bearer: forged })).status).toBe(401)
  })

  test('ends with the session, as every token does', async () => {
    const { server, session, send } = await setUp()
    await server.send('POST', '/logout', { bearer: session.access_token })
    expect((await send('GET', '/keys')).status).toBe(401)
  })
})

describe('the administration', () => {
  test('shows accounts page by page, without hashes; adds and disables them', async () => {
    const { server, send } = await setUp()
    for (const username of ['ada', 'bo']) {
      expect((await send('POST', '/users', { username, password, roles: ['editor'] })).status).toBe(201)
    }
    const first = await send('GET', '/users?limit=2')
    expect(first.body).toMatchObject({
      users: [{ username: 'ada', roles: ['editor'] }, { username: 'bo' }],
      next: 'bo',
    })
    const second = await send('GET', '/users?limit=2&after=bo')
    expect(second.body).toMatchObject({ users: [{ username: 'root', scope: 'account admin' }] })
    expect(second.body).not.toHaveProperty('next')
    expect(JSON.stringify([first.body, second.body])).not.toContain('argon2')

    const { access_token } = await server.login('ada')
    const [{ id }] = first.body['users'] as [{ id: string }]
    expect((await send('GET', `/users/${id}`)).body).toMatchObject({ id, username: 'ada' })
    expect((await send('GET', `/users/${id}/sessions`)).body['sessions']).toHaveLength(1)
    expect((await send('POST', `/users/${id}/disable`)).status).toBe(204)
    expect((await server.me(access_token)).status).toBe(401)
    expect((await send('POST', `/users/${id}/disable`)).status).toBe(404)
  })

  test('finds accounts by a part of the name, whatever its case', async () => {
    const { send } = await setUp()
    for (const username of ['Ada', 'adam', 'bo']) await send('POST', '/users', { username, password })
    const first = await send('GET', '/users?search=ADA&limit=1')
    expect(first.body).toMatchObject({ users: [{ username: 'Ada' }], next: 'ada' })
    const second = await send('GET', '/users?search=ADA&limit=1&after=ada')
    expect(second.body).toMatchObject({ users: [{ username: 'adam' }] })
    expect((await send('GET', '/users?search=nobody')).body['users']).toEqual([])
    expect((await send('GET', '/users?search=%00')).status).toBe(400)
  })

  test('ends every session of an account, and deletes it; its tokens are refused', async () => {
    const { server, send } = await setUp()
    const { access_token } = await server.signup('ada')
    const { body } = await send('GET', '/users?search=ada')
    const [{ id }] = body['users'] as [{ id: string }]
    expect((await send('DELETE', `/users/${id}/sessions`)).status).toBe(204)
    expect(await server.me(access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
    expect((await send('GET', `/users/${id}/sessions`)).body['sessions']).toEqual([])

    const again = await server.login('ada')
    expect((await send('DELETE', `/users/${id}`)).status).toBe(204)
    expect(await server.me(again.access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
    for (const path of [`/users/${id}`, `/users/${id}/sessions`]) {
      expect((await send('DELETE', path)).status).toBe(404)
    }
  })

  test('makes nobody an administrator', async () => {
    const { send } = await setUp()
    const { body } = await send('POST', '/users', { username: 'eve', password, scope: 'admin' })
    expect(body['scope']).toBe('account')
  })

  test('ends any session', async () => {
    const { server, send } = await setUp()
    const { session_id, access_token } = await server.signup('ada')
    expect((await send('DELETE', `/sessions/${session_id}`)).status).toBe(204)
    expect(await server.me(access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
    expect((await send('DELETE', `/sessions/${session_id}`)).status).toBe(404)
    expect((await server.rowOf(session_id)).endReason).toBe('ended_by_admin')
  })

  test('lists the sessions of everybody page by page, newest first, without what proves them', async () => {
    const { server, session, send } = await setUp()
    const sids = [session.session_id]
    for (const name of ['ada', 'bob', 'eve']) {
      server.wait(1)
      sids.unshift((await server.signup(name)).session_id)
    }
    const seen: Record<string, unknown>[] = []
    let path = '/sessions?limit=3'
    for (let pages = 1; path !== ''; pages += 1) {
      const { status, body } = await send('GET', path)
      expect([status, pages <= 2]).toEqual([200, true])
      seen.push(...(body['sessions'] as Record<string, unknown>[]))
      const next = body['next'] as string | undefined
      path = next === undefined ? '' : `/sessions?limit=3&after=${next}`
    }
    expect(seen.map(({ session_id }) => session_id)).toEqual(sids)
    expect(seen.map(({ username }) => username)).toEqual(['eve', 'bob', 'ada', 'root'])
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual([
      'address_prefix',
      'created_at',
      'label',
      'last_used_at',
      'scope',
      'session_id',
      'transport',
      'user_id',
      'username',
    ])
    await send('DELETE', `/sessions/${sids[1] ?? ''}`)
    expect((await send('GET', '/sessions')).body['sessions']).toHaveLength(3)
  })

  test('registers clients, tells the secret once, and revokes them, with any id', async () => {
    const { server, send } = await setUp()
    const client_id = 'https://api.example/v1'
    const added = await send('POST', '/clients', { client_id, scope: 'orders:read' })
    expect(added).toMatchObject({
      status: 201,
      body: { client_id, client_secret: expect.stringMatching(/^cs_/) },
    })
    const grant = () =>
      server.send('POST', '/token', {
        headers: basic(client_id, added.body['client_secret'] as string),
        form: { grant_type: 'client_credentials' },
      })
    expect((await grant()).status).toBe(200)
    expect((await send('GET', '/clients')).body).toMatchObject({ clients: [{ client_id, revoked_at: null }] })
    expect((await send('DELETE', `/clients/${encodeURIComponent(client_id)}`)).status).toBe(204)
    expect((await grant()).status).toBe(401)
    expect((await send('POST', '/clients', { client_id: 'x', scope: 'admin' })).status).toBe(400)
    expect(
      (await send('POST', '/clients', { client_id: 'x', jwks: { keys: [{ kty: 'nonsense' }] } })).status,
    ).toBe(400)
  })

  test('shows the signing keys, nothing secret of them, and calls one back', async () => {
    const { send } = await setUp()
    const { keys } = (await send('GET', '/keys')).body as {
      keys: { kid: string; state: string; purpose: string }[]
    }
    expect(keys).toHaveLength(4)
    expect(JSON.stringify(keys)).not.toMatch(/sealed|"d"/)
    expect((await send('POST', '/keys/rotate')).status).toBe(409)
    const next = keys.find(({ state, purpose }) => state === 'next' && purpose === 'access')
    expect((await send('DELETE', `/keys/${next?.kid}`)).status).toBe(204)
    expect((await send('DELETE', `/keys/${next?.kid}`)).status).toBe(404)
  })

  test('P18: a key that is called back is refused when that is answered, and the next one signs', async () => {
    const { server, reply, send } = await setUp()
    const { access_token } = await server.signup('ada')
    const { keys } = (await send('GET', '/keys')).body as {
      keys: { kid: string; state: string; purpose: string }[]
    }
    const active = keys.find(({ state, purpose }) => state === 'active' && purpose === 'access')
    expect((await send('DELETE', `/keys/${active?.kid}`)).status).toBe(204)
    expect((await server.me(access_token)).status).toBe(401)
    const next = await adminToken(server, reply.body['refresh_token'] as string)
    const bearer = next.body['access_token'] as string
    expect((await server.send('GET', '/admin/keys', { bearer })).status).toBe(200)
  })

  test('shows the audit trail, newest first, with what administrators did', async () => {
    const { send } = await setUp()
    await send('POST', '/users', { username: 'ada', password })
    const first = await send('GET', '/audit?limit=2')
    expect(first.body).toMatchObject({
      events: [{ event: 'user.created' }, { event: 'admin.action', detail: { action: 'user.add' } }],
      next: expect.stringMatching(/^\d+$/),
    })
    const second = await send('GET', `/audit?limit=2&after=${first.body['next'] as string}`)
    const events = second.body['events'] as { id: number; event: string }[]
    expect(events.map(({ event }) => event)).toContain('session.begun')
    expect(JSON.stringify([first.body, second.body])).not.toContain(password)
  })

  test('keeps no token in the audit trail that somebody took for an id', async () => {
    const { session, bearer, send } = await setUp()
    for (const token of [session.refresh_token, session.access_token, bearer]) {
      expect((await send('DELETE', `/sessions/${token}`)).status).toBe(404)
    }
    const { body } = await send('GET', '/audit')
    expect(body['events']).toContainEqual(
      expect.objectContaining({ detail: { action: 'session.end', id: '*' } }),
    )
    for (const token of [session.refresh_token, session.access_token, bearer]) {
      expect(JSON.stringify(body)).not.toContain(token)
    }
  })

  test('/metrics may be read from another machine with its token', async () => {
    const { server, session, bearer } = await setUp()
    const read = (token: string) =>
      server.handle(new Request(`${issuer}/metrics`, { headers: { authorization: `Bearer ${token}` } }))
    expect((await read(bearer)).status).toBe(200)
    expect((await read(session.access_token)).status).toBe(403)
  })

  test.each(['?limit=0', '?limit=501', '?limit=x', '?limit=2&after=x'])(
    'a bad page is 400: /audit%s, /sessions%s',
    async (query) => {
      const { send } = await setUp()
      for (const path of ['/audit', '/sessions']) {
        const { status, body } = await send('GET', `${path}${query}`)
        expect([path, status, body['code']]).toEqual([path, 400, 'request_invalid'])
      }
    },
  )

  test.each([
    ['POST', '/users', {}],
    ['POST', '/users', { username: 'ada', password: 'short' }],
    ['POST', '/clients', { client_id: 5 }],
  ])('bad input is 400: %s %s', async (method, path, json) => {
    const { send } = await setUp()
    expect(await send(method, path, json)).toMatchObject({ status: 400, body: { code: 'body_invalid' } })
  })
})

describe('P11: a change of roles', () => {
  const rolesOf = (token: string): unknown => decodeUnverified(token).unverified.claims['roles']

  async function setUpOwner() {
    const { server, send } = await setUp()
    const tokens = await server.signup('ada')
    const { users } = (await send('GET', '/users?search=ada')).body as { users: { id: string }[] }
    return { server, send, tokens, id: users[0]?.id ?? '' }
  }

  test('refuses the tokens with the old ones at once; a refresh gets the new ones', async () => {
    const { server, send, tokens, id } = await setUpOwner()
    const changed = await send('POST', `/users/${id}/roles`, { roles: ['editor', 'editor'] })
    expect(changed).toMatchObject({ status: 200, body: { roles: ['editor'] } })
    expect(await server.me(tokens.access_token)).toMatchObject({ status: 401, body: { code: 'revoked' } })
    const { body } = await server.refresh(tokens.refresh_token)
    expect(rolesOf(String(body['access_token']))).toEqual(['editor'])
    expect(await server.me(String(body['access_token']))).toMatchObject({
      status: 200,
      body: { roles: ['editor'] },
    })
  })

  test('is told by the feed as the session and its version, and by the trail with who did it', async () => {
    const { server, send, tokens, id } = await setUpOwner()
    await send('POST', `/users/${id}/roles`, { roles: ['editor'] })
    const page = await server.store.revocations.read({ now: 0, limit: 100 })
    expect(page.entries).toMatchObject([
      { kind: 'session_version', sid: tokens.session_id, sessionVersion: 2 },
    ])
    const { events } = (await send('GET', `/audit?user_id=${id}`)).body as { events: { event: string }[] }
    expect(events.map(({ event }) => event)).toContain('user.claims_changed')
  })

  test('to what they are already changes nothing, and one of nobody is 404', async () => {
    const { server, send, tokens, id } = await setUpOwner()
    expect((await send('POST', `/users/${id}/roles`, { roles: [] })).status).toBe(200)
    expect((await server.me(tokens.access_token)).status).toBe(200)
    expect((await send('POST', '/users/nobody/roles', { roles: [] })).status).toBe(404)
    expect((await send('POST', `/users/${id}/roles`, { roles: [''] })).status).toBe(400)
  })

  test('then a refresh in the same second: old refused, new accepted, whatever the clock does by two seconds', async () => {
    const { server } = await setUp()
    const { store, nowMs } = server
    const hasher = createHasher({ parameters: cheapHash })
    const users = createUserAdministration({ store, hasher, keepSeconds: 660, nowMs })
    // Another process makes the change, and this one looks twice a second: twenty accounts are told in one look.
    const owners = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const tokens = await server.signup(`owner${index}`)
        return { tokens, id: (await users.findByName(`owner${index}`))?.id ?? '' }
      }),
    )
    const change = async (owner: (typeof owners)[number], role: string): Promise<void> => {
      const { tokens, id } = owner
      expect((await users.changeClaims(id, { roles: [role] })).status).toBe('changed')
      const { body } = await server.refresh(tokens.refresh_token)
      owner.tokens = body as unknown as TokenSet
      await expect
        .poll(async () => (await server.me(tokens.access_token)).status, { interval: 20, timeout: 10_000 })
        .toBe(401)
      expect((await server.me(owner.tokens.access_token)).body['roles']).toEqual([role])
    }
    for (const step of [-2, -1, 0, 1, 2]) {
      server.setClock(step)
      await Promise.all(owners.map((owner) => change(owner, `role ${step}`)))
      server.setClock(-step)
    }
  })

  test('that races a log-in is in the tokens of that log-in', async () => {
    const { server, id } = await setUpOwner()
    const { store, nowMs } = server
    const hasher = createHasher({ parameters: cheapHash })
    const users = createUserAdministration({ store, hasher, keepSeconds: 660, nowMs })
    const both = await Promise.all([server.login('ada'), users.changeClaims(id, { roles: ['editor'] })])
    const sid = both[0].session_id
    const { sessionVersion } = await server.rowOf(sid)
    const { claims } = decodeUnverified(both[0].access_token).unverified
    // Begun before the change, and refused by it; or begun after it.
    expect([
      JSON.stringify([1, []]),
      JSON.stringify([1, ['editor']]),
      JSON.stringify([2, ['editor']]),
    ]).toContain(JSON.stringify([claims['sv'], claims['roles']]))
    if ((claims['roles'] as string[]).length === 0) expect(sessionVersion).toBe(2)
  })

  test('of scopes takes those that are gone out of the sessions, and no token of them opens the administration', async () => {
    const { server, session, send } = await setUp()
    const { store, nowMs } = server
    const hasher = createHasher({ parameters: cheapHash })
    const users = createUserAdministration({ store, hasher, keepSeconds: 660, nowMs })
    const root = await users.findByName('root')
    await users.changeClaims(root?.id ?? '', { scope: '' })
    expect((await server.rowOf(session.session_id)).scope).toBe('account')
    await expect.poll(async () => (await send('GET', '/keys')).status).toBe(401)
    const retry = await server.send('POST', '/login', {
      json: { username: 'root', password, scope: 'admin' },
    })
    expect(retry).toMatchObject({ status: 403 })
  })
})

describe('an account that is enabled again', () => {
  test('signs in, with sessions of its own; the old ones stay ended', async () => {
    const { server, send } = await setUp()
    const tokens = await server.signup('ada')
    const page = (await send('GET', '/users?search=ada')).body as { users: { id: string }[] }
    const id = page.users[0]?.id ?? ''
    expect((await send('POST', `/users/${id}/enable`)).status).toBe(404)
    expect((await send('POST', `/users/${id}/disable`)).status).toBe(204)
    expect((await server.send('POST', '/login', { json: { username: 'ada', password } })).status).toBe(401)
    expect((await send('POST', `/users/${id}/enable`)).status).toBe(204)
    expect((await server.login('ada')).access_token).toBeDefined()
    expect((await server.refresh(tokens.refresh_token)).status).toBe(400)
  })
})

describe("a client's secret", () => {
  const grant = (server: TestServer, secretText: string): Promise<Reply> =>
    server.send('POST', '/token', {
      form: { grant_type: 'client_credentials' },
      headers: basic('billing', secretText),
    })

  test('is rotated: the new one is told once, the old one is good no more', async () => {
    const { server, send } = await setUp()
    const { client_secret: old } = (await send('POST', '/clients', { client_id: 'billing' })).body
    const rotated = await send('POST', '/clients/billing/rotate-secret')
    expect(rotated.status).toBe(200)
    const { client_secret: next } = rotated.body
    expect(next).toMatch(/^cs_/)
    expect(next).not.toBe(old)
    expect((await grant(server, String(old))).status).toBe(401)
    expect((await grant(server, String(next))).status).toBe(200)
    const { events } = (await send('GET', '/audit')).body as { events: { event: string }[] }
    expect(events.map(({ event }) => event)).toContain('client.secret_rotated')
  })

  test('of nobody, and of a client that was revoked, is 404', async () => {
    const { send } = await setUp()
    await send('POST', '/clients', { client_id: 'billing' })
    await send('DELETE', '/clients/billing')
    expect((await send('POST', '/clients/billing/rotate-secret')).status).toBe(404)
    expect((await send('POST', '/clients/nobody/rotate-secret')).status).toBe(404)
  })
})
