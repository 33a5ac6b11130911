/**
 * Kysely on `pg`. Beside Kysely's own PostgreSQL dialect it names the isolation level in each transaction, tells a failed
 * COMMIT from a failed statement, and closes connections whose state nobody knows.
 */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { StorePhase } from './store-error.ts'
import type { DialectOptions } from './sql-engine.ts'
import { movedCode } from './sql-engine.ts'
import { StoreError } from './store-error.ts'

export function createPgDialect(pool: Pool, options: DialectOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => createDriver(pool, options),
  }
}

const beginAnyway = 'begin isolation level read committed read write'

/** Whoever hands the store over holds this lock alone, and has written that it is moved when it is free again (P9). */
export const moveLock = 0x6d_6f_76_65

const beginUnlessMoved = `${beginAnyway};
select pg_advisory_xact_lock_shared(${moveLock});
select 1 from meta where name = 'moved'`

interface Connection extends DatabaseConnection {
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  release(): void
}

function createDriver(pool: Pool, { evenIfMoved = false }: DialectOptions): Driver {
  const own = (connection: DatabaseConnection): Connection => connection as Connection
  return {
    init: async () => undefined,
    acquireConnection: async () =>
      connectionOf(await take(pool), evenIfMoved ? beginAnyway : beginUnlessMoved),
    beginTransaction: (connection) => own(connection).begin(),
    commitTransaction: (connection) => own(connection).commit(),
    rollbackTransaction: (connection) => own(connection).rollback(),
    releaseConnection: async (connection) => own(connection).release(),
    destroy: () => pool.end(),
  }
}

export async function take(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw new StoreError('begin', error)
  }
}

function connectionOf(client: PoolClient, beginText: string): Connection {
  let isBroken = false
  let isInTransaction = false
  const execute = async <Row>(query: {
    text: string
    values: readonly unknown[]
    phase: StorePhase
  }): Promise<QueryResult<Row>> => {
    try {
      const result: unknown = await client.query(query.text, [...query.values])
      // Several statements have a result each; the last one tells.
      const { rows, rowCount } = (Array.isArray(result) ? result.at(-1) : result) as PgResult
      return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) }
    } catch (error) {
      isBroken ||= !isVerdict(error)
      throw new StoreError(isBroken && query.phase === 'statement' ? 'lost' : query.phase, error)
    }
  }
  const rollback = async (): Promise<void> => {
    isInTransaction = false
    // One that broke takes its transaction with it; one that does not answer would not answer this either.
    if (!isBroken) await execute({ text: 'rollback', values: [], phase: 'statement' })
  }
  const begin = async (): Promise<void> => {
    const { rows } = await execute({ text: beginText, values: [], phase: 'begin' })
    isInTransaction = true
    if (rows.length === 0) return
    await rollback()
    throw new StoreError('begin', { code: movedCode })
  }
  const commit = async (): Promise<void> => {
    await execute({ text: 'commit', values: [], phase: 'commit' })
    isInTransaction = false
  }
  return {
    executeQuery: async <Row>({ sql, parameters }: CompiledQuery) => {
      const query = { text: sql, values: parameters, phase: 'statement' as const }
      if (isInTransaction || isRead(sql)) return execute<Row>(query)
      await begin()
      try {
        const result = await execute<Row>(query)
        await commit()
        return result
      } catch (error) {
        if (isInTransaction) await rollback()
        throw error
      }
    },
    streamQuery() {
      throw new Error('expected a query that is read at once: streams are not used here')
    },
    begin,
    commit,
    rollback,
    // A connection that failed by itself may still be in a transaction of which nobody knows.
    release: () => client.release(isBroken),
  }
}

interface PgResult {
  readonly rows: readonly unknown[]
  readonly rowCount: number | null
}

function isRead(sql: string): boolean {
  return /^\s*(select|with)\b/i.test(sql)
}

/** The server's own answer about a statement, after which the connection goes on: a SQLSTATE that is not about the connection. */
export function isVerdict(error: unknown): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  return (
    typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && severity === 'ERROR' && !/^(08|57)/.test(code)
  )
}
