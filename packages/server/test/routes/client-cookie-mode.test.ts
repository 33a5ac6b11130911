/** P16 from the client's side: `@tessera/client` in cookie mode against the real server, in a browser made of a cookie jar. */
import { createClient, memoryStorage } from '../../../client/src/index.ts'
import type { Client, ClientOptions, Locks, TokenStorage } from '../../../client/src/index.ts'
import { describe, expect, test } from 'vitest'
import { createTestServer, issuer, password } from '../create-test-server.ts'
import type { TestServer } from '../create-test-server.ts'

const page = 'https://app.example.test'
const ada = { username: 'ada', password }

/** Rejects when a request is given up. */
function givenUp(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error)
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

/** What a browser does for the pages of one origin: keeps cookies that no page sees, and says which page asked. */
function createBrowser(server: TestServer) {
  const jar = { cookie: '' }
  const seen: { path: string; headers: Headers; body: string }[] = []
  let hold: Promise<void> = Promise.resolve()
  let last: Promise<unknown> = Promise.resolve()
  const locks: Locks = {
    request: (_name, _options, task) => {
      const turn = last.then(() => task({}))
      last = turn.catch(() => undefined)
      return turn
    },
  }
  const fetch = (async (input: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    headers.set('origin', page)
    const isIncluded = init.credentials === 'include'
    if (isIncluded && jar.cookie !== '') headers.set('cookie', jar.cookie)
    const request = new Request(input, { ...init, headers, signal: null })
    seen.push({ path: new URL(input).pathname, headers, body: await request.clone().text() })
    const response = await server.handle(request, { remoteAddress: '203.0.113.7' })
    if (request.url.endsWith('/token')) await Promise.race([hold, givenUp(init.signal)])
    // Nobody listens to an answer that was given up: its cookies go nowhere.
    init.signal?.throwIfAborted()
    const set = response.headers.get('set-cookie')
    if (isIncluded && set !== null) jar.cookie = set.includes('Max-Age=0') ? '' : (set.split(';')[0] ?? '')
    // Pages never see it.
    const shown = new Headers(response.headers)
    shown.delete('set-cookie')
    return new Response(response.body, { status: response.status, headers: shown })
  }) as typeof globalThis.fetch
  return {
    jar,
    seen,
    to: (path: string) => seen.filter((request) => request.path === path),
    /** Answers to refreshes wait until the returned function is called. */
    holdRefreshes: () => {
      let open: () => void = () => undefined
      hold = new Promise((resolve) => (open = resolve))
      return open
    },
    openPage: (options: Partial<ClientOptions> = {}): Client =>
      createClient({ issuer, transport: 'cookie', fetch, locks, ...options }),
  }
}

/** A storage that several pages share, and tell each other of. */
function sharedStorage(): { readonly open: () => TokenStorage; readonly text: () => string | null } {
  const kept = memoryStorage()
  const pages: (() => void)[] = []
  const tell = (own: () => void): void => {
    for (const changed of pages) if (changed !== own) queueMicrotask(changed)
  }
  return {
    text: () => kept.read() as string | null,
    open: () => {
      let own: () => void = () => undefined
      return {
        read: () => kept.read(),
        write: (text) => {
          void kept.write(text)
          tell(own)
        },
        remove: () => {
          void kept.remove()
          tell(own)
        },
        subscribe: (changed) => {
          own = changed
          pages.push(changed)
        },
      }
    },
  }
}

async function setUp() {
  const server = await createTestServer({ config: { origins: [page] } })
  await server.signup()
  const browser = createBrowser(server)
  const storage = sharedStorage()
  const openPage = (): Client => browser.openPage({ storage: storage.open() })
  return { server, browser, storage, openPage }
}

const statusOf = async (client: Client): Promise<number> => (await client.fetch(`${issuer}/me`)).status

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((go) => setImmediate(go))
}

