/** The store's engine on SQLite: one connection, one writer, statements that stay prepared. */
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type Libsql from 'libsql'
import type { DialectOptions } from './sql-engine.ts'
import { createLibsqlDialect } from './libsql-dialect.ts'
import { prepareQuery } from './prepared-query.ts'
import type { Page, ReadRevocations } from './revocation-page.ts'
import type { ChangedColumns, JoinedRow, ProofRow } from './rows.ts'
import {
  changedColumns,
  joinedColumns,
  proofColumns,
  toRevocation,
  toSessionProof,
  toSessionWithUser,
} from './rows.ts'
import type { SessionRows, SqlEngine } from './sql-engine.ts'
import type { Tables } from './tables.ts'

export function createSqliteEngine(database: Libsql.Database, options: DialectOptions = {}): SqlEngine {
  return {
    dialect: createLibsqlDialect(database, options),
    locksRows: false,
    readClock: async (_db, wallMs) => wallMs,
    createSessionRows,
    // A transaction takes the one write lock as it begins.
    excludeWriters: async () => undefined,
    readRevocations,
  }
}

function createSessionRows(db: Kysely<Tables>): SessionRows {
  const readJoined = prepareFind(db)
  const readProofs = prepareFindProofs(db)
  const update = prepareUpdate(db)
  return {
    findProofs: async (sids) => {
      const { rows } = await db.executeQuery(readProofs({ sids: JSON.stringify(sids) }))
      return rows.map(toSessionProof)
    },
    findForChange: async (transaction, sids) => {
      const { rows } = await transaction.executeQuery(readJoined({ sids: JSON.stringify(sids) }))
      const sessions = rows.flatMap(({ found }) => (JSON.parse(found) as JoinedRow[]).map(toSessionWithUser))
      return { sessions, clockMs: undefined }
    },
    write: async (transaction, sessions) => {
      for (const session of sessions) await transaction.executeQuery(update(changedColumns(session)))
    },
  }
}

/** One text for any number of ids, so that the statement stays prepared. */
function amongIds(ids: RawBuilder<string>): RawBuilder<string> {
  return sql`(select value from json_each(${ids}))`
}

function prepareFindProofs(db: Kysely<Tables>) {
  return prepareQuery<ProofRow, 'sids'>((value) =>
    db
      .selectFrom('sessions')
      .select(proofColumns)
      .where('sid', 'in', amongIds(value('sids'))),
  )
}

/** All rows as one text: thirty values of each, taken over one by one, cost twice as long as reading JSON. */
function prepareFind(db: Kysely<Tables>) {
  const members = joinedColumns.map(([name, column]) => sql`${sql.lit(name)}, ${sql.ref(column)}`)
  return prepareQuery<{ found: string }, 'sids'>((value) =>
    db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(sql<string>`json_group_array(json_object(${sql.join(members)}))`.as('found'))
      .where('sessions.sid', 'in', amongIds(value('sids'))),
  )
}

function prepareUpdate(db: Kysely<Tables>) {
  return prepareQuery<unknown, keyof ChangedColumns>((value) =>
    db
      .updateTable('sessions')
      .set({
        generation: value('generation'),
        epoch: value('epoch'),
        mac_kid: value('mac_kid'),
        mac_from_generation: value('mac_from_generation'),
        rotated_at_ms: value('rotated_at_ms'),
        retry_key_hash: value('retry_key_hash'),
        retry_replays: value('retry_replays'),
        retry_replayed_at_ms: value('retry_replayed_at_ms'),
        clashed: value('clashed'),
        clashed_in_a_row: value('clashed_in_a_row'),
        last_used_at: value('last_used_at'),
        idle_expires_at: value('idle_expires_at'),
        ended_at: value('ended_at'),
        end_reason: value('end_reason'),
      })
      .where('sid', '=', value<string>('sid')),
  )
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
