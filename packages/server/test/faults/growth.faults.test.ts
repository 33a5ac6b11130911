/** Growth: the database of an installation whose users come and go is as large after 90 days more. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Libsql from 'libsql'
import { Client } from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { createCleanUp } from '../../src/sessions/clean-up.ts'
import { openPostgresStore } from '../../src/store/open-postgres.ts'
import { startPostgres } from '../../../../tools/start-postgres.js'
import { createRefreshEngine } from './refresh-engine.ts'
import type { RefreshEngine } from './refresh-engine.ts'

const dayMs = 86_400_000
/** Sessions live for 14 idle days, rows for 30 more, lines of the audit trail for 90 in all. */
const settled = 115
const signIns = 20

interface Part {
  readonly name: string
  readonly bytes: number
  readonly rows: number
  /** By how much it may be larger later, with as many rows: 0.05 is a twentieth. */
  readonly slack: number
}

interface Grown {
  readonly engine: RefreshEngine
  /** At the end of a simulated day. */
  readonly rest: (day: number) => Promise<void>
  readonly measure: () => Promise<readonly Part[]>
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
      return [{ name: 'the file', bytes: statSync(path).size, rows: row?.sessions ?? 0, slack: 0.05 }]
    },
  }
}

/** What autovacuum looks at (PostgreSQL, "The Autovacuum Daemon") of the tables that grow: it comes when `dead` is above `most_dead`. */
const looks = `
  select told.relname as name, pg_total_relation_size(told.relid)::float as bytes,
    n_dead_tup::float as dead, (n_tup_upd + n_tup_del)::float as killed,
    current_setting('autovacuum_vacuum_threshold')::float + greatest(reltuples, 0) * coalesce(
      (select option_value::float from pg_options_to_table(reloptions)
        where option_name = 'autovacuum_vacuum_scale_factor'),
      current_setting('autovacuum_vacuum_scale_factor')::float) as most_dead
  from pg_stat_user_tables as told join pg_class on pg_class.oid = told.relid
  where told.relname in ('sessions', 'audit') order by told.relname`

interface Look {
  readonly name: string
  readonly bytes: number
  readonly dead: number
  readonly killed: number
  readonly most_dead: number
}

/** Simulated days between two looks of autovacuum, whose real ones are a minute apart. */
const daysOfRest = 3

async function openPostgres(nowMs: () => number): Promise<Grown> {
  // One of its own: its autovacuum looks every second, and nothing else goes on in it.
  const server = await startPostgres({ autovacuum_naptime: '1s' })
  const client = new Client({ connectionString: server.url })
  await client.connect()
  onTestFinished(async () => {
    await client.end()
    await server.stop()
  })
  const store = await openPostgresStore({ url: server.url, clockMs: nowMs, connections: 1 })
  const look = async (): Promise<readonly Look[]> => (await client.query<Look>(looks)).rows
  const isDue = ({ dead, most_dead }: Look): boolean => dead > most_dead
  return {
    engine: await createRefreshEngine(nowMs, store),
    rest: async (day) => {
      // What it is held against is as small as it gets.
      if (day <= settled) await client.query('vacuum sessions, audit')
      if (day <= settled || day % daysOfRest !== 0) return
      // What a connection did is told with the first statement that ends a second or more after the last telling.
      await pause(1100)
      await store.check()
      const due = async () => (await look()).filter(isDue)
      await expect.poll(due, { timeout: 60_000, interval: 100 }).toEqual([])
    },
    measure: async () => {
      const parts: Part[] = []
      for (const { name, bytes, killed, most_dead } of await look()) {
        const counted = await client.query<{ rows: number }>(`select count(*)::int as rows from ${name}`)
        const rows = counted.rows[0]?.rows ?? 0
        const dead = most_dead + (killed / daysSince(nowMs())) * daysOfRest
        // Twice: pages of an index that autovacuum emptied are given out again when it has come once more.
        parts.push({ name, bytes, rows, slack: (2 * dead) / rows })
      }
      return parts
    },
  }
}

const beganMs = Date.UTC(2026, 0, 1)
const daysSince = (nowMs: number): number => (nowMs - beganMs) / dayMs

function textOf(parts: readonly Part[]): string {
  return parts
    .map(({ name, bytes, rows, slack }) => {
      const size = (bytes / 1024).toFixed(0)
      return `${name} ${size} KiB, ${rows} rows, may grow by ${(slack * 100).toFixed(0)} %`
    })
    .join('; ')
}

test.each([
  ['SQLite', openSqlite],
  ['PostgreSQL', openPostgres],
])(
  'P21: over 90 simulated days the size of the database stays flat on %s',
  { timeout: 300_000 },
  async (name, open) => {
    let nowMs = beganMs
    const { engine, rest, measure } = await open(() => nowMs)
    const cleanUp = createCleanUp({
      store: engine.store,
      clock: { hasJumped: () => false },
      auditSeconds: 90 * 86_400,
      nowMs: () => nowMs,
    })
    let held: string[] = []
    let before: readonly Part[] = []
    for (let day = 1; day <= settled + 90; day += 1) {
      nowMs += dayMs
      // Each device comes on three days, then is never seen again; a tenth of them log out.
      const answers = await Promise.all(held.map((token) => engine.refresh(token, undefined)))
      const begun = await Promise.all(Array.from({ length: signIns }, engine.begin))
      await Promise.all(begun.slice(0, signIns / 10).map(engine.end))
      const next = answers.flatMap((answer) => ('token' in answer ? [answer.token] : []))
      held = [...next.slice(0, signIns * 2), ...begun.slice(signIns / 10)].slice(-signIns * 3)
      await cleanUp()
      await rest(day)
      if (day === settled) before = await measure()
      if (day % 15 === 10) console.log(`${name}, day ${day}: ${textOf(await measure())}`)
    }
    const after = await measure()
    await engine.close()
    expect(after.length).toBeGreaterThan(0)
    for (const [index, { bytes, rows }] of after.entries()) {
      const was = before[index]
      expect(bytes).toBeLessThanOrEqual((was?.bytes ?? 0) * (1 + (was?.slack ?? 0)))
      expect(rows).toBeLessThan((was?.rows ?? 0) * 1.05)
    }
  },
)
