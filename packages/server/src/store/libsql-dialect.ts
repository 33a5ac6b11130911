/**
 * Kysely on libsql. Beside Kysely's own SQLite dialect it takes the write lock when a
 * transaction begins (a read that later wants to write fails at once with SQLITE_BUSY otherwise), and tells a failed
 * COMMIT from a failed statement. One connection: transactions and queries take turns. Whoever waits for another process, or
 * for the disk, waits beside the event loop: SQLite's own time-out, or a sync, would hold every other request up.
 */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type Libsql from 'libsql'
import Beside from 'libsql/promise'
import type { Execute } from './libsql-executor.ts'
import type { StorePhase } from './store-error.ts'
import type { DialectOptions } from './sql-engine.ts'
import { movedCode } from './sql-engine.ts'
import { StoreError } from './store-error.ts'

/** @param execute runs statements on this database */
export function createLibsqlDialect(
  database: Libsql.Database,
  execute: Execute,
  options: DialectOptions,
): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => createDriver(database, execute, options),
  }
}

function createDriver(
  database: Libsql.Database,
  execute: Execute,
  { evenIfMoved = false }: DialectOptions,
): Driver {
  const turns = createTurns()
  const beginWriting = async (): Promise<void> => {
    await begin(database)
    if (!evenIfMoved) refuseMoved(database, execute)
  }
  const connection: DatabaseConnection = {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> => {
      const work = (): QueryResult<Row> => execute<Row>(sql, parameters, 'statement')
      return database.inTransaction || isRead(sql) ? work() : inTransaction(database, beginWriting, work)
    },
    streamQuery() {
      throw new Error('expected a query that is read at once: streams are not used on SQLite')
    },
  }
  return {
    init: async () => undefined,
    acquireConnection: async () => {
      await turns.take()
      return connection
    },
    beginTransaction: beginWriting,
    commitTransaction: () => commit(database),
    rollbackTransaction: async () => rollback(database),
    releaseConnection: async () => turns.give(),
    destroy: async () => close(database),
  }
}

/** Another process holds the write lock for a commit at a time: longer than this is an outage. */
const patienceMs = 2000
const firstPauseMs = 2
const longestPauseMs = 50

/**
 * Takes the write lock, and waits while another process holds it. Not by a prepared statement, and no other statement ever
 * waits for a lock: what SQLite refused as busy goes on being a statement in progress, and no COMMIT succeeds beside it.
 */
async function begin(database: Libsql.Database): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return run(database, 'begin immediate', 'begin')
    } catch (error) {
      const isBusy = error instanceof StoreError && error.databaseCode.startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() >= giveUpAt) throw error
      await new Promise((go) => setTimeout(go, pauseMs))
    }
  }
}

/** Inside the transaction: whoever hands the store over holds the same lock. */
function refuseMoved(database: Libsql.Database, execute: Execute): void {
  const { rows } = execute("select 1 from meta where name = 'moved'", [], 'begin')
  if (rows.length === 0) return
  rollback(database)
  throw new StoreError('begin', { code: movedCode })
}

function run(database: Libsql.Database, sql: string, phase: StorePhase): void {
  try {
    database.exec(sql)
  } catch (error) {
    throw new StoreError(phase, error)
  }
}

/**
 * Writes and syncs on a thread of libsql, which both of its faces have in common: a disk that is slow keeps those waiting who
 * wrote, and whoever wants this connection next, and nobody else. A database in memory has no disk to wait for.
 */
async function commit(database: Libsql.Database): Promise<void> {
  if (database.memory) return run(database, 'commit', 'commit')
  try {
    await (Reflect.apply(Beside.prototype.exec, database, ['commit']) as Promise<void>)
  } catch (error) {
    throw new StoreError('commit', error)
  }
}

function rollback(database: Libsql.Database): void {
  // SQLite has already rolled back by itself after some errors, a full disk among them.
  if (database.inTransaction) run(database, 'rollback', 'statement')
}

function isRead(sql: string): boolean {
  return /^\s*(select|with)\b/i.test(sql)
}

/** One statement that writes, in a transaction of its own. */
async function inTransaction<T>(
  database: Libsql.Database,
  beginWriting: () => Promise<void>,
  work: () => T,
): Promise<T> {
  await beginWriting()
  try {
    const result = work()
    await commit(database)
    return result
  } catch (error) {
    rollback(database)
    throw error
  }
}

/** Moves the write-ahead log into the file, so that a copy of the file alone is whole, and closes. */
function close(database: Libsql.Database): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // The log is replayed when the file is opened again.
  }
  database.close()
}

/** The one connection, taken in turn and given on in the order of asking. */
function createTurns(): { take(): Promise<void>; give(): void } {
  const waiting: (() => void)[] = []
  let isTaken = false
  return {
    take: () => {
      if (isTaken) return new Promise((resolve) => waiting.push(resolve))
      isTaken = true
      return Promise.resolve()
    },
    give: () => {
      const next = waiting.shift()
      if (next === undefined) isTaken = false
      else next()
    },
  }
}
