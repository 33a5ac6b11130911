/** Runs statements on libsql, which stay prepared. */
import type { QueryResult } from 'kysely'
import type Libsql from 'libsql'
import type { StorePhase } from './store-error.ts'
import { StoreError } from './store-error.ts'

/** Runs one statement at once. @throws {StoreError} of that phase */
export type Execute = <Row>(
  sql: string,
  parameters: readonly unknown[],
  phase: StorePhase,
) => QueryResult<Row>

interface PreparedStatement {
  readonly statement: Libsql.Statement
  readonly isReader: boolean
}

// Queries are few and their texts constant; the cap is only a guard against one that is not.
const maxPreparedStatements = 256

export function createExecutor(database: Libsql.Database): Execute {
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
