/** Transactions, repeated where the database asks for it (P22). */
import type { Kysely, Transaction } from 'kysely'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'

/** Serialization failure and deadlock: the database undid everything and wants it tried again. */
const repeatable: ReadonlySet<string> = new Set(['40001', '40P01'])
const mostTries = 6

/** Runs `work` in one transaction. `work` may run again from its beginning, and must change nothing but the database. */
export async function transact<T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      const again = error instanceof StoreError && repeatable.has(error.databaseCode)
      if (!again || tries === mostTries) throw error
      await new Promise((go) => setTimeout(go, Math.random() * 10 * 2 ** tries))
    }
  }
}
