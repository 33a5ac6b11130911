import { createClient, memoryStorage, type TokenStorage } from '@tessera/client'
import { describe, expect, test } from 'vitest'
import { asyncStorage } from './fake-browser.ts'
import { settle } from './fake-clock.ts'
import { issuerUrl, problem } from './fake-issuer.ts'
import { ada, createFixture, createSignedIn, errorOf } from './fixture.ts'

describe('log-in', () => {
  test('sends user name and password as JSON to the issuer and opens a session', async () => {
    const { client, issuer } = createFixture()
    expect(client.session.state).toEqual({ status: 'signed-out' })
    const state = await client.login(ada)
    expect(state).toEqual({ status: 'signed-in', sessionId: 's1', scope: 'account', accessToken: 'at.1' })
    expect(client.session.state).toBe(state)
    expect(issuer.to('/login')).toMatchObject([
      { method: 'POST', body: JSON.stringify(ada), authorization: null },
    ])
  })

  test('signs up at the issuer and opens a session', async () => {
    const { client, issuer } = createFixture()
    await client.signup(ada)
    expect(client.session.status).toBe('signed-in')
    expect(issuer.to('/signup')).toHaveLength(1)
  })

  test('RFC 8707: asks for the API and the scopes of its options, at log-in and at each refresh', async () => {
    const resource = 'https://orders.example'
    const { client, issuer } = await createSignedIn({ resource, scope: 'account orders:read' })
    expect(issuer.to('/login').map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { ...ada, resource, scope: 'account orders:read' },
    ])
    await client.refresh()
    await client.refresh()
    const forms = issuer.to('/token').map(({ body }) => Object.fromEntries(new URLSearchParams(body)))
    expect(forms).toEqual(
      ['rt.0', 'rt.1'].map((refresh_token) => ({
        grant_type: 'refresh_token',
        refresh_token,
        resource,
        scope: 'account orders:read',
      })),
    )
    await client.signup(ada)
    expect(JSON.parse(issuer.to('/signup')[0]?.body ?? '')).toEqual({ ...ada, resource })
  })

  test('without them asks for nothing by name', async () => {
    const { client, issuer } = await createSignedIn()
    await client.refresh()
    expect([...new URLSearchParams(issuer.to('/token')[0]?.body).keys()]).toEqual([
      'grant_type',
      'refresh_token',
    ])
  })

  test('tells the code of the server and what to do next', async () => {
    const { client } = createFixture()
    const error = await errorOf(client.login({ username: 'ada', password: 'wrong' }))
    expect(error).toMatchObject({ name: 'ClientError', code: 'credentials_invalid', status: 401 })
    expect(error).toMatchObject({ detail: 'Told: credentials_invalid.' })
    expect(String(error)).toContain('Told: credentials_invalid. Check the user name and the password')
    expect(client.session.status).toBe('signed-out')
  })

  test('is unavailable when the server is out of reach, and keeps the cause', async () => {
    const { client, issuer } = createFixture()
    issuer.fail('/login', 'unreachable')
    const error = await errorOf(client.login(ada))
    expect(error).toMatchObject({ code: 'unavailable', cause: expect.any(TypeError) })
    expect(error).not.toHaveProperty('status')
  })

  test('tells how long to wait when throttled', async () => {
    const { client, issuer } = createFixture()
    issuer.fail('/login', () => problem(429, 'throttled', undefined, { 'retry-after': '30' }))
    const error = await errorOf(client.login(ada))
    expect(error).toMatchObject({ code: 'throttled', status: 429, retryAfterSeconds: 30 })
    expect(String(error)).toContain('Try again in 30 s.')
  })

  test.each([
    ['a page of somebody else', () => new Response('<h1>Welcome</h1>', { status: 200 })],
    ['no refresh token', () => Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 5 })],
    ['a token that cannot stand in a header', () => tokens({ access_token: 'a\r\nx: y' })],
    ['another token type', () => tokens({ token_type: 'mac' })],
    ['a life that is no number', () => tokens({ expires_in: '600' })],
    ['a life of zero', () => tokens({ expires_in: 0 })],
    ['a redirect', () => new Response(null, { status: 307, headers: { location: 'https://evil.example/' } })],
  ])('opens no session on %s', async (_, answer) => {
    const { client, issuer } = createFixture()
    issuer.fail('/login', answer)
    expect(await errorOf(client.login(ada))).toMatchObject({ code: 'unavailable' })
    expect(client.session.status).toBe('signed-out')
    expect(issuer.seen).toHaveLength(1)
  })

  test('refuses lost and misspelt credentials before anything is sent', async () => {
    const { client, issuer } = createFixture()
    const bad = [
      [{ username: 'ada' }, 'password'],
      [{ ...ada, pasword: 'x' }, 'did you mean "password"?'],
      [{ ...ada, password: undefined }, 'undefined'],
      [{ ...ada, username: '' }, 'username'],
    ] as const
    for (const [credentials, words] of bad) {
      const error = await errorOf(client.login(credentials as never))
      expect(error).toMatchObject({ code: 'option_invalid', message: expect.stringContaining(words) })
    }
    expect(issuer.seen).toHaveLength(0)
  })

  test('opens no session that could not be stored', async () => {
    const storage = { ...memoryStorage(), write: () => Promise.reject(new Error('quota')) }
    const { client } = createFixture({ storage })
    expect(await errorOf(client.login(ada))).toMatchObject({ code: 'unavailable' })
    expect(client.session.status).toBe('signed-out')
  })
})

