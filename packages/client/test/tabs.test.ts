import { createClient, type Client, type TokenStorage } from '@tessera/client'
import { describe, expect, test } from 'vitest'
import { createLocks, createWebStorage, webStorage } from './fake-browser.ts'
import { createFakeClock, settle, type FakeClock } from './fake-clock.ts'
import { createFakeIssuer, issuerUrl, lifeSeconds, type FakeIssuer } from './fake-issuer.ts'
import { ada, errorOf } from './fixture.ts'

interface Browser {
  readonly issuer: FakeIssuer
  readonly clock: FakeClock
  readonly shared: Storage
  openTab(storage?: TokenStorage): Client
}

/** Tabs that share storage, locks and the wall clock, as those of one browser do. */
function createBrowser(): Browser {
  const issuer = createFakeIssuer()
  const clock = createFakeClock()
  const shared = createWebStorage()
  const locks = createLocks()
  return {
    issuer,
    clock,
    shared,
    openTab: (storage = webStorage(shared)) =>
      createClient({
        issuer: issuerUrl,
        storage,
        fetch: issuer.fetch,
        clock: clock.otherPage(),
        locks,
      }),
  }
}

/** The storage as a page sees it that is told late what others have stored: as it was when last shown. */
function createLateView(shared: Storage): { readonly storage: TokenStorage; readonly show: () => void } {
  const storage = webStorage(shared)
  let seen = storage.read()
  return {
    storage: { ...storage, read: () => seen },
    show: () => {
      seen = storage.read()
    },
  }
}

/** A tab that is signed in and refreshes, its answer held back, and a tab beside it that sees late what the first has stored. */
async function refreshBesideLateTab() {
  const browser = createBrowser()
  const first = browser.openTab()
  await first.login(ada)
  const late = createLateView(browser.shared)
  const second = browser.openTab(late.storage)
  await second.session.ready()
  const showTokens = browser.issuer.hold('/token')
  const refreshed = first.refresh()
  await settle()
  return { ...browser, first, second, showTokens, refreshed, showStored: late.show }
}

