/** Signing keys (sealed) and the registry of server secrets in SQL. */
import type { Kysely } from 'kysely'
import { fromAuditEvent, toSigningKey } from './rows.ts'
import type { SecretStore, SigningKeyStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createSigningKeyStore(db: Kysely<Tables>): SigningKeyStore {
  return {
    list: async (issuer) => {
      const rows = await db
        .selectFrom('signing_keys')
        .selectAll()
        .where('issuer', '=', issuer)
        .orderBy('created_at')
        .orderBy('kid')
        .execute()
      return rows.map(toSigningKey)
    },

    insert: (key, event) =>
      transact(db, async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('signing_keys')
          .values({
            kid: key.kid,
            issuer: key.issuer,
            algorithm: key.algorithm,
            purpose: key.purpose,
            state: key.state,
            sealed_key: key.sealedKey,
            kek_kid: key.kekKid,
            public_jwk: key.publicJwk,
            created_at: key.createdAt,
            activated_at: key.activatedAt,
            retired_at: key.retiredAt,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows === 0n) return false
        await transaction.insertInto('audit').values(fromAuditEvent(event)).execute()
        return true
      }),
  }
}

export function createSecretStore(db: Kysely<Tables>): SecretStore {
  return {
    list: async () => {
      const rows = await db.selectFrom('secrets').selectAll().orderBy('created_at').orderBy('kid').execute()
      return rows.map(({ kid, check_value, state, created_at }) => ({
        kid,
        checkValue: check_value,
        state,
        createdAt: created_at,
      }))
    },

    register: async (secrets) => {
      if (secrets.length === 0) return
      await db
        .insertInto('secrets')
        .values(
          secrets.map(({ kid, checkValue, state, createdAt }) => ({
            kid,
            check_value: checkValue,
            state,
            created_at: createdAt,
          })),
        )
        .onConflict((conflict) => conflict.column('kid').doNothing())
        .execute()
    },
  }
}
