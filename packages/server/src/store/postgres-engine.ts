/** The store's engine on PostgreSQL: rows locked in one order, batches in one statement (P22), cursors by transaction (P3). */
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Pool } from 'pg'
import { changedTypes } from './changed-types.ts'
import { createCompareAndSet } from './compare-and-set.ts'
import { refuseDropped, secretsOf } from './dropped-secrets.ts'
import { createPgDialect, moveLock } from './pg-dialect.ts'
import type { Page, ReadRevocations } from './revocation-page.ts'
import type { JoinedRow, ProofRow, RevocationRow, SessionRow } from './rows.ts'
import { changedColumns, proofColumns, toRevocation, toSessionProof, toSessionWithUser } from './rows.ts'
import type { DialectOptions, FoundSessions, SessionRows, SqlEngine } from './sql-engine.ts'
import type { Session } from './store.ts'
import type { Tables } from './tables.ts'

export function createPostgresEngine(pool: Pool, options: DialectOptions = {}): SqlEngine {
  const { clockMs } = options
  return {
    dialect: createPgDialect(pool, options),
    locksRows: true,
    readClock: (db) => (clockMs === undefined ? readClock(db) : Promise.resolve(clockMs())),
    createSessionRows: (db) => createSessionRows(db, clockMs),
    compareAndSet: createCompareAndSet(pool, clockMs),
    excludeWriters: async (transaction) => {
      await sql`select pg_advisory_xact_lock(${moveLock})`.execute(transaction)
      // Single statements take no lock of ours: they wait for this one, and then see what was written meanwhile.
      await sql`lock table sessions in exclusive mode`.execute(transaction)
    },
    readRevocations,
  }
}

/** Not `now()`, which stands still in a transaction that waits for a lock. */
async function readClock(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ at: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::bigint as at`.execute(db)
  return Number(rows[0]?.at)
}

function createSessionRows(db: Kysely<Tables>, clockMs: (() => number) | undefined): SessionRows {
  return {
    findProofs: async (sids) => {
      const columns = sql.join(proofColumns.map((name) => sql.ref(name)))
      const { rows } = await sql<ProofRow>`
        select ${columns} from sessions where sid = any(${[...sids]}::text[])`.execute(db)
      return rows.map(toSessionProof)
    },
    findForChange: async (transaction, sids) => {
      const found = await joinUsers(transaction, await lockSessions(transaction, sids))
      return clockMs === undefined ? found : { ...found, clockMs: clockMs() }
    },
    write: writeSessions,
  }
}

/** In the order of their ids: two groups that share sessions wait for each other and never in a circle. */
async function lockSessions(
  transaction: Transaction<Tables>,
  sids: readonly string[],
): Promise<readonly SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select * from sessions where sid = any(${[...sids]}::text[]) order by sid for update`.execute(transaction)
  return rows
}

/** A statement of its own, after the locks: it sees what a change of password committed while they were waited for. */
async function joinUsers(
  transaction: Transaction<Tables>,
  sessions: readonly SessionRow[],
): Promise<FoundSessions> {
  if (sessions.length === 0) return { sessions: [], clockMs: undefined }
  const ids = [...new Set(sessions.map((row) => row.user_id))]
  const { rows } = await sql<
    Pick<JoinedRow, 'user_roles' | 'user_credential_version' | 'user_disabled_at'> & {
      id: string
      clock_ms: number
    }
  >`
    select (extract(epoch from clock_timestamp()) * 1000)::bigint as clock_ms, id, roles as user_roles, credential_version as user_credential_version, disabled_at as user_disabled_at
    from users where id = any(${ids}::text[])`.execute(transaction)
  const users = new Map(rows.map(({ id, ...user }) => [id, user]))
  const joined = sessions.flatMap((row) => {
    const user = users.get(row.user_id)
    return user === undefined ? [] : [toSessionWithUser({ ...row, ...user })]
  })
  return { sessions: joined, clockMs: rows[0]?.clock_ms }
}

const changedNames = Object.keys(changedTypes) as (keyof typeof changedTypes)[]

async function writeSessions(transaction: Transaction<Tables>, sessions: readonly Session[]): Promise<void> {
  if (sessions.length === 0) return
  await refuseDropped(transaction, secretsOf(sessions))
  const rows = sessions.map(changedColumns)
  const arrays = changedNames.map(
    (name) => sql`${rows.map((row) => row[name])}::${sql.raw(changedTypes[name])}[]`,
  )
  const assignments = changedNames
    .filter((name) => name !== 'sid')
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`changed.${name}`)}`)
  const names = changedNames.map((name) => sql.ref(name))
  await sql`update sessions set ${sql.join(assignments)} from unnest(${sql.join(arrays)}) as changed (${sql.join(names)})
    where sessions.sid = changed.sid`.execute(transaction)
}

type PageRow = { low: string; high: string } & {
  [Name in keyof RevocationRow]: RevocationRow[Name] | null
} & {
  xid: string | null
}

/**
 * A place is `low`: every entry of a transaction before it has been seen. Identities would not do: they become visible
 * in the order of commits (171 of 2,000 lost in a trial). While pages go on, `low.xid.position` says where within.
 */
async function readRevocations(db: Kysely<Tables>, { place, now, limit }: ReadRevocations): Promise<Page> {
  const known = /^(\d{1,20})(?:\.(\d{1,20})\.(\d{1,18}))?$/.exec(place ?? '')
  const [, low = '0', xid = low, position = '0'] = known ?? []
  const rows = await selectPage(db, { xid, position, now, limit: limit + 1 })
  const [first] = rows
  if (first === undefined) throw new Error('expected one row at least')
  if (BigInt(low) > BigInt(first.high))
    return { ...(await readRevocations(db, { place: undefined, now, limit })), reset: true }
  const entries = rows.filter(isEntry).slice(0, limit)
  const last = entries.at(-1)
  const more = rows.length > limit
  // The first page of a reading saw the least: what was still open then is read again next time.
  const resume = known?.[2] === undefined ? first.low : low
  const next = more && last !== undefined ? `${resume}.${last.xid}.${last.position}` : resume
  return { entries: entries.map(toRevocation), next, more, reset: place !== undefined && known === null }
}

function isEntry(row: PageRow): row is PageRow & RevocationRow & { xid: string } {
  return row.position !== null
}

async function selectPage(
  db: Kysely<Tables>,
  { xid, position, now, limit }: { xid: string; position: string; now: number; limit: number },
): Promise<readonly PageRow[]> {
  // One statement, so that its snapshot is the one that `low` speaks of.
  const { rows } = await sql<PageRow>`
    select head.low, head.high, entry.*
    from (select pg_snapshot_xmin(pg_current_snapshot())::text as low,
        pg_snapshot_xmax(pg_current_snapshot())::text as high) as head
      left join lateral (
        select position, xid::text as xid, epoch, kind, sid, session_version, jti, kid, created_at, expires_at
        from revocations
        where (revocations.xid, position) > (${xid}::xid8, ${position}::bigint) and expires_at > ${now}
        order by revocations.xid, position limit ${limit}
      ) as entry on true`.execute(db)
  return rows
}
