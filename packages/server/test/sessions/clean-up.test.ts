import { describe, expect, onTestFinished, test } from 'vitest'
import { createCleanUp } from '../../src/sessions/clean-up.ts'
import { createClockWatch } from '../../src/sessions/clock-watch.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import type { Session, Store } from '../../src/store/store.ts'
import { openTestStore, testDatabase } from '../store/open-test-database.ts'
import { event, nowMs as startMs, session, user } from '../../src/store/contract/records.ts'

const day = 86_400
const dayMs = day * 1000
const now = startMs / 1000

async function createPlace() {
  const store: Store =
    testDatabase === undefined ? await openSqliteStore({ path: ':memory:' }) : await openTestStore()
  onTestFinished(() => store.close())
  const owner = user()
  await store.users.insert(owner, event)
  let wallMs = startMs
  let elapsedMs = 0
  const nowMs = (): number => wallMs
  const clock = createClockWatch({ nowMs, monotonicMs: () => elapsedMs })
  return {
    store,
    cleanUp: createCleanUp({ store, clock, auditSeconds: 90 * day, nowMs }),
    add: async (change: Partial<Session>): Promise<string> => {
      const added = session(owner, {
        idleExpiresAt: now + 999 * day,
        absoluteExpiresAt: now + 999 * day,
        ...change,
      })
      await store.sessions.insert(added, event)
      return added.sid
    },
    pass: (ms: number) => {
      wallMs += ms
      elapsedMs += ms
    },
    setClock: (ms: number) => void (wallMs += ms),
  }
}

describe('P21: clean-up', () => {
  test.each([
    ['idle for too long', { idleExpiresAt: now }],
    ['at the end of its life', { absoluteExpiresAt: now }],
    ['ended', { endedAt: now, endReason: 'logout' }],
  ] as const)('a session that is %s is removed thirty days later, and no day earlier', async (_, change) => {
    const { store, cleanUp, add, pass } = await createPlace()
    const over = await add(change)
    const live = await add({})
    pass(30 * dayMs - 1000)
    await cleanUp()
    expect(await store.sessions.find(over)).toBeDefined()
    pass(1000)
    await cleanUp()
    expect(await store.sessions.find(over)).toBeUndefined()
    expect(await store.sessions.find(live)).toBeDefined()
  })

  test('goes on from where it was, in small steps, until all were looked at', async () => {
    const { store, cleanUp, add, pass } = await createPlace()
    for (let count = 0; count < 40; count += 1) await add({ idleExpiresAt: now })
    const limits: number[] = []
    const watched = {
      ...store,
      sessions: {
        ...store.sessions,
        removeOver: (step: Parameters<Store['sessions']['removeOver']>[0]) => {
          limits.push(step.limit)
          return store.sessions.removeOver({ ...step, limit: 10 })
        },
      },
    }
    pass(31 * dayMs)
    await createCleanUp({
      store: watched,
      clock: { hasJumped: () => false },
      auditSeconds: day,
      nowMs: () => startMs + 31 * dayMs,
    })()
    expect(limits).toEqual([500, 500, 500, 500, 500])
    expect(await store.sessions.removeOver({ overSince: now, after: '', limit: 10 })).toBeUndefined()
    await cleanUp()
  })

  test.each([2, -2])(
    'removes nothing after the clock jumped by %i days: what has expired is not known',
    async (days) => {
      const { store, cleanUp, add, pass, setClock } = await createPlace()
      const over = await add({ idleExpiresAt: now })
      pass(40 * dayMs)
      setClock(days * dayMs)
      await expect(cleanUp()).rejects.toThrow('moved by more than a day')
      expect(await store.sessions.find(over)).toBeDefined()
      setClock(-days * dayMs)
      await cleanUp()
      expect(await store.sessions.find(over)).toBeUndefined()
    },
  )

  test('a line of the audit trail is kept for its time', async () => {
    const { store, cleanUp, pass } = await createPlace()
    await store.audit.append({ atMs: startMs + dayMs, event: 'user.enabled' })
    pass(90 * dayMs + 1)
    await cleanUp()
    expect((await store.audit.list({ limit: 9 })).map((line) => line.event)).toEqual(['user.enabled'])
  })
})
