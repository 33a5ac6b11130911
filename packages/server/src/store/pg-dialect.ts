/**
 * Kysely on `pg`. Beside Kysely's own PostgreSQL dialect it names the isolation level in each transaction, tells a failed
 * COMMIT from a failed statement, and closes connections whose state nobody knows.
 */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { StorePhase } from './store-error.ts'
import { StoreError } from './store-error.ts'

export function createPgDialect(pool: Pool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => createDriver(pool),
  }
}

interface Connection extends DatabaseConnection {
  run(text: string, phase: StorePhase): Promise<void>
  rollback(): Promise<void>
  release(): void
}

function createDriver(pool: Pool): Driver {
  const own = (connection: DatabaseConnection): Connection => connection as Connection
  return {
    init: async () => undefined,
    acquireConnection: async () => connectionOf(await take(pool)),
    beginTransaction: (connection) =>
      own(connection).run('begin isolation level read committed read write', 'begin'),
    commitTransaction: (connection) => own(connection).run('commit', 'commit'),
    rollbackTransaction: (connection) => own(connection).rollback(),
    releaseConnection: async (connection) => own(connection).release(),
    destroy: () => pool.end(),
  }
}

async function take(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw new StoreError('begin', error)
  }
}

function connectionOf(client: PoolClient): Connection {
  let isBroken = false
  const execute = async <Row>(query: {
    text: string
    values: readonly unknown[]
    phase: StorePhase
  }): Promise<QueryResult<Row>> => {
    try {
      const { rows, rowCount } = await client.query(query.text, [...query.values])
      return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) }
    } catch (error) {
      isBroken ||= !isVerdict(error)
      throw new StoreError(isBroken && query.phase === 'statement' ? 'lost' : query.phase, error)
    }
  }
  return {
    executeQuery: <Row>({ sql, parameters }: CompiledQuery) =>
      execute<Row>({ text: sql, values: parameters, phase: 'statement' }),
    streamQuery() {
      throw new Error('expected a query that is read at once: streams are not used here')
    },
    run: async (text, phase) => void (await execute({ text, values: [], phase })),
    rollback: async () => {
      // One that broke takes its transaction with it; one that does not answer would not answer this either.
      if (!isBroken) await execute({ text: 'rollback', values: [], phase: 'statement' })
    },
    // A connection that failed by itself may still be in a transaction of which nobody knows.
    release: () => client.release(isBroken),
  }
}

/** The server's own answer about a statement, after which the connection goes on: a SQLSTATE that is not about the connection. */
function isVerdict(error: unknown): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return (
    typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && severity === 'ERROR' && !/^(08|57)/.test(code)
  )
}