describe('P16: the client in cookie mode', () => {
  test('logs in, calls, refreshes and logs out, and never holds a refresh token', async () => {
    const { browser, storage, openPage } = await setUp()
    const client = openPage()
    expect(await client.login(ada)).toMatchObject({ status: 'signed-in' })
    expect(browser.jar.cookie).toMatch(/^__Host-tessera=rt_/)
    expect(await statusOf(client)).toBe(200)
    const before = browser.jar.cookie
    await client.refresh()
    expect(browser.jar.cookie).not.toBe(before)
    expect(await statusOf(client)).toBe(200)
    expect(storage.text()).not.toMatch(/rt_|ey[A-Za-z0-9_-]+\./)
    expect(await client.logout()).toEqual({ revoked: true })
    expect(browser.jar.cookie).toBe('')
    expect(storage.text()).toBeNull()
    expect(client.session.status).toBe('signed-out')
  })

  test('sends our header with every POST, and cookies to the issuer alone', async () => {
    const { browser, openPage } = await setUp()
    const client = openPage()
    await client.login(ada)
    await client.refresh()
    await client.logout()
    await client.signup({ username: 'bo', password })
    for (const path of ['/login', '/token', '/logout', '/signup']) {
      const requests = browser.to(path)
      expect(requests.length).toBeGreaterThan(0)
      for (const { headers, body } of requests) {
        expect(headers.get('tessera-transport')).toBe('cookie')
        expect(body).not.toContain('rt_')
      }
    }
    await client.fetch(`${issuer}/me`)
    expect(browser.to('/me').every(({ headers }) => !headers.has('cookie'))).toBe(true)
  })

  test('a page that is opened later is signed in, with an access token of its own', async () => {
    const { openPage, browser } = await setUp()
    await openPage().login(ada)
    const later = openPage()
    expect(later.session.status).toBe('signed-in')
    expect(await statusOf(later)).toBe(200)
    expect(browser.to('/token')).toHaveLength(1)
    expect(later.session.state).toMatchObject({ accessToken: expect.stringMatching(/^ey/) })
  })

  test('pages refresh in turn, each with the cookie that the one before was given', async () => {
    const { openPage, browser, server } = await setUp()
    const pages = [openPage(), openPage(), openPage()]
    await pages[0]?.login(ada)
    await settle()
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(pages.map((client) => client.refresh()))
      expect(await Promise.all(pages.map(statusOf))).toEqual([200, 200, 200])
      server.wait(60)
    }
    const keys = browser.to('/token').map(({ headers }) => headers.get('idempotency-key'))
    expect(new Set(keys).size).toBe(9)
    expect(new Set(browser.to('/token').map(({ headers }) => headers.get('cookie'))).size).toBe(9)
  })

  test('a refresh whose answer was lost goes on with the key that was stored, after a restart too', async () => {
    const { openPage, browser, server, storage } = await setUp()
    const client = openPage()
    await client.login(ada)
    const cookie = browser.jar.cookie
    const release = browser.holdRefreshes()
    void client.refresh().catch(() => undefined)
    await settle()
    expect(storage.text()).toContain('retryKey')
    // The page is closed before its answer: the browser still has the old cookie.
    server.wait(3 * 3600)
    const later = createBrowser(server)
    later.jar.cookie = cookie
    const reopened = later.openPage({ storage: storage.open() })
    expect(await statusOf(reopened)).toBe(200)
    const key = browser.to('/token')[0]?.headers.get('idempotency-key')
    expect(later.to('/token')[0]?.headers.get('idempotency-key')).toBe(key)
    expect(storage.text()).not.toContain('retryKey')
    release()
  })

  test('late reply after log-out: it sets no cookie and signs nobody in', async () => {
    const { openPage, browser, storage } = await setUp()
    const client = openPage()
    await client.login(ada)
    const release = browser.holdRefreshes()
    const refreshing = client.refresh().catch((error: unknown) => error)
    await settle()
    const leaving = client.logout()
    await settle()
    expect(client.session.status).toBe('signed-out')
    release()
    expect(await leaving).toEqual({ revoked: true })
    await refreshing
    await settle()
    expect(browser.jar.cookie).toBe('')
    expect(storage.text()).toBeNull()
    expect(client.session.status).toBe('signed-out')
    expect(browser.seen.at(-1)?.path).toBe('/logout')
  })

  test('a log-out does not wait for an answer of its own page that never comes', async () => {
    const { openPage, browser } = await setUp()
    const client = openPage()
    await client.login(ada)
    browser.holdRefreshes()
    const refreshing = client.refresh().catch((error: unknown) => error)
    await settle()
    expect(await client.logout()).toEqual({ revoked: true })
    await expect(refreshing).resolves.toMatchObject({ code: 'unavailable' })
    expect(browser.jar.cookie).toBe('')
  })

  test("log-out clears last: it waits for another page's refresh, whose cookie it takes away", async () => {
    const { openPage, browser, server } = await setUp()
    const [first, second] = [openPage(), openPage()]
    await first.login(ada)
    await settle()
    const release = browser.holdRefreshes()
    const refreshing = second.refresh().catch((error: unknown) => error)
    await settle()
    const leaving = first.logout()
    await settle()
    expect(browser.to('/logout')).toHaveLength(0)
    release()
    expect(await leaving).toEqual({ revoked: true })
    await refreshing
    await settle()
    expect(browser.jar.cookie).toBe('')
    expect([first.session.status, second.session.status]).toEqual(['signed-out', 'signed-out'])
    const reply = await server.send('POST', '/token', {
      form: { grant_type: 'refresh_token' },
      headers: {
        origin: page,
        'tessera-transport': 'cookie',
        cookie: String(browser.to('/token')[0]?.headers.get('cookie')),
      },
    })
    expect(reply.body['error']).toBe('invalid_grant')
  })

  test('who logs in while an older refresh is under way keeps the new session', async () => {
    const { openPage, browser } = await setUp()
    const [first, second] = [openPage(), openPage()]
    await first.login(ada)
    await settle()
    const release = browser.holdRefreshes()
    const refreshing = first.refresh().catch((error: unknown) => error)
    await settle()
    const entering = second.login(ada)
    await settle()
    release()
    const { sessionId } = (await entering) as { sessionId: string }
    await refreshing
    await settle()
    for (const client of [first, second]) {
      expect(await statusOf(client)).toBe(200)
      expect(client.session.state).toMatchObject({ sessionId })
    }
    await second.refresh()
    expect(second.session.state).toMatchObject({ sessionId })
  })

  test('a log-in and a log-out in one page are known in the others', async () => {
    const { openPage } = await setUp()
    const [first, second] = [openPage(), openPage()]
    await first.login(ada)
    await settle()
    expect(second.session.status).toBe('signed-in')
    await second.logout()
    await settle()
    expect(first.session.status).toBe('signed-out')
  })

  test('a cookie that is gone signs out; a server that is away does not', async () => {
    const { openPage, browser, server } = await setUp()
    const client = openPage()
    await client.login(ada)
    browser.jar.cookie = ''
    await expect(client.refresh()).rejects.toMatchObject({ code: 'token_missing' })
    expect(client.session.status).toBe('signed-out')
    await client.login(ada)
    await server.close()
    await expect(client.refresh()).rejects.toMatchObject({ code: 'unavailable' })
    expect(client.session.status).toBe('signed-in')
  })

  test('a page that is not listed gets no session', async () => {
    const server = await createTestServer({ config: { origins: ['https://other.example.test'] } })
    await server.signup()
    const client = createBrowser(server).openPage({ storage: memoryStorage() })
    await expect(client.login(ada)).rejects.toMatchObject({ code: 'origin_rejected' })
    expect(client.session.status).toBe('signed-out')
  })

  test('what a client in body mode stored is no session here, and its refresh token is not sent', async () => {
    const { browser, server } = await setUp()
    const storage = memoryStorage()
    const inBody = browser.openPage({ transport: 'body', storage })
    await inBody.login(ada)
    expect(storage.read()).toContain('rt_')
    const inCookie = browser.openPage({ storage })
    expect(inCookie.session.status).toBe('signed-out')
    await inCookie.login(ada)
    expect(storage.read()).not.toContain('rt_')
    expect(browser.openPage({ transport: 'body', storage }).session.status).toBe('signed-out')
    expect(browser.seen.some(({ body }) => body.includes('rt_'))).toBe(false)
    expect((await server.send('GET', '/healthz')).status).toBe(200)
  })
})
