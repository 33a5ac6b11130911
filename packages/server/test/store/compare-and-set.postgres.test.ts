/** Sessions that are written without locks: whatever somebody else did since they were read is never written over. */
import { Client, Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createCompareAndSet } from '../../src/store/compare-and-set.ts'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import type { Session, SessionStore, Store, User } from '../../src/store/store.ts'
import { ending, event, id, now, nowMs, session, user } from '../../src/store/contract/records.ts'
import { createSchema, execute } from './open-test-database.ts'

type CompareAndSet = NonNullable<SessionStore['compareAndSet']>

let schema: Awaited<ReturnType<typeof createSchema>>
let store: Store
beforeAll(async () => {
  schema = await createSchema()
  store = await openPostgresStore({ url: schema.url })
})
afterAll(async () => {
  await store.close()
  await schema.drop()
})

async function addSession(change: Partial<Session> = {}): Promise<{ owner: User; added: Session }> {
  const owner = user()
  await store.users.insert(owner, event)
  const added = session(owner, { idleExpiresAt: now * 2, absoluteExpiresAt: now * 2, ...change })
  await store.sessions.insert(added, event)
  return { owner, added }
}

/** @param meanwhile What happens after the sessions were read and judged, before they are written. */
function createBetween(meanwhile: () => Promise<unknown>): CompareAndSet {
  const pool = new Pool({ connectionString: schema.url })
  onTestFinished(() => pool.end())
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (asked: { text: string }) => Promise<unknown>
    const delayed = async (asked: { text: string }) => {
      if (/update sessions/.test(asked.text)) await meanwhile()
      return query(asked)
    }
    Object.assign(client, { query: delayed })
  })
  return createCompareAndSet(pool, () => nowMs)
}

const rotate = (sessions: ReadonlyMap<string, Session>): readonly Session[] =>
  [...sessions.values()].map((one) => ({ ...one, generation: one.generation + 1, retryKeyHash: 'ours' }))

test('writes everything that a change can touch, and nothing else', async () => {
  const { added } = await addSession({ clashed: true })
  const changed: Session = {
    ...added,
    generation: 7,
    epoch: 'another',
    macKid: 'kidkid77',
    macFromGeneration: 7,
    rotatedAtMs: nowMs + 1,
    retryKeyHash: `'"\\{},null`,
    retryReplays: 3,
    retryReplayedAtMs: nowMs + 2,
    clashed: false,
    clashedInARow: 2,
    lastUsedAt: now + 3,
    idleExpiresAt: now + 4,
    endedAt: now + 5,
    endReason: 'logout',
  }
  const written = await createBetween(async () => undefined)([added.sid, id()], (found) => {
    expect([...found.values()]).toEqual([{ ...added, user: expect.objectContaining({ roles: [] }) }])
    return [changed]
  })
  expect(written).toEqual(new Set([added.sid]))
  expect(await store.sessions.find(added.sid)).toMatchObject(changed)
})

test('P21: tells the time of the database, which goes on', async () => {
  const { added } = await addSession()
  const times: number[] = []
  for (let count = 0; count < 2; count += 1) {
    await store.sessions.compareAndSet?.([added.sid], (_found, clockMs) => (times.push(Number(clockMs)), []))
    await new Promise((go) => setTimeout(go, 5))
  }
  const [first = 0, second = 0] = times
  expect(Math.abs(first - Date.now())).toBeLessThan(60_000)
  expect(second).toBeGreaterThan(first)
})

describe('P2, P22: leaves a session alone that meanwhile', () => {
  const others: Record<string, (owner: User, added: Session) => Promise<unknown>> = {
    'was rotated': (_owner, { sid }) =>
      store.sessions.change([sid], (found) => rotate(found).map((each) => ({ session: each }))),
    'was rotated without locks': (_owner, { sid }) => store.sessions.compareAndSet!([sid], rotate),
    'was ended': (owner) => store.sessions.endOthers(owner.id, '', ending),
    'was carried over a change of password': ({ id: userId }, { sid }) =>
      store.users.changePassword({
        userId,
        credentialVersion: 1,
        passwordHash: 'new',
        currentSid: sid,
        ending,
        event,
      }),
    'got other claims': ({ id: userId }) =>
      store.users.changeClaims({ userId, roles: ['editor'], keepSeconds: 60, event }),
    'was ended with its user': (owner) => store.users.disable(owner.id, ending),
    'lost its user': (owner) => store.users.remove(owner.id, 1, ending),
    'has a user whom somebody changed by hand': (owner) =>
      execute(schema.url, `update users set disabled_at = 1 where id = '${owner.id}'`),
  }
  test.each(Object.keys(others))('%s', async (what) => {
    const { owner, added } = await addSession()
    const { added: untouched } = await addSession()
    let before: Session | undefined
    const compareAndSet = createBetween(async () => {
      await others[what]?.(owner, added)
      before = await store.sessions.find(added.sid)
    })
    const written = await compareAndSet([added.sid, untouched.sid], rotate)
    expect(written).toEqual(new Set([untouched.sid]))
    expect(await store.sessions.find(added.sid)).toEqual(before)
    expect(await store.sessions.find(untouched.sid)).toMatchObject({ generation: 1 })
  })
})