describe('log-out', () => {
  test('ends the session at the server and here', async () => {
    const { client, issuer, stored } = await createSignedIn()
    expect(await client.logout()).toEqual({ revoked: true })
    expect(issuer.to('/logout')).toMatchObject([{ body: '{"refresh_token":"rt.0"}' }])
    expect(client.session.state).toEqual({ status: 'signed-out' })
    expect(await stored()).toBeNull()
    await client.fetch(`${issuerUrl}/me`)
    expect(issuer.to('/me')).toMatchObject([{ authorization: null }])
  })

  test('is signed out at once, before the server has answered', async () => {
    const { client, issuer } = await createSignedIn()
    const release = issuer.hold('/logout')
    const done = client.logout()
    await settle()
    expect(client.session.status).toBe('signed-out')
    release()
    await done
  })

  test('clears the session here although the server is out of reach, and says that it was not revoked', async () => {
    const { client, issuer, stored } = await createSignedIn()
    issuer.fail('/logout', 'unreachable')
    expect(await client.logout()).toEqual({ revoked: false })
    expect(client.session.status).toBe('signed-out')
    expect(await stored()).toBeNull()
  })

  test('asks nobody when nobody is signed in', async () => {
    const { client, issuer } = createFixture()
    await client.logout()
    expect(issuer.seen).toHaveLength(0)
  })

  test('is not undone by the late reply of a refresh', async () => {
    const { client, issuer, stored } = await createSignedIn()
    const release = issuer.hold('/token')
    const refresh = errorOf(client.refresh())
    await settle()
    expect(issuer.to('/token')).toHaveLength(1)
    const logout = client.logout()
    await settle()
    release()
    await logout
    expect(await refresh).toMatchObject({ code: 'token_missing' })
    expect(client.session.state).toEqual({ status: 'signed-out' })
    expect(await stored()).toBeNull()
  })

  test('leaves alone the session that another log-in opens while the old refresh is under way', async () => {
    const { client, issuer, stored } = await createSignedIn()
    const release = issuer.hold('/token')
    const refresh = errorOf(client.refresh())
    await settle()
    const logout = client.logout()
    const login = client.login(ada)
    await settle()
    release()
    await Promise.all([logout, login, refresh])
    expect(client.session.status).toBe('signed-in')
    expect(await stored()).toMatchObject({ accessToken: 'at.3' })
  })
})

/** An asynchronous storage whose reads wait once `holdReads` was called. */
function createSlowStorage(): { storage: TokenStorage; holdReads(): () => void } {
  const storage = asyncStorage()
  let held: Promise<void> = Promise.resolve()
  return {
    storage: { ...storage, read: () => held.then(() => storage.read()) },
    holdReads() {
      let open = (): void => {}
      held = new Promise((resolve) => (open = resolve))
      return open
    },
  }
}

describe('with a slow storage, a log-out', () => {
  test('is not undone by a reply that is just being written', async () => {
    const { storage, holdReads } = createSlowStorage()
    const { client, issuer, stored } = await createSignedIn({ storage })
    const release = issuer.hold('/token')
    const refresh = errorOf(client.refresh())
    await settle()
    const passReads = holdReads()
    release()
    await settle()
    const logout = client.logout()
    await settle()
    passReads()
    await Promise.all([refresh, logout])
    expect(client.session.status).toBe('signed-out')
    expect(await stored()).toBeNull()
  })

  test('is not undone by a read under way that finds what another page wrote', async () => {
    const { storage, holdReads } = createSlowStorage()
    let tell = (): void => {}
    const { client, stored } = await createSignedIn({
      storage: { ...storage, subscribe: (changed) => void (tell = changed) },
    })
    await storage.write(JSON.stringify({ ...(await stored()), accessToken: 'at.other' }))
    const passReads = holdReads()
    tell()
    await settle()
    const logout = client.logout()
    await settle()
    passReads()
    await logout
    expect(client.session.status).toBe('signed-out')
    expect(await stored()).toBeNull()
  })
})

test('a log-out leaves the next session alone even when the issuer does not number sessions', async () => {
  const { client, issuer, stored } = createFixture()
  issuer.fail('/login', () => tokens({ refresh_token: 'r1', session_id: '' }))
  issuer.fail('/login', () => tokens({ refresh_token: 'r2', session_id: '' }))
  await client.login(ada)
  await Promise.all([client.logout(), client.login(ada)])
  expect(client.session.status).toBe('signed-in')
  expect(await stored()).not.toBeNull()
})