describe('tabs of one browser', () => {
  test('share one refresh between them', async () => {
    const { issuer, clock, openTab } = createBrowser()
    await openTab().login(ada)
    const tabs = Array.from({ length: 6 }, openTab)
    await clock.advance(lifeSeconds)
    issuer.expireAccessTokens()
    const answers = await Promise.all(tabs.flatMap((tab) => [tab.fetch('/me'), tab.fetch('/me')]))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(issuer.to('/token')).toHaveLength(1)
  })

  test('end in the same session after many rounds of refreshing at once', async () => {
    const { issuer, clock, openTab } = createBrowser()
    await openTab().login(ada)
    const tabs = Array.from({ length: 4 }, openTab)
    for (let rounds = 0; rounds < 20; rounds++) {
      await clock.advance(lifeSeconds * 0.95)
      await Promise.all(tabs.map((tab) => tab.fetch('/me')))
    }
    expect(tabs.map((tab) => tab.session.status)).toEqual(Array(4).fill('signed-in'))
    expect(issuer.rotations()).toBe(20)
  })

  test('a tab that died while it refreshed leaves its retry key to the next', async () => {
    const { issuer, clock, openTab } = createBrowser()
    const dying = openTab()
    await dying.login(ada)
    issuer.fail('/token', 'reply lost', 2)
    void errorOf(dying.refresh())
    await clock.advance(0.3)
    const next = openTab()
    await clock.advance(lifeSeconds)
    const answer = next.fetch('/me')
    await clock.advance(0.25)
    expect((await answer).status).toBe(200)
    expect(issuer.rotations()).toBe(1)
    expect(new Set(issuer.to('/token').map((request) => request.idempotencyKey)).size).toBe(1)
  })

  test('a tab that is let in before it sees what the one before has stored waits for it a moment', async () => {
    const { issuer, clock, first, second, showTokens, refreshed, showStored } = await refreshBesideLateTab()
    showStored()
    showTokens()
    await refreshed
    const seen = second.refresh()
    await clock.advance(0.1)
    showStored()
    await clock.advance(0.1)
    expect(await seen).toEqual(first.session.state)
    expect(issuer.to('/token')).toHaveLength(1)
  })

  test('a tab that waited for its turn and sees nothing of the one before looks for its tokens first', async () => {
    const { issuer, clock, first, second, showTokens, refreshed, showStored } = await refreshBesideLateTab()
    const seen = second.refresh()
    showTokens()
    await refreshed
    await clock.advance(0.1)
    showStored()
    await clock.advance(0.1)
    expect(await seen).toEqual(first.session.state)
    expect(issuer.to('/token')).toHaveLength(1)
  })

  test('a tab asks with the retry key of the one before when nothing comes of that for a quarter of a second', async () => {
    const { issuer, clock, shared, openTab } = createBrowser()
    const first = openTab()
    await first.login(ada)
    issuer.fail('/token', 'reply lost', 2)
    void errorOf(first.refresh())
    await clock.advance(0.3)
    const second = openTab(createLateView(shared).storage).refresh()
    await clock.advance(0.2)
    expect(issuer.to('/token')).toHaveLength(2)
    await clock.advance(0.05)
    expect((await second).status).toBe('signed-in')
    expect(new Set(issuer.to('/token').map((request) => request.idempotencyKey)).size).toBe(1)
  })

  test('a refresh under way in one tab does not undo the log-out of another', async () => {
    const { issuer, shared, openTab } = createBrowser()
    const [first, second] = [openTab(), openTab()]
    await first.login(ada)
    await second.session.ready()
    const release = issuer.hold('/token')
    const other = openTab()
    const refresh = errorOf(other.refresh())
    await settle()
    const logout = first.logout()
    await settle()
    release()
    await logout
    expect(await refresh).toMatchObject({ name: 'ClientError' })
    expect(shared.length).toBe(0)
    expect(other.session.status).toBe('signed-out')
  })

  test('a log-out clears last: what a late refresh of another tab writes does not stay', async () => {
    const { shared, openTab } = createBrowser()
    const first = openTab()
    await first.login(ada)
    const kept = webStorage(shared)
    let passWrite = (): void => {}
    const slow = {
      ...kept,
      write: (text: string) =>
        new Promise<void>((resolve) => {
          passWrite = () => resolve(kept.write(text))
        }),
    }
    const other = openTab(slow)
    const refresh = other.refresh()
    await settle()
    passWrite()
    await settle()
    // The successor is on its way to the storage when the log-out comes.
    const logout = first.logout()
    await settle()
    expect(shared.length).toBe(0)
    passWrite()
    await Promise.all([refresh, logout])
    expect(shared.length).toBe(0)
  })

  test('a log-out leaves the session that another tab opens meanwhile', async () => {
    const { issuer, shared, openTab } = createBrowser()
    const first = openTab()
    await first.login(ada)
    const release = issuer.hold('/login')
    const login = openTab().login(ada)
    await settle()
    const logout = first.logout()
    await settle()
    release()
    await Promise.all([login, logout])
    expect(shared.getItem('tessera.session')).toContain('"sessionId":"s2"')
  })

  test('a log-out of one tab leaves the session that another one has begun since', async () => {
    const { shared, openTab } = createBrowser()
    const first = openTab()
    await first.login(ada)
    await openTab().login(ada)
    await first.logout()
    expect(first.session.status).toBe('signed-out')
    expect(shared.getItem('tessera.session')).toContain('"sessionId":"s2"')
  })

  test('a tab learns of a log-out elsewhere when its token is refused', async () => {
    const { issuer, openTab } = createBrowser()
    const first = openTab()
    await first.login(ada)
    const second = openTab()
    await first.logout()
    expect((await second.fetch('/me')).status).toBe(401)
    expect(second.session.state).toEqual({ status: 'signed-out' })
    expect(issuer.to('/token')).toHaveLength(0)
  })

  test('a late invalid_grant does not sign out the session that another tab has opened meanwhile', async () => {
    const { issuer, openTab, shared } = createBrowser()
    const first = openTab()
    await first.login(ada)
    const entry = shared.getItem('tessera.session') ?? ''
    const newer = JSON.stringify({
      ...(JSON.parse(entry) as object),
      refreshToken: 'rt.9',
      accessToken: 'at.9',
    })
    const release = issuer.hold('/token')
    issuer.endSession()
    const refresh = first.refresh()
    await settle()
    // Written past the lock, as a browser without Web Locks would.
    shared.setItem('tessera.session', newer)
    release()
    expect(await refresh).toMatchObject({ status: 'signed-in', accessToken: 'at.9' })
    expect(shared.getItem('tessera.session')).toBe(newer)
  })
})

test('a tab adopts what another one writes as soon as the browser tells', async () => {
  const { openTab, shared } = createBrowser()
  const events = new EventTarget()
  globalThis.addEventListener = events.addEventListener.bind(events) as typeof globalThis.addEventListener
  try {
    const listening = openTab()
    const changes: string[] = []
    listening.session.subscribe((state) => changes.push(state.status))
    const tell = (storageArea: Storage, key: string | null): Promise<void> => {
      events.dispatchEvent(Object.assign(new Event('storage'), { storageArea, key }))
      return settle()
    }
    const other = openTab()
    await other.login(ada)
    await tell(createWebStorage(), 'tessera.session')
    await tell(shared, 'another.key')
    expect(changes).toEqual([])
    await tell(shared, 'tessera.session')
    expect(changes).toEqual(['signed-in'])
    await other.logout()
    await tell(shared, null)
    expect(changes).toEqual(['signed-in', 'signed-out'])
  } finally {
    Reflect.deleteProperty(globalThis, 'addEventListener')
  }
})
