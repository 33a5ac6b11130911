/** The store over Kysely: the tables' verbs put together, and what concerns the database as a whole. */
import { Kysely, sql } from 'kysely'
import { createAuditStore } from './audit.ts'
import { createClientStore } from './clients.ts'
import { insertAuditEvents, insertRevocations } from './end-sessions.ts'
import { createSecretStore } from './secrets.ts'
import { createSigningKeyStore } from './signing-keys.ts'
import { createOneTimeTokenStore } from './one-time-tokens.ts'
import { cursorAt, placeOf } from './revocation-page.ts'
import { newEpoch, recover } from './recover.ts'
import { createSessionStore } from './sessions.ts'
import { createSignIns } from './sign-ins.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'
import { createTicketStore } from './tickets.ts'
import { createTransferStore } from './transfer.ts'
import { createUserStore } from './users.ts'

/** Makes the store over a database whose schema is up to date. */
export async function createSqlStore(engine: SqlEngine): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: engine.dialect })
  const epoch = await readMeta(db, 'epoch', newEpoch())
  const recoveredUntil = Number((await findMeta(db, 'recovered_until')) ?? 0)
  const signIns = createSignIns(db, engine)
  return {
    epoch,
    recoveredUntil,
    recover: (options, changes) => recover(db, changes, options),
    users: createUserStore(db, engine, epoch),
    sessions: createSessionStore(db, engine, { epoch, begin: signIns.begin }),
    signingKeys: createSigningKeyStore(db, engine, epoch),
    secrets: createSecretStore(db, engine, epoch),
    throttle: signIns,
    revocations: {
      read: async ({ after, now, limit }) => {
        const place = placeOf(after, epoch)
        const page = await engine.readRevocations(db, { place, now, limit })
        const isForeign = after !== undefined && place === undefined
        return { ...page, next: cursorAt(page.next, epoch), reset: page.reset || isForeign }
      },
      add: (entry, event) =>
        transact(db, async (transaction) => {
          await insertAuditEvents(transaction, [event])
          return insertRevocations(transaction, [entry], epoch)
        }),
    },
    audit: createAuditStore(db),
    clients: createClientStore(db, epoch),
    oneTimeTokens: createOneTimeTokenStore(db, epoch),
    tickets: createTicketStore(db),
    transfer: createTransferStore(db, engine, epoch),
    longestAccessTokenSeconds: (current) => raiseMeta(db, 'longest_access_token_seconds', current),
    removeExpired: (nowMs, limit) => removeExpired(db, nowMs, limit),
    check: async () => void (await sql`select 1 from meta`.execute(db)),
    close: () => db.destroy(),
  }
}

async function findMeta(db: Kysely<Tables>, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

/** Reads a value, after writing it where there is none. */
async function readMeta(db: Kysely<Tables>, name: string, initial: string): Promise<string> {
  const known = await findMeta(db, name)
  if (known !== undefined) return known
  await db
    .insertInto('meta')
    .values({ name, value: initial })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  return readMeta(db, name, initial)
}

async function raiseMeta(db: Kysely<Tables>, name: string, floor: number): Promise<number> {
  const known = await readMeta(db, name, String(floor))
  if (Number(known) >= floor) return Number(known)
  await db
    .updateTable('meta')
    .set({ value: String(floor) })
    .where('name', '=', name)
    // Of two processes that raise it at once, the one that comes second looks again.
    .where('value', '=', known)
    .execute()
  return raiseMeta(db, name, floor)
}

async function removeExpired(db: Kysely<Tables>, nowMs: number, limit: number): Promise<boolean> {
  const revocations = await db
    .deleteFrom('revocations')
    .where('position', 'in', (eb) =>
      eb
        .selectFrom('revocations')
        .select('position')
        .where('expires_at', '<=', Math.floor(nowMs / 1000))
        .limit(limit),
    )
    .executeTakeFirstOrThrow()
  const buckets = await db
    .deleteFrom('throttle_buckets')
    .where('bucket', 'in', (eb) =>
      eb.selectFrom('throttle_buckets').select('bucket').where('full_until_ms', '<=', nowMs).limit(limit),
    )
    .executeTakeFirstOrThrow()
  const others = []
  for (const table of ['used_assertions', 'one_time_tokens', 'tickets'] as const) {
    const expired = db
      .selectFrom(table)
      .select('id')
      .where('expires_at', '<=', Math.floor(nowMs / 1000))
      .limit(limit)
    others.push(await db.deleteFrom(table).where('id', 'in', expired).executeTakeFirstOrThrow())
  }
  return [revocations, buckets, ...others].some(({ numDeletedRows }) => numDeletedRows >= limit)
}
