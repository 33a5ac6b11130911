/** P12 and P31 whole: whatever stands between the feed and guards, each does what it was told to within its bound. */
import { createGuard, followRevocations } from '@tessera/guard'
import type { FollowRevocationsOptions, Guard, RevocationFollower } from '@tessera/guard'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFeedProxy } from './feed-proxy.ts'
import type { Fault, FeedProxy } from './feed-proxy.ts'
import type { RefreshClient } from './refresh-client.ts'
import { signIn } from './refresh-client.ts'
import { send } from './requests.ts'
import type { ServerProcess } from './server-process.ts'
import { createServerProcess } from './server-process.ts'
import type { FaultDatabase, TestDatabase } from './databases.ts'
import { environmentOf } from './databases.ts'

const boundMs = 15_000
/** The bound of the feed itself is kept; this is what a busy machine may add. What it adds beyond is tried again. */
const graceMs = 3000

let server: ServerProcess
let opened: TestDatabase

interface Watched {
  readonly follower: RevocationFollower
  readonly closed: Guard
  readonly open: Guard
}

/** Tests that run side by side say themselves when they are over. */
type AtTheEnd = (undo: () => void | Promise<void>) => void

function watch(options: Partial<FollowRevocationsOptions>, atTheEnd: AtTheEnd): Watched {
  const issuer = server.url
  const follower = followRevocations({ issuer, boundSeconds: boundMs / 1000, ...options })
  atTheEnd(() => follower.close())
  const shared = { issuer, audience: issuer, revocations: follower } as const
  return {
    follower,
    closed: createGuard({ ...shared, onStale: 'closed' }),
    open: createGuard({ ...shared, onStale: 'open' }),
  }
}

