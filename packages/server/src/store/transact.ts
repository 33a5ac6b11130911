/** Transactions, repeated where the database asks for it (P22). */
import type { Kysely, Transaction } from 'kysely'
import { StoreError } from './store-error.ts'
import type { Tables } from './tables.ts'
import type { AuditEvent } from './audit-event.ts'
import { collectEvents, tellEvents } from './told-events.ts'

/** Serialization failure and deadlock: the database undid everything and wants it tried again. */
const repeatable: ReadonlySet<string> = new Set(['40001', '40P01'])
const mostTries = 6

/** Runs `work` in one transaction. `work` may run again from its beginning, and must change nothing but the database. */
export async function transact<T>(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const events: AuditEvent[] = []
    try {
      const result = await db.transaction().execute((transaction) => {
        collectEvents(transaction, events)
        return work(transaction)
      })
      tellEvents(db, events)
      return result
    } catch (error) {
      const again = error instanceof StoreError && repeatable.has(error.databaseCode)
      if (!again || tries === mostTries) throw error
      await new Promise((go) => setTimeout(go, Math.random() * 10 * 2 ** tries))
    }
  }
}
