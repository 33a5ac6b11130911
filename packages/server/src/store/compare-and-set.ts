/**
 * Sessions on PostgreSQL, written over without locks that anybody waits for: one statement reads, this process judges, and
 * one statement writes those whose rows are still the ones that were read. What is not written is for `change`, which waits.
 *
 * A row is known by `xmin`, the transaction that wrote it: whatever somebody else changed, it is another. `skip locked`
 * leaves out what is being changed, so that two groups never wait for each other in a circle (P22).
 */
import type { Pool } from 'pg'
import { changedTypes } from './changed-types.ts'
import type { PgStatement } from './pg-statement.ts'
import { createPgStatements } from './pg-statement.ts'
import { changedColumns } from './rows.ts'
import type { Session, SessionStore } from './session-store.ts'
import { joinedColumns, sessionsOfJson } from './session-values.ts'

/** Who wrote the rows of a session and of its user: a decimal number each. */
type RowVersions = readonly [sid: string, session: string, user: string]

/** All rows as two texts, which costs a third of taking thirty values of each over. */
const read: PgStatement = {
  name: 'tessera_read_sessions',
  text: `select (extract(epoch from clock_timestamp()) * 1000)::bigint,
    coalesce(json_agg(json_build_array(${joinedColumns.join()})), '[]')::text,
    coalesce(json_agg(json_build_array(sessions.sid, sessions.xmin, users.xmin)), '[]')::text
  from sessions join users on users.id = sessions.user_id
  where sessions.sid = any($1::text[])`,
}

const recordTypes = { ...changedTypes, session_xmin: 'xid', user_xmin: 'xid' }

const written = Object.keys(changedTypes).filter((name) => name !== 'sid')

/**
 * The locks of its tables are taken before a statement looks: it sees what whoever hands the store over, or drops a
 * secret, has written before it let go of `sessions` (P9, P6). That holds at READ COMMITTED alone.
 */
const write: PgStatement = {
  name: 'tessera_write_sessions',
  text: `with changed as materialized (
    select * from json_to_recordset($1::json) as changed
      (${Object.entries(recordTypes)
        .map((column) => column.join(' '))
        .join()})
  ), unchanged as materialized (
    select sessions.sid from sessions join changed using (sid)
    where sessions.xmin = changed.session_xmin order by sid for update of sessions skip locked
  )
  update sessions set ${written.map((name) => `${name} = changed.${name}`).join()}
  from changed join unchanged using (sid), users
  where sessions.sid = changed.sid and users.id = sessions.user_id and users.xmin = changed.user_xmin
    and not exists (select from secrets where kid = changed.mac_kid and state = 'dropped')
    and not exists (select from meta where name = 'moved')
    and current_setting('transaction_isolation') = 'read committed'
  returning sessions.sid`,
}

/** @param clockMs In the place of the database's own clock, for tests. */
export function createCompareAndSet(
  pool: Pool,
  clockMs: (() => number) | undefined,
): NonNullable<SessionStore['compareAndSet']> {
  const withConnection = createPgStatements(pool)
  return (sids, decide) =>
    withConnection(async (run) => {
      const [[atMs, values, versions]] = (await run(read, [sids])) as [[number, string, string]]
      const sessions = new Map(sessionsOfJson(values).map((session) => [session.sid, session]))
      const changed = decide(sessions, clockMs?.() ?? atMs)
      if (changed.length === 0) return new Set()
      const asRead = new Map((JSON.parse(versions) as RowVersions[]).map((row) => [row[0], row]))
      const rows = changed.map((session) => fromChanged(session, asRead.get(session.sid)))
      return new Set((await run(write, [JSON.stringify(rows)])).map(([sid]) => String(sid)))
    })
}

function fromChanged(session: Session, versions: RowVersions | undefined): object {
  if (versions === undefined) throw new Error('expected a session that was read')
  const row: ReturnType<typeof changedColumns> & { session_xmin?: string; user_xmin?: string } =
    changedColumns(session)
  // Set, not spread: on Node 20 a copy to which names are added costs ten times as much.
  row.session_xmin = versions[1]
  row.user_xmin = versions[2]
  return row
}
