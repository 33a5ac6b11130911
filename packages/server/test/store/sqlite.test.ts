import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Libsql from 'libsql'
import Beside from 'libsql/promise'
import * as vitest from 'vitest'
import { migrateSqlite } from '../../src/store/migrate-sqlite.ts'
import { migrations } from '../../src/store/migrations/all.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import { createSqlStore } from '../../src/store/sql-store.ts'
import { createSqliteEngine } from '../../src/store/sqlite-engine.ts'
import { beatOf } from '../../src/store/contract/secret-contract.ts'
import { manySessions } from './many-sessions.ts'
import { testStore } from '../../src/store/contract/store-contract.ts'

const { afterAll, describe, expect, test } = vitest

const folder = mkdtempSync(join(tmpdir(), 'tessera-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
const newPath = (): string => join(folder, `${(count += 1)}.db`)

describe('SQLite in memory', () => testStore(() => openSqliteStore({ path: ':memory:' }), vitest))
describe('SQLite in a file', () => testStore(() => openSqliteStore({ path: newPath() }), vitest))

test('P6: a secret that more sessions hang on than one statement looks at ends all of them, and no other', async () => {
  const path = newPath()
  const store = await openSqliteStore({ path })
  await store.secrets.beat(beatOf('a', 'old', 'new'))
  const database = new Libsql(path)
  database.exec(manySessions)
  database.close()
  const ending = { atMs: 1_000_000, reason: 'secret_dropped', keepSeconds: 660 } as const
  expect(await store.secrets.drop('old', ending)).toEqual({ sessions: 10_001, keys: 0 })
  const uses = await store.secrets.listUses(1000)
  expect(uses.map(({ kid, sessions }) => [kid, sessions])).toEqual([
    ['new', 10_001],
    ['old', 0],
  ])
  await store.close()
})

test('a page of all sessions reads a part of one index, however many sessions there are', async () => {
  const database = new Libsql(newPath())
  migrateSqlite(database, migrations, 'test')
  const asked: string[] = []
  const prepare = database.prepare.bind(database)
  const store = await createSqlStore(createSqliteEngine(database))
  database.prepare = (sql: string) => {
    asked.push(sql)
    return prepare(sql)
  }
  await store.sessions.listAllLive({ now: 1, limit: 50, after: '1767225600.abc' })
  const pages = asked.filter((sql) => sql.includes('(sessions.created_at, sessions.sid) <'))
  expect(pages).toHaveLength(2)
  for (const sql of pages) {
    const count = sql.split('?').length - 1
    const steps = prepare(`explain query plan ${sql}`).all(...Array.from({ length: count }, () => 1))
    const plan = (steps as { detail: string }[]).map(({ detail }) => detail)
    expect(plan).toContainEqual(expect.stringMatching(/^SEARCH sessions USING .*INDEX sessions_by_time/))
    expect(plan).not.toContainEqual(expect.stringMatching(/^SCAN|TEMP B-TREE/))
  }
  await store.close()
})

const failing = new WeakMap<object, (sql: string) => boolean>()
/** What the disk waits for before it syncs. */
let disk: Promise<unknown> = Promise.resolve()
const execBeside = Reflect.get(Beside.prototype, 'exec') as (sql: string) => Promise<void>
Beside.prototype.exec = async function (this: object, sql: string): Promise<void> {
  if (failing.get(this)?.(sql) === true) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
  await disk
  await execBeside.call(this, sql)
}

/** A store on a database that fails where a test says so. */
async function openFailing(fails: (sql: string) => boolean) {
  const database = new Libsql(newPath())
  migrateSqlite(database, migrations, 'test')
  const prepare = database.prepare.bind(database)
  database.prepare = ((sql: string) => {
    const statement = prepare(sql)
    const run = statement.run.bind(statement)
    statement.run = (...values: unknown[]) => {
      if (fails(sql)) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
      return run(...values)
    }
    return statement
  }) as typeof database.prepare
  const exec = database.exec.bind(database)
  database.exec = (sql: string) => {
    if (fails(sql)) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' })
    return exec(sql)
  }
  failing.set(database, fails)
  return { database, store: await createSqlStore(createSqliteEngine(database)) }
}

describe('P14: a transaction that fails', () => {
  const addNobody = { atMs: 1, event: 'user.created' } as const
  const ada = {
    id: 'ada',
    username: 'ada',
    usernameNormalised: 'ada',
    passwordHash: null,
    credentialVersion: 1,
    roles: [],
    scope: 'account',
    email: null,
    emailVerifiedAt: null,
    createdAt: 1,
    disabledAt: null,
  }

  test.each(['begin', 'statement', 'commit'] as const)(
    'in its %s is undone and told as that',
    async (phase) => {
      let isFull = false
      const at = { begin: /^begin/, statement: /^insert into "audit"/, commit: /^commit/ }[phase]
      const { store, database } = await openFailing((sql) => isFull && at.test(sql))
      isFull = true
      await expect(store.users.insert(ada, addNobody)).rejects.toMatchObject({
        phase,
        databaseCode: 'SQLITE_FULL',
      })
      expect(database.inTransaction).toBe(false)
      isFull = false
      expect(await store.users.findByName('ada')).toBeUndefined()
      expect(await store.users.insert(ada, addNobody)).toBe('inserted')
      await store.close()
    },
  )

  test('a disk that is really full undoes the transaction, and the store goes on when there is room', async () => {
    const database = new Libsql(newPath())
    migrateSqlite(database, migrations, 'test')
    const store = await createSqlStore(createSqliteEngine(database))
    const [{ page_count: pages }] = database.pragma('page_count') as [{ page_count: number }]
    database.pragma(`max_page_count = ${pages}`)
    const detail = { scope: 'x'.repeat(100_000) }
    await expect(store.users.insert(ada, { ...addNobody, detail })).rejects.toMatchObject({
      databaseCode: expect.stringContaining('SQLITE_FULL'),
    })
    expect(database.inTransaction).toBe(false)
    expect(await store.users.findByName('ada')).toBeUndefined()
    database.pragma('max_page_count = 100000')
    expect(await store.users.insert(ada, { ...addNobody, detail })).toBe('inserted')
    await store.close()
  })
})

describe('P15: attempts at a full bucket', () => {
  const bucket = { key: 'b', capacity: 1, refillMs: 60_000 }
  const nowMs = 1_000_000

  test('cost one transaction a second, however many they are', async () => {
    let begun = 0
    const { store } = await openFailing((sql) => {
      begun += sql.startsWith('begin') ? 1 : 0
      return false
    })
    begun = 0
    await store.throttle.charge([bucket], nowMs)
    expect(await store.throttle.charge([bucket], nowMs)).toBe(60_000)
    expect(begun).toBe(2)
    for (let ms = 0; ms < 1000; ms += 10) {
      expect(await store.throttle.charge([bucket], nowMs + ms)).toBe(60_000 - ms)
    }
    expect(begun).toBe(2)
    expect(await store.throttle.charge([bucket], nowMs + 1000)).toBe(59_000)
    expect(begun).toBe(3)
    await store.close()
  })

  test('meet the room that another process gave back, a second later at most', async () => {
    const path = newPath()
    const [store, other] = [await openSqliteStore({ path }), await openSqliteStore({ path })]
    await other.throttle.charge([bucket], nowMs)
    expect(await store.throttle.charge([bucket], nowMs)).toBe(60_000)
    await other.throttle.refund([bucket], nowMs)
    expect(await store.throttle.charge([bucket], nowMs + 1000)).toBe(0)
    await Promise.all([store.close(), other.close()])
  })
})

test('P14: while the disk is waited for nobody is answered, and the event loop goes on', async () => {
  const { store } = await openFailing(() => false)
  const note = { atMs: 1, event: 'user.deleted' } as const
  let sync = (): void => undefined
  disk = new Promise<void>((go) => (sync = go))
  let written = 0
  const both = [1, 2].map(() => store.audit.append(note).then(() => (written += 1)))
  const read = store.audit.list({ limit: 9 })
  await new Promise((go) => setTimeout(go, 20))
  expect(written).toBe(0)
  sync()
  await Promise.all(both)
  expect(await read).toHaveLength(2)
  await store.close()
})

test('whoever waits for the lock of another process waits two seconds, and writes as before when it is free', async () => {
  const path = newPath()
  const store = await openSqliteStore({ path })
  const other = new Libsql(path)
  const note = { atMs: 1, event: 'user.created' } as const
  other.exec('BEGIN EXCLUSIVE')
  let turns = 0
  const counting = setInterval(() => (turns += 1), 10)
  await expect(store.audit.append(note)).rejects.toMatchObject({ phase: 'begin', isOutage: true })
  clearInterval(counting)
  // The event loop went on meanwhile.
  expect(turns).toBeGreaterThan(10)
  const waiting = store.audit.append(note)
  other.exec('ROLLBACK')
  await waiting
  await store.secrets.beat(beatOf('a', 'kid'))
  expect(await store.secrets.list()).toHaveLength(1)
  other.close()
  await store.close()
})

test('processes that open one new database at once migrate it once, and agree on its epoch', async () => {
  const path = newPath()
  const built = fileURLToPath(new URL('../../dist/store/open-sqlite.js', import.meta.url))
  const script = `import { openSqliteStore } from ${JSON.stringify(built)}
    const store = await openSqliteStore({ path: ${JSON.stringify(path)} })
    process.stdout.write(store.epoch)
    await store.close()`
  const open = async (): Promise<string> => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [told, faults] = ['', '']
    child.stdout.on('data', (chunk) => (told += String(chunk)))
    child.stderr.on('data', (chunk) => (faults += String(chunk)))
    await once(child, 'close')
    return faults === '' ? told : `failed: ${faults}`
  }
  const epochs = await Promise.all([open(), open(), open(), open()])
  expect(new Set(epochs).size).toBe(1)
  expect(epochs[0]).toMatch(/^[\w-]{8}$/)
  const database = new Libsql(path)
  expect(database.prepare('SELECT count(*) AS n FROM schema_migrations').all([])).toEqual([
    { n: migrations.length },
  ])
  database.close()
})
