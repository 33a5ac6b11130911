/** The theft model against the server's own refresh on a real store, with an injected clock. */
import { expect, test } from 'vitest'
import type { Holder, Theft, World } from './owners-and-thieves.ts'
import { keepRefreshing, startHolder, steal, watchSession } from './owners-and-thieves.ts'
import { createRefreshEngine } from './refresh-engine.ts'
import { createVirtualTime } from './virtual-time.ts'

const dayMs = 86_400_000
const honestMonths = 1500
const thefts = 300

type Habits = Pick<World, 'accessLifeMs' | 'clashShare' | 'lostShare'>

/** Of a hundred requests one is sent by two tabs at once, of a thousand three lose their reply. */
const usual: Habits = { accessLifeMs: 600_000, clashShare: 0.01, lostShare: 0.003 }

/** The same mishaps in a month with a sixth of the refreshes: those between them prove nothing and take most of the time. */
const dense: Habits = { accessLifeMs: 3_600_000, clashShare: 0.06, lostShare: 0.018 }

async function createWorld(days: number, habits: Habits): Promise<World> {
  const startMs = Math.ceil(Date.UTC(2026, 0, 1) / dayMs) * dayMs
  const time = createVirtualTime(startMs)
  return { time, engine: await createRefreshEngine(time.nowMs), endMs: startMs + days * dayMs, ...habits }
}

test(
  'P13, P17: nobody is signed out in 1,500 session-months of lost replies and tabs at once',
  { timeout: 600_000 },
  async () => {
    const world = await createWorld(30, dense)
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
    await world.engine.close()
    expect(owners).toHaveLength(honestMonths)
    expect(owners.filter(({ signedOut }) => signedOut !== undefined)).toEqual([])
    console.log(`${honestMonths} session-months, ${refreshes} refreshes: 0 signed out`)
  },
)

test('P13, P17: every theft ends at the first reuse outside the window', { timeout: 600_000 }, async () => {
  const world = await createWorld(30, usual)
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
  await world.engine.close()
  expect(found.filter(({ hasSurvived }) => hasSurvived)).toEqual([])
  expect(found.filter(({ endedAtMs }) => endedAtMs === undefined)).toEqual([])
  // Ended by the first reuse itself; a thief in step with the owner even before there is one.
  for (const { firstReuseAtMs, endedAtMs } of found)
    expect(endedAtMs).toBeLessThanOrEqual(firstReuseAtMs ?? Infinity)
  const minutes = found
    .map(({ stolenAtMs = 0, endedAtMs = 0 }) => (endedAtMs - stolenAtMs) / 60_000)
    .toSorted((a, b) => a - b)
  console.log(`${thefts} thefts ended, half of them within ${Math.round(minutes[thefts / 2] ?? 0)} minutes`)
})