async function statusOf(guard: Guard, { accessToken }: Pick<RefreshClient, 'accessToken'>): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` }
  const result = await guard.authenticate({ method: 'GET', url: '/', headers })
  return result.ok ? 200 : result.status
}

/** How long it takes until the guard answers so, in milliseconds; fails after the longest. */
async function until(isSo: () => Promise<boolean>, longestMs: number): Promise<number> {
  const before = performance.now()
  while (!(await isSo())) {
    if (performance.now() - before > longestMs) throw new Error('expected it to become so in time')
    await new Promise((go) => setTimeout(go, 25))
  }
  return performance.now() - before
}

async function signOut(client: RefreshClient): Promise<void> {
  const headers = { authorization: `Bearer ${client.accessToken}` }
  expect((await send(`${server.url}/logout`, { method: 'POST', headers }))?.status).toBe(204)
}

async function proxyFor(atTheEnd: AtTheEnd): Promise<FeedProxy> {
  const proxy = await startFeedProxy(server.url)
  atTheEnd(() => proxy.close())
  return proxy
}

/** Each test has an account of its own. */
function signedIn(count: number): Promise<readonly RefreshClient[]> {
  return signIn(server.url, count, `user ${randomUUID()}`)
}

const faults: readonly Fault[] = ['replays', 'truncates', 'answers 304', 'delays', 'breaks off']
const cases = faults.flatMap((fault) =>
  (['stream', 'poll'] as const).map((transport) => ({ fault, transport })),
)

export function testFeed({ open }: FaultDatabase): void {
  beforeAll(async () => {
    opened = await open()
    server = await createServerProcess(environmentOf(opened))
    await server.start()
  })
  afterAll(async () => {
    await server.remove()
    await opened.drop()
  })

  describe('a proxy before the feed', () => {
    test.concurrent.for(cases)(
      'P12: that $fault ($transport): closed guards answer 503 within the bound, open ones admit, and both recover',
      { retry: 2, timeout: 90_000 },
      async ({ fault, transport }, { onTestFinished }) => {
        const [gone, alive, later] = (await signedIn(3)) as [RefreshClient, RefreshClient, RefreshClient]
        const proxy = await proxyFor(onTestFinished)
        const { follower, closed, open } = watch({ url: proxy.url, transport }, onTestFinished)
        await follower.ready
        await signOut(gone)
        await until(async () => (await statusOf(closed, gone)) === 401, boundMs + graceMs)
        expect(await statusOf(closed, alive)).toBe(200)

        proxy.fault = fault
        const cutAt = performance.now()
        await signOut(later)
        await until(async () => (await statusOf(closed, alive)) === 503, boundMs + graceMs)
        const tookMs = performance.now() - cutAt
        // Beyond the bound nothing is let in that might have been revoked; who was known to be revoked stays so.
        expect(await statusOf(closed, later)).not.toBe(200)
        expect([await statusOf(open, alive), await statusOf(open, gone)]).toEqual([200, 401])
        expect(follower.status().current).toBe(false)

        proxy.fault = 'none'
        const backMs = await until(async () => (await statusOf(closed, alive)) === 200, 2 * boundMs)
        expect(await statusOf(open, later)).toBe(401)
        console.log(
          `a proxy that ${fault} (${transport}): 503 after ${(tookMs / 1000).toFixed(1)} s, recovered in ${(backMs / 1000).toFixed(1)} s`,
        )
      },
    )

    test.concurrent(
      'P12: that drops a page: a new guard is never current, and admits nobody or everybody, as it was told',
      { retry: 2, timeout: 120_000 },
      async ({ onTestFinished }) => {
        // More revoked tokens than a page holds: each refresh of one session gives one.
        const [alive] = (await signedIn(1)) as [RefreshClient]
        const revoked: { readonly accessToken: string }[] = []
        while (revoked.length < 170) {
          const { accessToken } = alive
          expect((await alive.attempt())?.status).toBe(200)
          const revocation = { method: 'POST', form: { token: accessToken } } as const
          expect((await send(`${server.url}/revoke`, revocation))?.status).toBe(200)
          revoked.push({ accessToken })
        }
        const proxy = await proxyFor(onTestFinished)
        proxy.fault = 'drops a page'
        const { follower, closed, open } = watch({ url: proxy.url, transport: 'poll' }, onTestFinished)
        await new Promise((go) => setTimeout(go, 4000))
        expect(proxy.seen.documents).toBeGreaterThan(1)
        expect(follower.status()).toMatchObject({ current: false, entries: 0, lagSeconds: Infinity })
        expect([await statusOf(closed, alive), await statusOf(open, alive)]).toEqual([503, 200])
        proxy.fault = 'none'
        await follower.ready
        expect(follower.status().entries).toBeGreaterThanOrEqual(170)
        expect(await statusOf(closed, alive)).toBe(200)
        const refused = await Promise.all(revoked.map((token) => statusOf(closed, token)))
        expect(new Set(refused)).toEqual(new Set([401]))
      },
    )

    test.concurrent(
      'P31: that keeps events back: guards fall back to polling, stay current, and learn of a log-out within the bound',
      { retry: 2, timeout: 90_000 },
      async ({ onTestFinished }) => {
        const [gone, alive] = (await signedIn(2)) as [RefreshClient, RefreshClient]
        const proxy = await proxyFor(onTestFinished)
        const { follower, closed } = watch({ url: proxy.url }, onTestFinished)
        await follower.ready
        expect(follower.status().transport).toBe('stream')
        proxy.fault = 'buffers events'
        // Never stale on the way: half the bound is spent on listening, and the rest is enough to ask.
        let isStale = false
        await until(async () => {
          isStale ||= (await statusOf(closed, alive)) !== 200
          return follower.status().transport === 'poll' && proxy.seen.documents > 0
        }, boundMs)
        expect(isStale).toBe(false)
        await signOut(gone)
        const tookMs = await until(async () => (await statusOf(closed, gone)) === 401, boundMs)
        expect(await statusOf(closed, alive)).toBe(200)
        console.log(`a buffering proxy: log-out known after ${(tookMs / 1000).toFixed(1)} s by polling`)
      },
    )
  })

  test(
    'P31: a flood of streams from one address is capped, guards poll beyond it, and places come back',
    { retry: 2, timeout: 60_000 },
    async ({ onTestFinished }) => {
      const [gone, alive] = (await signedIn(2)) as [RefreshClient, RefreshClient]
      const flood = new AbortController()
      const stream = (): Promise<Response> =>
        fetch(`${server.url}/revocations`, {
          headers: { accept: 'text/event-stream' },
          signal: flood.signal,
        })
      const streams = await Promise.all(Array.from({ length: 200 }, stream))
      const statuses = streams.map(({ status }) => status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(64)
      expect(
        streams.filter(({ status, headers }) => status === 503 && headers.has('retry-after')),
      ).toHaveLength(136)

      const { follower, closed } = watch({}, onTestFinished)
      await follower.ready
      expect(follower.status()).toMatchObject({ current: true, transport: 'poll' })
      await signOut(gone)
      await until(async () => (await statusOf(closed, gone)) === 401, boundMs)
      expect(await statusOf(closed, alive)).toBe(200)
      expect((await send(`${server.url}/healthz`))?.status).toBe(200)

      flood.abort()
      const again = new AbortController()
      await until(async () => {
        const { status } = await fetch(`${server.url}/revocations`, {
          headers: { accept: 'text/event-stream' },
          signal: again.signal,
        })
        return status === 200
      }, 5000)
      again.abort()
    },
  )
}