describe('the session', () => {
  test('tells its listeners each change until they leave', async () => {
    const { client } = createFixture()
    const told: string[] = []
    const leave = client.session.subscribe((state) => told.push(JSON.stringify(state)))
    await client.login(ada)
    await client.refresh()
    await client.logout()
    leave()
    await client.login(ada)
    expect(told.map((text) => JSON.parse(text) as object)).toMatchObject([
      { status: 'signed-in', accessToken: 'at.1' },
      { status: 'signed-in', accessToken: 'at.2' },
      { status: 'signed-out' },
    ])
  })

  test('never shows the refresh token', async () => {
    const { client } = await createSignedIn()
    expect(JSON.stringify(client.session.state)).not.toContain('rt.')
  })

  test('is read from a synchronous storage before createClient returns', async () => {
    const { storage, issuer, clock } = await createSignedIn()
    const later = createClient({ issuer: issuerUrl, storage, fetch: issuer.fetch, clock })
    expect(later.session.state).toMatchObject({ status: 'signed-in', accessToken: 'at.1' })
  })

  test('is ready once an asynchronous storage has been read', async () => {
    const { storage, issuer, clock } = await createSignedIn({ storage: asyncStorage() })
    const later = createClient({ issuer: issuerUrl, storage, fetch: issuer.fetch, clock })
    expect(await later.session.ready()).toMatchObject({ status: 'signed-in', accessToken: 'at.1' })
    const third = createClient({ issuer: issuerUrl, storage, fetch: issuer.fetch, clock })
    await third.fetch(`${issuerUrl}/me`)
    expect(issuer.to('/me')).toMatchObject([{ authorization: 'Bearer at.1' }])
  })

  test.each(['', 'null', '{', '[]', '{"version":1}', '{"version":2,"accessToken":"x"}', '"text"'])(
    'begins signed out when the storage holds %j',
    async (text) => {
      const storage = memoryStorage()
      await storage.write(text)
      const { client } = createFixture({ storage })
      expect(client.session.status).toBe('signed-out')
      await client.login(ada)
      expect(client.session.status).toBe('signed-in')
    },
  )

  test('reports a storage that cannot be read to whoever needs it, and recovers', async () => {
    let broken = true
    const memory = memoryStorage()
    const read = (): string | null => {
      if (broken) throw new Error('denied')
      return memory.read() as string | null
    }
    const { client, issuer } = createFixture({ storage: { ...memory, read } })
    expect(await errorOf(client.fetch(`${issuerUrl}/me`))).toMatchObject({ code: 'unavailable' })
    broken = false
    expect((await client.fetch(`${issuerUrl}/me`)).status).toBe(401)
    expect(issuer.seen).toHaveLength(1)
  })
})

function tokens(change: object): Response {
  return Response.json({
    access_token: 'a',
    token_type: 'Bearer',
    expires_in: 5,
    refresh_token: 'r',
    scope: '',
    session_id: 's',
    ...change,
  })
}

describe('P15: a known device', () => {
  const bodies = (requests: readonly { readonly body: string }[]): unknown[] =>
    requests.map(({ body }) => JSON.parse(body) as unknown)

  test('shows at the next log-in what the last one was answered with, after a log-out too', async () => {
    const { client, issuer } = createFixture()
    await client.signup(ada)
    await client.logout()
    await client.login(ada)
    await client.login(ada)
    expect(bodies(issuer.to('/login'))).toEqual([
      { ...ada, device_secret: 'dv.1' },
      { ...ada, device_secret: 'dv.2' },
    ])
  })

  test('is known again on another day, where its storage lasts', async () => {
    const deviceStorage = memoryStorage()
    await createFixture({ deviceStorage }).client.login(ada)
    const { client, issuer } = createFixture({ deviceStorage })
    await client.login(ada)
    expect(bodies(issuer.to('/login'))).toEqual([{ ...ada, device_secret: 'dv.1' }])
  })

  test('keeps what it has when a log-in fails', async () => {
    const { client, issuer } = await createSignedIn()
    await errorOf(client.login({ username: 'ada', password: 'wrong' }))
    await client.login(ada)
    expect(bodies(issuer.to('/login')).at(-1)).toEqual({ ...ada, device_secret: 'dv.1' })
  })

  test('signs in where its storage fails', async () => {
    const broken: TokenStorage = {
      read: () => Promise.reject(new Error('no storage')),
      write: () => {
        throw new Error('no storage')
      },
      remove: () => undefined,
    }
    const { client } = createFixture({ deviceStorage: broken })
    await client.login(ada)
    expect((await client.login(ada)).status).toBe('signed-in')
  })
})
