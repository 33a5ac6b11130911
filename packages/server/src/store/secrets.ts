/** The registry of server secrets in SQL (P6). */
import type { Kysely, Transaction } from 'kysely'
import { beat } from './beat.ts'
import { endSessionsOfSecret, insertAuditEvents } from './end-sessions.ts'
import type { Ending } from './ending.ts'
import { listSecrets } from './list-secrets.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { SecretStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createSecretStore(db: Kysely<Tables>, engine: SqlEngine, epoch: string): SecretStore {
  return {
    list: () => listSecrets(db),
    beat: (process) => beat(db, engine, process),
    leave: async (processId) => void (await db.deleteFrom('processes').where('id', '=', processId).execute()),
    listUses: async (now) => {
      const uses = await Promise.all([countSessions(db, now), countKeys(db)])
      const [sessions, keys] = uses.map((rows) => new Map(rows.map(({ kid, count }) => [kid, Number(count)])))
      return (await listSecrets(db)).map((row) => ({
        ...row,
        sessions: sessions?.get(row.kid) ?? 0,
        keys: keys?.get(row.kid) ?? 0,
      }))
    },
    drop: (kid, ending) =>
      transact(db, async (transaction) => {
        // What is being written under it is there to be ended, and whoever comes later sees that it was dropped.
        await engine.excludeWriters(transaction)
        return drop(transaction, { kid, ending, epoch })
      }),
  }
}

function countSessions(db: Kysely<Tables>, now: number) {
  return db
    .selectFrom('sessions')
    .select((eb) => ['mac_kid as kid', eb.fn.countAll().as('count')])
    .where('ended_at', 'is', null)
    .where('absolute_expires_at', '>', now)
    .groupBy('mac_kid')
    .execute()
}

function countKeys(db: Kysely<Tables>) {
  return db
    .selectFrom('signing_keys')
    .select((eb) => ['kek_kid as kid', eb.fn.countAll().as('count')])
    .where('state', '<>', 'gone')
    .groupBy('kek_kid')
    .execute()
}

async function drop(
  transaction: Transaction<Tables>,
  { kid, ending, epoch }: { kid: string; ending: Ending; epoch: string },
): Promise<{ sessions: number; keys: number } | undefined> {
  const now = Math.floor(ending.atMs / 1000)
  const { numUpdatedRows } = await transaction
    .updateTable('secrets')
    .set({ state: 'dropped', dropped_at: now })
    .where('kid', '=', kid)
    .where('state', '=', 'live')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return undefined
  const keys = await transaction
    .updateTable('signing_keys')
    .set({ state: 'gone', sealed_key: null, gone_at: now, revoked_at: now })
    .where('kek_kid', '=', kid)
    .where('state', '<>', 'gone')
    .returning('kid')
    .execute()
  const ended = await endSessionsOfSecret(transaction, {
    kid,
    ending,
    epoch,
    keys: keys.map((key) => key.kid),
  })
  const counts = { sessions: ended, keys: keys.length }
  await insertAuditEvents(transaction, [
    { atMs: ending.atMs, event: 'secret.dropped', detail: { kid, ...counts } },
  ])
  return counts
}
