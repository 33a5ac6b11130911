/** What only a PostgreSQL can do wrong: opening, locks in the wrong order, cursors that run ahead of commits. */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import { migrations } from '../../src/store/migrations/all.ts'
import type { Session, Store } from '../../src/store/store.ts'
import { beatOf } from '../../src/store/contract/secret-contract.ts'
import { manySessions } from './many-sessions.ts'
import { createSchema, execute, testDatabase } from './open-test-database.ts'
import { event, id, now, session, user } from '../../src/store/contract/records.ts'

let schema: Awaited<ReturnType<typeof createSchema>>
const stores: Store[] = []
beforeAll(async () => {
  schema = await createSchema()
})
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()))
  await schema.drop()
})

async function open(url = schema.url): Promise<Store> {
  const store = await openPostgresStore({ url, connections: 4 })
  stores.push(store)
  return store
}

async function addSessions(store: Store, count: number): Promise<readonly Session[]> {
  const owner = user()
  await store.users.insert(owner, event)
  const sessions = Array.from({ length: count }, () =>
    session(owner, { idleExpiresAt: now * 2, absoluteExpiresAt: now * 2 }),
  )
  for (const one of sessions) await store.sessions.insert(one, event)
  return sessions
}

describe('opening', () => {
  test('four at once migrate once and agree on the epoch', async () => {
    const fresh = await createSchema()
    const opened = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url: fresh.url })))
    expect(new Set(opened.map(({ epoch }) => epoch)).size).toBe(1)
    await Promise.all(opened.map((store) => store.close()))
    await fresh.drop()
  })

  test.each([
    ['nobody answers', 'postgres://u:hidden@127.0.0.1:1/d', 'database_unusable'],
    [
      'there is no such database',
      testDatabase?.replace(/[^/]*$/, 'no_such_database') ?? '',
      'database_unusable',
    ],
  ])('is refused when %s, in words without the password', async (_what, url, code) => {
    const error: unknown = await openPostgresStore({ url }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toContain('hidden')
  })

  test('P7: is refused where commits are acknowledged before they are on the disk', async () => {
    const url = new URL(schema.url)
    url.searchParams.set('options', `${url.searchParams.get('options')} -c synchronous_commit=off`)
    await expect(openPostgresStore({ url: url.href })).rejects.toThrow('synchronous_commit')
  })

  test('is refused when a newer version wrote the database, or a migration was altered', async () => {
    const fresh = await createSchema()
    await (await openPostgresStore({ url: fresh.url })).close()
    const altered = migrations.map((migration) => ({ ...migration, postgres: `${migration.postgres} ` }))
    await expect(openPostgresStore({ url: fresh.url, migrations: altered })).rejects.toMatchObject({
      code: 'database_foreign',
    })
    await expect(openPostgresStore({ url: fresh.url, migrations: [] })).rejects.toThrow('newer version')
    await fresh.drop()
  })

  test('is refused where another application has tables of our names, and leaves them alone', async () => {
    const fresh = await createSchema()
    await execute(fresh.url, 'create table users (name text)')
    await expect(openPostgresStore({ url: fresh.url })).rejects.toMatchObject({ code: 'database_foreign' })
    await execute(fresh.url, 'select name from users')
    await fresh.drop()
  })
})

test('P22: overlapping groups from three processes never deadlock, and no change is lost', async () => {
  const first = await open()
  const processes = [first, await open(), await open()]
  const sids = (await addSessions(first, 40)).map(({ sid }) => sid)
  const turns = processes.flatMap((store, process) =>
    Array.from({ length: 60 }, (_, turn) => {
      const some = sids.filter((_sid, index) => (index * 7 + turn * 3 + process) % 4 === 0)
      const shuffled = turn % 2 === 0 ? some : [...some].reverse()
      return store.sessions
        .change([...shuffled, ...shuffled], (found) =>
          [...found.values()].map((session) => ({
            session: { ...session, generation: session.generation + 1 },
          })),
        )
        .then(() => some)
    }),
  )
  const touched = (await Promise.all(turns)).flat()
  const counts = await first.sessions.change(sids, (found) => {
    for (const sid of sids) {
      expect(found.get(sid)?.generation).toBe(touched.filter((name) => name === sid).length)
    }
    return []
  })
  expect(counts).toEqual([])
})

