/** The registry of server secrets in SQL (P6). */
import type { Kysely, Transaction } from 'kysely'
import { endSessionsOfSecret, insertAuditEvents } from './end-sessions.ts'
import type { Ending } from './ending.ts'
import type { SecretRow, SecretStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createSecretStore(db: Kysely<Tables>, epoch: string): SecretStore {
  return {
    list: () => list(db),
    register: (secrets) => register(db, secrets),
    listUses: async (now) => {
      const uses = await Promise.all([countSessions(db, now), countKeys(db)])
      const [sessions, keys] = uses.map((rows) => new Map(rows.map(({ kid, count }) => [kid, Number(count)])))
      return (await list(db)).map((row) => ({
        ...row,
        sessions: sessions?.get(row.kid) ?? 0,
        keys: keys?.get(row.kid) ?? 0,
      }))
    },
    drop: (kid, ending) => transact(db, (transaction) => drop(transaction, { kid, ending, epoch })),
  }
}

async function list(db: Kysely<Tables>): Promise<readonly SecretRow[]> {
  const rows = await db.selectFrom('secrets').selectAll().orderBy('created_at').orderBy('kid').execute()
  return rows.map(({ kid, check_value, state, created_at }) => ({
    kid,
    checkValue: check_value,
    state,
    createdAt: created_at,
  }))
}

async function register(db: Kysely<Tables>, secrets: readonly SecretRow[]): Promise<void> {
  if (secrets.length === 0) return
  const rows = secrets.map(({ kid, checkValue, state, createdAt }) => ({
    kid,
    check_value: checkValue,
    state,
    created_at: createdAt,
  }))
  await db
    .insertInto('secrets')
    .values(rows)
    .onConflict((conflict) => conflict.column('kid').doNothing())
    .execute()
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
