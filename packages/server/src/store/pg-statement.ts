/** Statements of the hot path on PostgreSQL: parsed once on each connection, each a transaction of its own. */
import type { Pool, PoolClient } from 'pg'
import { isVerdict, take } from './pg-dialect.ts'
import { StoreError } from './store-error.ts'

export interface PgStatement {
  readonly name: string
  readonly text: string
}

/** @throws {StoreError} `statement` when the server refused it, `lost` when nobody knows what became of it */
export type RunStatement = (
  statement: PgStatement,
  values: readonly unknown[],
) => Promise<readonly (readonly unknown[])[]>

/** A pooler that hands each transaction to another connection knows no statement by its name. */
const unknownName: ReadonlySet<unknown> = new Set(['26000', '42P05'])

/** @returns lends a connection to what it is given, which runs one statement after the other on it */
export function createPgStatements(pool: Pool): <T>(work: (run: RunStatement) => Promise<T>) => Promise<T> {
  let isNamed = true
  const runOn = async (client: PoolClient, { name, text }: PgStatement, values: readonly unknown[]) => {
    const query = { text, values: [...values], rowMode: 'array' as const }
    const wasNamed = isNamed
    try {
      return await client.query<unknown[]>(wasNamed ? { ...query, name } : query)
    } catch (error) {
      if (!wasNamed || !unknownName.has((error as { code?: unknown }).code)) throw error
      isNamed = false
      return client.query<unknown[]>(query)
    }
  }
  return async (work) => {
    const client = await take(pool)
    let isBroken = false
    try {
      return await work(async (statement, values) => {
        try {
          return (await runOn(client, statement, values)).rows
        } catch (error) {
          isBroken ||= !isVerdict(error)
          throw new StoreError(isBroken ? 'lost' : 'statement', error)
        }
      })
    } finally {
      client.release(isBroken)
    }
  }
}