test('P22: waits for nobody: a session that somebody holds is left out, and written when it is free', async () => {
  const { added } = await addSession()
  const { added: free } = await addSession()
  const client = new Client({ connectionString: schema.url })
  await client.connect()
  await client.query('begin')
  await client.query('select 1 from sessions where sid = $1 for update', [added.sid])
  const compareAndSet = createBetween(async () => undefined)
  expect(await compareAndSet([added.sid, free.sid], rotate)).toEqual(new Set([free.sid]))
  await client.query('rollback')
  await client.end()
  expect(await compareAndSet([added.sid], rotate)).toEqual(new Set([added.sid]))
})

test('P22: overlapping groups from three processes never deadlock, and no rotation is lost or doubled', async () => {
  const processes = [
    store,
    await openPostgresStore({ url: schema.url }),
    await openPostgresStore({ url: schema.url }),
  ]
  onTestFinished(async () => void (await Promise.all(processes.slice(1).map((each) => each.close()))))
  const sids = await Promise.all(Array.from({ length: 40 }, async () => (await addSession()).added.sid))
  const wins = new Map<string, number>()
  const turns = processes.flatMap(({ sessions }, process) =>
    Array.from({ length: 60 }, async (_, turn) => {
      const some = sids.filter((_sid, index) => (index * 7 + turn * 3 + process) % 4 === 0)
      const written = await sessions.compareAndSet!(turn % 2 === 0 ? some : [...some].reverse(), rotate)
      for (const sid of written) wins.set(sid, (wins.get(sid) ?? 0) + 1)
    }),
  )
  await Promise.all(turns)
  for (const sid of sids) {
    expect(await store.sessions.find(sid)).toMatchObject({ generation: wins.get(sid) ?? 0 })
  }
  expect([...wins.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThan(sids.length)
})

test('P9: a statement that waited for a hand-over writes nothing that was handed over', async () => {
  const moving = await createSchema()
  const source = await openPostgresStore({ url: moving.url })
  onTestFinished(() => source.close().then(moving.drop))
  const owner = user()
  const added = session(owner, { idleExpiresAt: now * 2, absoluteExpiresAt: now * 2 })
  await source.users.insert(owner, event)
  await source.sessions.insert(added, event)
  let written: Promise<ReadonlySet<string>> | undefined
  let isAsked = false
  await source.transfer.handOver({ bundleId: 'b', nowMs }, async ({ table }) => {
    if (table !== 'sessions') return
    written = source.sessions.compareAndSet!([added.sid], (found) => ((isAsked = true), rotate(found)))
    // Judged, and on its way to the database, which lets nobody write.
    while (!isAsked) await new Promise((go) => setTimeout(go, 5))
    await new Promise((go) => setTimeout(go, 100))
  })
  expect(await written).toEqual(new Set())
  expect(await source.sessions.find(added.sid)).toMatchObject({ generation: 0 })
})

test('writes nothing where a database of another isolation level would let it see the past', async () => {
  const { added } = await addSession()
  const pool = new Pool({
    connectionString: schema.url.replace(
      '?options=',
      '?options=-c%20default_transaction_isolation%3Dserializable%20',
    ),
  })
  onTestFinished(() => pool.end())
  expect(await createCompareAndSet(pool, undefined)([added.sid], rotate)).toEqual(new Set())
})

test('goes on without named statements where a pooler between forgets them', async () => {
  const { added } = await addSession()
  const pool = new Pool({ connectionString: schema.url, max: 1 })
  onTestFinished(() => pool.end())
  const compareAndSet = createCompareAndSet(pool, undefined)
  for (const statement of ['select 1', 'deallocate all', 'deallocate all']) {
    await pool.query(statement)
    expect(await compareAndSet([added.sid], rotate)).toEqual(new Set([added.sid]))
  }
  expect(await store.sessions.find(added.sid)).toMatchObject({ generation: 3 })
})