test('P3: 2,000 entries of 8 writers whose commits come out of order, and a transaction left open in another database: none is missed', async () => {
  const reader = await open()
  const other = new Client({ connectionString: schema.url.replace(/\/[^/?]*\?/, '/postgres?') })
  await other.connect()
  await other.query('begin')
  await other.query('select pg_current_xact_id()')
  const written = new Set<string>()
  const told = new Set<string>()
  const write = async (): Promise<void> => {
    const client = new Client({ connectionString: schema.url })
    await client.connect()
    for (let count = 0; count < 250; count += 1) {
      const sid = id()
      await client.query('begin')
      await client.query(
        `insert into revocations (epoch, kind, sid, created_at, expires_at) values ($1, 'session', $2, 0, $3)`,
        [reader.epoch, sid, now * 2],
      )
      if (count % 5 === 0) await new Promise((go) => setTimeout(go, Math.random() * 20))
      await client.query('commit')
      written.add(sid)
    }
    await client.end()
  }
  let isWriting = true
  const writers = Promise.all(Array.from({ length: 8 }, write)).finally(() => (isWriting = false))
  let after: string | undefined
  const read = async (): Promise<void> => {
    const page = await reader.revocations.read({ ...(after !== undefined && { after }), now, limit: 300 })
    for (const { sid } of page.entries) told.add(sid ?? '')
    after = page.next
    if (page.more) await read()
  }
  while (isWriting) {
    await read()
    await new Promise((go) => setTimeout(go, 5))
  }
  await writers
  await read()
  await other.query('rollback')
  await other.end()
  expect(written.size).toBe(2000)
  expect([...written].filter((sid) => !told.has(sid))).toEqual([])
})

test('P2: a session that begins while the password changes is ended by the change, or does not begin', async () => {
  const [one, two] = [await open(), await open()]
  for (let count = 0; count < 30; count += 1) {
    const [current] = (await addSessions(one, 1)) as [Session]
    const { sid: currentSid, userId } = current
    const begun = { ...current, sid: id() }
    const ending = { atMs: now * 1000, reason: 'password_changed', keepSeconds: 60 } as const
    const change = { userId, credentialVersion: 1, passwordHash: 'h', currentSid, ending, event }
    const [inserted, ended] = await Promise.all([
      one.sessions.insert(begun, event),
      two.users.changePassword(change),
    ])
    const live = await one.sessions.listLive(userId, now)
    expect(live.map(({ sid }) => sid)).toEqual([currentSid])
    expect(ended?.some(({ sid }) => sid === begun.sid)).toBe(inserted !== undefined)
  }
})

test('a connection that the server ends is replaced, and the next call succeeds', async () => {
  const url = new URL(schema.url)
  url.searchParams.set('application_name', 'terminated')
  const store = await open(url.href)
  await store.check()
  await execute(
    schema.url,
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'terminated'",
  )
  await Promise.allSettled(Array.from({ length: 4 }, () => store.check()))
  expect(await store.users.findById('nobody')).toBeUndefined()
})

test('P6: a secret that more sessions hang on than one statement looks at ends all of them, and no other', async () => {
  const fresh = await createSchema()
  const store = await openPostgresStore({ url: fresh.url })
  await store.secrets.beat(beatOf('a', 'old', 'new'))
  await execute(fresh.url, manySessions)
  const ending = { atMs: 1_000_000, reason: 'secret_dropped', keepSeconds: 660 } as const
  expect(await store.secrets.drop('old', ending)).toEqual({ sessions: 10_001, keys: 0 })
  const uses = await store.secrets.listUses(1000)
  expect(uses.map(({ kid, sessions }) => [kid, sessions])).toEqual([
    ['new', 10_001],
    ['old', 0],
  ])
  await store.close()
  await fresh.drop()
})
