/** The store's engine on SQLite: one connection, one writer, statements that stay prepared. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type Libsql from 'libsql'
import { createLibsqlDialect } from './libsql-dialect.ts'
import { createExecutor } from './libsql-executor.ts'
import type { Page, ReadRevocations } from './revocation-page.ts'
import { toRevocation } from './rows.ts'
import type { DialectOptions, SqlEngine } from './sql-engine.ts'
import { createSqliteSessionRows } from './sqlite-sessions.ts'
import type { Tables } from './tables.ts'

export function createSqliteEngine(database: Libsql.Database, options: DialectOptions = {}): SqlEngine {
  const execute = createExecutor(database)
  return {
    dialect: createLibsqlDialect(database, execute, options),
    locksRows: false,
    readClock: async (_db, wallMs) => wallMs,
    createSessionRows: (db) => createSqliteSessionRows(db, execute),
    // A transaction takes the one write lock as it begins.
    excludeWriters: async () => undefined,
    readRevocations,
  }
}

/** A place is a position; `AUTOINCREMENT` gives none out twice, and one writer commits them in their order. */
async function readRevocations(db: Kysely<Tables>, { place, now, limit }: ReadRevocations): Promise<Page> {
  const { rows: heads } = await sql<{ head: number; oldest: number | null }>`
    select coalesce((select seq from sqlite_sequence where name = 'revocations'), 0) as head,
      (select min(position) from revocations) as oldest`.execute(db)
  const { head = 0, oldest = null } = heads[0] ?? {}
  const position = place !== undefined && /^\d{1,15}$/.test(place) ? Number(place) : undefined
  const isKnown = position !== undefined && position <= head && position + 1 >= (oldest ?? 0)
  const after = isKnown ? position : 0
  const rows = await db
    .selectFrom('revocations')
    .selectAll()
    .where('position', '>', after)
    .where('position', '<=', head)
    .where('expires_at', '>', now)
    .orderBy('position')
    .limit(limit + 1)
    .execute()
  const entries = rows.slice(0, limit).map(toRevocation)
  const more = rows.length > limit
  const next = more ? (entries.at(-1)?.position ?? head) : head
  return { entries, next: String(next), more, reset: place !== undefined && !isKnown }
}
