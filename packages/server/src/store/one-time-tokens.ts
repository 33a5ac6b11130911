/** One-time tokens in SQL: used up by the DELETE that finds them, so that of two who come at once one gets it. */
import type { Kysely, Transaction } from 'kysely'
import { endSessionsOfUser, insertAuditEvents } from './end-sessions.ts'
import type { OneTimeTokenKind, OneTimeTokenStore } from './one-time-token-store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createOneTimeTokenStore(db: Kysely<Tables>, epoch: string): OneTimeTokenStore {
  return {
    insert: (token) =>
      transact(db, async (transaction) => {
        await transaction
          .deleteFrom('one_time_tokens')
          .where('user_id', '=', token.userId)
          .where('kind', '=', token.kind)
          .execute()
        const { id, kind, userId, credentialVersion, email, expiresAt } = token
        await transaction
          .insertInto('one_time_tokens')
          .values({
            id,
            kind,
            user_id: userId,
            credential_version: credentialVersion,
            email,
            expires_at: expiresAt,
          })
          .execute()
      }),

    find: async (id, kind, now) => {
      const row = await db
        .selectFrom('one_time_tokens')
        .innerJoin('users', 'users.id', 'one_time_tokens.user_id')
        .select(['users.id', 'users.username'])
        .where('one_time_tokens.id', '=', id)
        .where('kind', '=', kind)
        .where('expires_at', '>', now)
        .whereRef('users.credential_version', '=', 'one_time_tokens.credential_version')
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      return row && { userId: row.id, username: row.username }
    },

    resetPassword: ({ id, passwordHash, ending, event }) =>
      transact(db, async (transaction) => {
        const now = Math.floor(ending.atMs / 1000)
        const token = await useUp(transaction, { id, kind: 'password_reset', now })
        if (token === undefined) return undefined
        const changed = await transaction
          .updateTable('users')
          .set({
            password_hash: passwordHash,
            password_changed_at: now,
            credential_version: token.credential_version + 1,
          })
          .where('id', '=', token.user_id)
          .where('credential_version', '=', token.credential_version)
          .where('disabled_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (changed.numUpdatedRows === 0n) return undefined
        await insertAuditEvents(transaction, [{ ...event, userId: token.user_id }])
        return endSessionsOfUser(transaction, { epoch, userId: token.user_id, ending })
      }),

    verifyEmail: ({ id, now, event }) =>
      transact(db, async (transaction) => {
        const token = await useUp(transaction, { id, kind: 'email_verification', now })
        if (token === undefined) return false
        const changed = await transaction
          .updateTable('users')
          .set({ email_verified_at: now })
          .where('id', '=', token.user_id)
          .where('email', '=', token.email)
          .executeTakeFirstOrThrow()
        if (changed.numUpdatedRows === 0n) return false
        await insertAuditEvents(transaction, [{ ...event, userId: token.user_id }])
        return true
      }),
  }
}

function useUp(
  transaction: Transaction<Tables>,
  { id, kind, now }: { readonly id: string; readonly kind: OneTimeTokenKind; readonly now: number },
) {
  return transaction
    .deleteFrom('one_time_tokens')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
}
