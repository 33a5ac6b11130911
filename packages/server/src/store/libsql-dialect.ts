/**
 * Kysely on libsql. Beside Kysely's own SQLite dialect it keeps prepared statements, takes the write lock when a
 * transaction begins (a read that later wants to write fails at once with SQLITE_BUSY otherwise), and tells a failed
 * COMMIT from a failed statement. One connection: transactions and queries take turns.
 */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type Libsql from 'libsql'
import type { StorePhase } from './store-error.ts'
import { StoreError } from './store-error.ts'

interface PreparedStatement {
  readonly statement: Libsql.Statement
  readonly isReader: boolean
}

// Queries are few and their texts constant; the cap is only a guard against one that is not.
const maxPreparedStatements = 256

export function createLibsqlDialect(database: Libsql.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => createDriver(database),
  }
}

function createDriver(database: Libsql.Database): Driver {
  const execute = createExecutor(database)
  const turns = createTurns()
  const connection: DatabaseConnection = {
    executeQuery: async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
      execute<Row>(query.sql, query.parameters, 'statement'),
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
    beginTransaction: async () => void execute('begin immediate', [], 'begin'),
    commitTransaction: async () => void execute('commit', [], 'commit'),
    rollbackTransaction: async () => {
      // SQLite has already rolled back by itself after some errors, a full disk among them.
      if (database.inTransaction) execute('rollback', [], 'statement')
    },
    releaseConnection: async () => turns.give(),
    destroy: async () => close(database),
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

type Execute = <Row>(sql: string, parameters: readonly unknown[], phase: StorePhase) => QueryResult<Row>

function createExecutor(database: Libsql.Database): Execute {
  const prepared = new Map<string, PreparedStatement>()
  const prepare = (sql: string): PreparedStatement => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    const made = { statement, isReader: statement.reader }
    if (prepared.size >= maxPreparedStatements) prepared.clear()
    prepared.set(sql, made)
    return made
  }
  return <Row>(sql: string, parameters: readonly unknown[], phase: StorePhase): QueryResult<Row> => {
    try {
      const { statement, isReader } = prepare(sql)
      if (isReader) return { rows: statement.all(parameters) as Row[] }
      const { changes } = statement.run(parameters)
      return { rows: [], numAffectedRows: BigInt(changes) }
    } catch (error) {
      prepared.delete(sql)
      throw new StoreError(phase, error)
    }
  }
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
