import { decodeUnverified } from '@tessera/jose/unverified'
import { describe, expect, test } from 'vitest'
import type { Grants, GrantsHook } from '../../src/config/server-config.ts'
import { createTestServer, password } from '../create-test-server.ts'

const claimsOf = (token: string) => decodeUnverified(token).unverified.claims

/** A server whose application grants what `granted` holds at the time. */
async function setUp(first: Grants = {}) {
  const world = { granted: first, asked: [] as Parameters<GrantsHook>[0][] }
  const server = await createTestServer({
    config: {
      grants: async (user) => {
        world.asked.push(user)
        return world.granted
      },
    },
  })
  const login = (scope?: string) =>
    server.send('POST', '/login', {
      json: { username: 'ada', password, ...(scope !== undefined && { scope }) },
    })
  return { server, world, login }
}

describe('what the application grants at log-in', () => {
  test('is in the first token, from sign-up on, and in those of a refresh', async () => {
    const { server, world, login } = await setUp({ roles: ['editor', 'editor'], scope: 'orders:read' })
    const { access_token: first } = await server.signup('ada')
    expect(claimsOf(first)).toMatchObject({ roles: ['editor'] })
    world.granted = { roles: ['chief'], scope: 'orders:read' }
    const { body } = await login('orders:read')
    expect(claimsOf(String(body['access_token']))).toMatchObject({
      roles: ['chief'],
      scope: 'account orders:read',
    })
    const next = await server.refresh(String(body['refresh_token']))
    expect(claimsOf(String(next.body['access_token']))).toMatchObject({ roles: ['chief'] })
    expect(world.asked.map(({ username, roles }) => [username, roles])).toEqual([
      ['ada', []],
      ['ada', ['editor']],
    ])
  })

  test('P11: where it is another than before, tokens that are out are refused, and their sessions go on', async () => {
    const { server, world, login } = await setUp({ roles: ['editor'] })
    const first = await server.signup('ada')
    await login()
    expect((await server.me(first.access_token)).status).toBe(200)
    world.granted = { roles: [] }
    await login()
    await server.store.sessions.find(first.session_id)
    const refreshed = await server.refresh(first.refresh_token)
    expect(refreshed.status).toBe(200)
    expect(claimsOf(String(refreshed.body['access_token']))).toMatchObject({ roles: [], sv: 2 })
    expect((await server.me(String(refreshed.body['access_token']))).status).toBe(200)
  })

  test('what is absent stays as it is, and nothing new is no change', async () => {
    const { server, world, login } = await setUp({ roles: ['editor'] })
    const { access_token: token } = await server.signup('ada')
    world.granted = {}
    const { body } = await login()
    expect(claimsOf(String(body['access_token']))).toMatchObject({ roles: ['editor'], sv: 1 })
    world.granted = { roles: ['editor'] }
    await login()
    expect((await server.me(token)).status).toBe(200)
  })

  test('P15: an application that cannot say is 503 as often as it is asked, and nobody is counted for it', async () => {
    const { server, world, login } = await setUp()
    await server.signup('ada')
    const granted = world.granted
    world.granted = { roles: [''] }
    for (let attempt = 0; attempt < 12; attempt += 1) expect((await login()).status).toBe(503)
    world.granted = granted
    expect((await login()).status).toBe(200)
  })

  test('nobody is asked about who has not proven who he is', async () => {
    const { server, world } = await setUp()
    await server.signup('ada')
    await server.send('POST', '/login', { json: { username: 'ada', password: 'not the password of ada' } })
    await server.send('POST', '/login', { json: { username: 'nobody', password } })
    expect(world.asked).toHaveLength(1)
  })

  test.each<[string, unknown]>([
    ['admin (P10)', { scope: 'orders:read admin' }],
    ['a scope that is none', { scope: 'a"b' }],
    ['a role without a name', { roles: [' '] }],
    ['roles that are no list', { roles: 'editor' }],
    ['a scope that is no text', { scope: ['orders:read'] }],
    ['nothing', undefined],
  ])('P10: cannot be %s: the log-in is answered with 503, and nothing changes', async (_kind, granted) => {
    const { server, world, login } = await setUp({ roles: ['editor'] })
    const { access_token: token } = await server.signup('ada')
    world.granted = granted as Grants
    expect((await login()).status).toBe(503)
    world.granted = {}
    expect((await server.me(token)).body).toMatchObject({ roles: ['editor'] })
  })
})

test('a directory of the application says by the same hook what its people may', async () => {
  const server = await createTestServer({
    config: {
      authenticate: async ({ username }) => ({ id: `ext-${username}`, username }),
      grants: ({ userId }) => ({ roles: [`role of ${userId}`], scope: 'orders:read' }),
    },
  })
  const reply = await server.send('POST', '/login', {
    json: { username: 'bo', password, scope: 'orders:read' },
  })
  expect(claimsOf(String(reply.body['access_token']))).toMatchObject({
    sub: 'ext-bo',
    roles: ['role of ext-bo'],
    scope: 'account orders:read',
  })
  // The second log-in writes the directory's user anew, without losing what was granted.
  const again = await server.send('POST', '/login', { json: { username: 'bo', password } })
  expect(claimsOf(String(again.body['access_token']))).toMatchObject({
    roles: ['role of ext-bo'],
    sv: 1,
  })
  expect((await server.me(String(reply.body['access_token']))).status).toBe(200)
})
