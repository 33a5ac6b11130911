/**
 * Sessions as rows of SQLite. A group reads its rows once: before its transaction, and in it only whether anybody has written
 * since. What it changes is written by one statement for each row, past Kysely's promises, which cost more than the row.
 */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { droppedSecret, secretsOf } from './dropped-secrets.ts'
import type { Execute } from './libsql-executor.ts'
import { prepareQuery } from './prepared-query.ts'
import type { ChangedColumns } from './rows.ts'
import { changedColumns } from './rows.ts'
import type { SessionRows } from './sql-engine.ts'
import { joinedColumns, sessionsOfJson } from './session-values.ts'
import type { SessionWithUser } from './store.ts'
import type { Tables } from './tables.ts'

/** What was read last. */
interface Reading {
  readonly sids: ReadonlySet<string>
  readonly sessions: readonly SessionWithUser[]
  /** Of the database, when it was read. */
  readonly version: string
}

/** @param execute runs statements on the one connection of `db` */
export function createSqliteSessionRows(db: Kysely<Tables>, execute: Execute): SessionRows {
  const compileRead = prepareRead(db)
  const compileUpdate = prepareUpdate(db)
  let last: Reading | undefined
  return {
    findProofs: async (sids) => {
      const { rows } = await db.executeQuery(compileRead({ sids: JSON.stringify(sids) }))
      last = readingOf(sids, rows)
      return last.sessions
    },
    findForChange: async (_transaction, sids) => {
      const isCurrent = last?.version === versionOf(execute<VersionRow>(readVersion, [], 'statement').rows)
      if (!isCurrent || !sids.every((sid) => last?.sids.has(sid))) {
        const { sql: text, parameters } = compileRead({ sids: JSON.stringify(sids) })
        last = readingOf(sids, execute<FoundRow>(text, parameters, 'statement').rows)
      }
      const asked = new Set(sids)
      return { sessions: last?.sessions.filter(({ sid }) => asked.has(sid)) ?? [], clockMs: undefined }
    },
    write: async (_transaction, sessions) => {
      const { rows } = execute(readDropped, [JSON.stringify(secretsOf(sessions))], 'statement')
      if (rows.length > 0) throw droppedSecret()
      for (const session of sessions) {
        const { sql: text, parameters } = compileUpdate(changedColumns(session))
        execute(text, parameters, 'statement')
      }
    },
  }
}

interface VersionRow {
  /** How many rows this connection has changed so far. */
  readonly own: number
  /** Another number whenever another connection has committed (SQLite, PRAGMA data_version). */
  readonly others: number
}

interface FoundRow extends VersionRow {
  readonly found: string
}

const others = '(select data_version from pragma_data_version)'
const readVersion = `select total_changes() as own, ${others} as others`

const readDropped = `select 1 from secrets
  where state = 'dropped' and kid in (select value from json_each(?))`

function versionOf([row]: readonly VersionRow[]): string {
  return `${row?.own}.${row?.others}`
}

function readingOf(sids: readonly string[], rows: readonly FoundRow[]): Reading {
  const sessions = rows.flatMap(({ found }) => sessionsOfJson(found))
  return { sids: new Set(sids), sessions, version: versionOf(rows) }
}

/** All rows as one text of arrays: thirty values of each, taken over one by one, cost twice as long, and so do their names. */
function prepareRead(db: Kysely<Tables>) {
  const columns = joinedColumns.map((name) => sql.ref(name))
  return prepareQuery<FoundRow, 'sids'>((value) =>
    // One statement sees one state of the database: its rows are those of the version that it tells.
    db
      .selectFrom(sql<{ value: string }>`json_each(${value<string>('sids')})`.as('asked'))
      .innerJoin('sessions', 'sessions.sid', 'asked.value')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(sql<string>`json_group_array(json_array(${sql.join(columns)}))`.as('found'))
      .select([sql<number>`total_changes()`.as('own'), sql.raw<number>(others).as('others')]),
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
