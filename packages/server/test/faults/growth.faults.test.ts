/** Growth: the database of an installation whose users come and go is as large after 90 days more. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createCleanUp } from '../../src/sessions/clean-up.ts'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import { createDatabase } from '../store/open-test-database.ts'
import { createRefreshEngine } from './refresh-engine.ts'
import type { RefreshEngine } from './refresh-engine.ts'

const dayMs = 86_400_000
/** Sessions live for 14 idle days, rows for 30 more, lines of the audit trail for 90 in all. */
const settled = 115
const signIns = 20

interface Grown {
  readonly engine: RefreshEngine
  /** At the end of a simulated day. */
  readonly rest: () => Promise<unknown>
  readonly measure: () => Promise<{ readonly bytes: number; readonly sessions: number }>
}

async function openSqlite(nowMs: () => number): Promise<Grown> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-growth-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'tessera.db')
  return {
    engine: await createRefreshEngine(nowMs, path),
    rest: async () => undefined,
    measure: async () => {
      const database = new Libsql(path)
      database.pragma('wal_checkpoint(TRUNCATE)')
      const [row] = database.prepare('select count(*) as sessions from sessions').all([]) as {
        sessions: number
      }[]
      database.close()
      return { bytes: statSync(path).size, sessions: row?.sessions ?? 0 }
    },
  }
}

async function openPostgres(nowMs: () => number): Promise<Grown> {
  const { url, drop } = await createDatabase()
  const client = new Client({ connectionString: url })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await drop()
  })
  const sizes = `select sum(pg_total_relation_size(relid))::float as bytes, (select count(*) from sessions)::int as sessions
    from pg_stat_user_tables`
  return {
    engine: await createRefreshEngine(nowMs, await openPostgresStore({ url, clockMs: nowMs })),
    // What autovacuum does meanwhile, in whose days these are seconds: never more than this, and it waits for no lock.
    rest: () => client.query('vacuum sessions, audit, revocations'),
    measure: async () => {
      const { rows } = await client.query<{ bytes: number; sessions: number }>(sizes)
      return { bytes: rows[0]?.bytes ?? 0, sessions: rows[0]?.sessions ?? 0 }
    },
  }
}

test.each([
  ['SQLite', openSqlite],
  ['PostgreSQL', openPostgres],
])(
  'P21: over 90 simulated days the size of the database stays flat on %s',
  { timeout: 240_000 },
  async (name, open) => {
    let nowMs = Date.UTC(2026, 0, 1)
    const { engine, rest, measure } = await open(() => nowMs)
    const cleanUp = createCleanUp({
      store: engine.store,
      clock: { hasJumped: () => false },
      auditSeconds: 90 * 86_400,
      nowMs: () => nowMs,
    })
    let held: string[] = []
    const sizes: { day: number; bytes: number; sessions: number }[] = []
    for (let day = 1; day <= settled + 90; day += 1) {
      nowMs += dayMs
      // Each device comes on three days, then is never seen again; a tenth of them log out.
      const answers = await Promise.all(held.map((token) => engine.refresh(token, undefined)))
      const begun = await Promise.all(Array.from({ length: signIns }, engine.begin))
      await Promise.all(begun.slice(0, signIns / 10).map(engine.end))
      const next = answers.flatMap((answer) => ('token' in answer ? [answer.token] : []))
      held = [...next.slice(0, signIns * 2), ...begun.slice(signIns / 10)].slice(-signIns * 3)
      await cleanUp()
      await rest()
      if (day % 15 === 10) sizes.push({ day, ...(await measure()) })
    }
    await engine.close()
    for (const { day, bytes, sessions } of sizes)
      console.log(`${name}, day ${day}: ${(bytes / 1024 / 1024).toFixed(2)} MiB, ${sessions} sessions`)
    const before = sizes.find(({ day }) => day === settled)
    const after = sizes.at(-1)
    expect(after?.bytes).toBeLessThan((before?.bytes ?? 0) * 1.05)
    expect(after?.sessions).toBeLessThan((before?.sessions ?? 0) * 1.05)
  },
)
