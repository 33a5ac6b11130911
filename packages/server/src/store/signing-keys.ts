/** Signing keys, sealed, in SQL. */
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import { isNotDropped, refuseDropped } from './dropped-secrets.ts'
import { insertAuditEvents, insertRevocations } from './end-sessions.ts'
import { toSigningKey } from './rows.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { SigningKeyRow, SigningKeyStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createSigningKeyStore(db: Kysely<Tables>, engine: SqlEngine, epoch: string): SigningKeyStore {
  return {
    list: (issuer) => listKeys(db, issuer),
    rewrap: async ({ kid, oldKekKid, kekKid, sealedKey }) => {
      const { numUpdatedRows } = await db
        .updateTable('signing_keys')
        .set({ sealed_key: sealedKey, kek_kid: kekKid })
        .where('kid', '=', kid)
        .where('kek_kid', '=', oldKekKid)
        // One that has gone meanwhile stays so.
        .where('sealed_key', 'is not', null)
        .where(isNotDropped(kekKid))
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
    change: (issuer, decide) =>
      transact(db, async (transaction) => {
        // One key for all issuers: changes are rare, and the lock ends with the transaction, behind a pooler too.
        if (engine.locksRows) await sql`select pg_advisory_xact_lock(${keyLock})`.execute(transaction)
        // After the lock: whoever waited for it decides by the time that it then is.
        const clockMs = engine.locksRows ? await engine.readClock(transaction, 0) : undefined
        const { keys, revocations = [], events } = decide(await listKeys(transaction, issuer), clockMs)
        const sealed = keys.filter(({ sealedKey }) => sealedKey !== null)
        await refuseDropped(
          transaction,
          sealed.map(({ kekKid }) => kekKid),
        )
        for (const key of keys) await writeKey(transaction, key)
        await insertAuditEvents(transaction, events)
        return insertRevocations(transaction, revocations, epoch)
      }),
  }
}

/** "keys" */
const keyLock = 0x6b_65_79_73

async function listKeys(db: Kysely<Tables>, issuer: string): Promise<readonly SigningKeyRow[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .selectAll()
    .where('issuer', '=', issuer)
    .orderBy('created_at')
    .orderBy('kid')
    .execute()
  return rows.map(toSigningKey)
}

async function writeKey(transaction: Transaction<Tables>, key: SigningKeyRow): Promise<void> {
  const changing = {
    state: key.state,
    sealed_key: key.sealedKey,
    kek_kid: key.kekKid,
    activated_at: key.activatedAt,
    retired_at: key.retiredAt,
    gone_at: key.goneAt,
    revoked_at: key.revokedAt,
  }
  await transaction
    .insertInto('signing_keys')
    .values({
      kid: key.kid,
      issuer: key.issuer,
      algorithm: key.algorithm,
      purpose: key.purpose,
      public_jwk: key.publicJwk,
      created_at: key.createdAt,
      ...changing,
    })
    .onConflict((conflict) => conflict.column('kid').doUpdateSet(changing))
    .execute()
}
