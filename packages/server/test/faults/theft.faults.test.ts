/** The theft model against the server's own refresh on a real store of each kind, with an injected clock. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { openTestStore } from '../store/open-test-database.ts'
import type { Holder, Theft, World } from './owners-and-thieves.ts'
import { keepRefreshing, startHolder, steal, watchSession } from './owners-and-thieves.ts'
import { createRefreshEngine } from './refresh-engine.ts'
import { createVirtualTime } from './virtual-time.ts'

const dayMs = 86_400_000
const honestMonths = Number(process.env['TESSERA_THEFT_MONTHS'] ?? 1500)
const thefts = 300

type Habits = Pick<World, 'accessLifeMs' | 'timerMs' | 'clashShare' | 'lostShare'>

/** Of a hundred requests one is sent by two tabs at once, of a thousand three lose their reply. */
const usual: Habits = { accessLifeMs: 600_000, timerMs: 10_000, clashShare: 0.01, lostShare: 0.003 }

/**
 * The same mishaps in a month with an eighteenth of the refreshes: those between them prove nothing and take most of the time.
 * Timers that go off together share transactions, which on PostgreSQL is where the rest of the time goes.
 */
const dense: Habits = { accessLifeMs: 10_800_000, timerMs: 300_000, clashShare: 0.18, lostShare: 0.054 }

interface Database {
  readonly name: string
  readonly open: (nowMs: () => number) => Promise<Store>
}

const databases: readonly Database[] = [
  { name: 'SQLite', open: () => openSqliteStore({ path: ':memory:' }) },
  { name: 'PostgreSQL', open: openTestStore },
]

async function createWorld({ open }: Database, habits: Habits): Promise<World> {
  const startMs = Math.ceil(Date.UTC(2026, 0, 1) / dayMs) * dayMs
  const time = createVirtualTime(startMs)
  const engine = await createRefreshEngine(time.nowMs, await open(time.nowMs))
  onTestFinished(engine.close)
  return { time, engine, endMs: startMs + 30 * dayMs, ...habits }
}

describe.each(databases)('P13, P17 on $name', (database) => {
  test(
    `nobody is signed out in ${honestMonths} session-months of lost replies and tabs at once`,
    { timeout: 600_000 },
    async () => {
      const world = await createWorld(database, dense)
      const beganMs = performance.now()
      let refreshes = 0
      const send: World['engine']['refresh'] = (token, retryKey) => {
        refreshes += 1
        return world.engine.refresh(token, retryKey)
      }
      const owners: Holder[] = []
      for (let count = 0; count < honestMonths; count += 1) {
        world.time.begin(async () => {
          const owner = await startHolder(world)
          owners.push(owner)
          await keepRefreshing(world, owner, send)
        })
      }
      await world.time.run(world.endMs)
      expect(owners).toHaveLength(honestMonths)
      expect(owners.filter(({ signedOut }) => signedOut !== undefined)).toEqual([])
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1)
      console.log(
        `${database.name}: ${honestMonths} session-months, ${refreshes} refreshes in ${seconds} s: 0 signed out`,
      )
    },
  )

  test('every theft ends at the first reuse outside the window', { timeout: 600_000 }, async () => {
    const world = await createWorld(database, usual)
    const beganMs = performance.now()
    const found: Theft[] = []
    for (let count = 0; count < thefts; count += 1) {
      const theft: Theft = {
        stolenAtMs: undefined,
        firstReuseAtMs: undefined,
        endedAtMs: undefined,
        hasSurvived: false,
      }
      found.push(theft)
      const send = watchSession(world, theft)
      world.time.begin(async () => {
        const owner = await startHolder(world)
        world.time.begin(() => steal(world, owner, theft, send))
        await keepRefreshing(world, owner, send)
      })
    }
    await world.time.run(world.endMs)
    expect(found.filter(({ hasSurvived }) => hasSurvived)).toEqual([])
    expect(found.filter(({ endedAtMs }) => endedAtMs === undefined)).toEqual([])
    // Ended by the first reuse itself; a thief in step with the owner even before there is one.
    for (const { firstReuseAtMs, endedAtMs } of found)
      expect(endedAtMs).toBeLessThanOrEqual(firstReuseAtMs ?? Infinity)
    const minutes = found
      .map(({ stolenAtMs = 0, endedAtMs = 0 }) => (endedAtMs - stolenAtMs) / 60_000)
      .toSorted((a, b) => a - b)
    const seconds = ((performance.now() - beganMs) / 1000).toFixed(1)
    console.log(
      `${database.name}: ${thefts} thefts ended in ${seconds} s, half of them within ${Math.round(minutes[thefts / 2] ?? 0)} minutes`,
    )
  })
})
