/** Users in SQL. */
import { sql } from 'kysely'
import type { Kysely, RawBuilder, Transaction } from 'kysely'
import { changeClaims } from './change-claims.ts'
import type { AuditEvent } from './audit-event.ts'
import { endSessionsOfUser, insertAuditEvents } from './end-sessions.ts'
import type { InsertSession } from './insert-session.ts'
import { prepareInsertSession } from './insert-session.ts'
import { prepareQuery } from './prepared-query.ts'
import type { UserRow } from './rows.ts'
import { fromUser, toUser } from './rows.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { PasswordChange, Revocation, UserStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createUserStore(db: Kysely<Tables>, engine: SqlEngine, epoch: string): UserStore {
  const insertSession = prepareInsertSession(db, engine)
  const findByName = prepareFindByName(db)
  return {
    insert: (user, event) =>
      transact(db, async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('users')
          .values(fromUser(user))
          .onConflict((conflict) => conflict.column('username_normalised').doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows === 0n) return 'taken'
        await insertAuditEvents(transaction, [event])
        return 'inserted'
      }),

    findByName: async (usernameNormalised) => {
      const { rows } = await db.executeQuery(findByName({ name: usernameNormalised }))
      return rows[0] && toUser(rows[0])
    },

    findById: async (id) => {
      const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toUser(row)
    },

    upsertExternal: async (user) => {
      const { username, username_normalised, roles } = fromUser(user)
      const row = await db
        .insertInto('users')
        .values(fromUser(user))
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ username, username_normalised, roles }))
        .returningAll()
        .executeTakeFirstOrThrow()
      return toUser(row)
    },

    replaceHash: async ({ userId, verifiedHash, passwordHash }) => {
      const { numUpdatedRows } = await db
        .updateTable('users')
        .set({ password_hash: passwordHash })
        .where('id', '=', userId)
        .where('password_hash', '=', verifiedHash)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    changePassword: (change) =>
      transact(db, (transaction) => changePassword(transaction, { insertSession, epoch, change })),

    insertMany: (users, event) =>
      transact(db, async (transaction) => {
        if (users.length === 0) return new Set()
        const added = await transaction
          .insertInto('users')
          .values(users.map(fromUser))
          .onConflict((conflict) => conflict.doNothing())
          .returning('id')
          .execute()
        const detail = { ...event.detail, added: added.length }
        await insertAuditEvents(transaction, [{ ...event, detail } as AuditEvent])
        return new Set(added.map(({ id }) => id))
      }),

    list: async ({ after, part, limit }) => {
      const rows = await db
        .selectFrom('users')
        .selectAll()
        .$if(after !== undefined, (query) => query.where('username_normalised', '>', after ?? ''))
        .$if(part !== undefined, (query) => query.where(hasPart(part ?? '')))
        .orderBy('username_normalised')
        .limit(limit)
        .execute()
      return rows.map(toUser)
    },

    sampleHashes: async (after, limit) => {
      const rows = await db
        .selectFrom('users')
        .select('password_hash')
        .where('id', '>=', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.flatMap(({ password_hash }) => (password_hash === null ? [] : [password_hash]))
    },

    remove: (userId, credentialVersion, ending) =>
      transact(db, async (transaction) => {
        const changed = await transaction
          .updateTable('users')
          .set({ credential_version: credentialVersion + 1 })
          .where('id', '=', userId)
          .where('credential_version', '=', credentialVersion)
          .executeTakeFirstOrThrow()
        if (changed.numUpdatedRows === 0n) return undefined
        const ended = await endSessionsOfUser(transaction, { epoch, userId, ending })
        await transaction.deleteFrom('users').where('id', '=', userId).execute()
        const event = { atMs: ending.atMs, event: 'user.deleted' as const, userId }
        await insertAuditEvents(transaction, [event])
        return ended
      }),

    changeClaims: (change) =>
      transact(db, (transaction) => changeClaims(transaction, { engine, epoch, change })),

    enable: (userId, event) =>
      transact(db, async (transaction) => {
        const enabled = await transaction
          .updateTable('users')
          .set({ disabled_at: null })
          .where('id', '=', userId)
          .where('disabled_at', 'is not', null)
          .executeTakeFirstOrThrow()
        if (enabled.numUpdatedRows === 0n) return false
        await insertAuditEvents(transaction, [event])
        return true
      }),

    disable: (userId, ending) =>
      transact(db, async (transaction) => {
        const disabled = await transaction
          .updateTable('users')
          .set((eb) => ({
            disabled_at: Math.floor(ending.atMs / 1000),
            credential_version: eb('credential_version', '+', 1),
          }))
          .where('id', '=', userId)
          .where('disabled_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (disabled.numUpdatedRows === 0n) return undefined
        const event = { atMs: ending.atMs, event: 'user.disabled' as const, userId }
        await insertAuditEvents(transaction, [event])
        return endSessionsOfUser(transaction, { epoch, userId, ending })
      }),
  }
}

/** Each log-in asks twice. */
function prepareFindByName(db: Kysely<Tables>) {
  return prepareQuery<UserRow, 'name'>((value) =>
    db.selectFrom('users').selectAll().where('username_normalised', '=', value<string>('name')),
  )
}

/** `%`, `_` and the escape itself stand for themselves: what is looked for is text, not a pattern. */
function hasPart(part: string): RawBuilder<boolean> {
  const pattern = `%${part.replace(/[%_!]/g, '!$&')}%`
  return sql`username_normalised like ${pattern} escape '!'`
}

async function changePassword(
  transaction: Transaction<Tables>,
  { insertSession, epoch, change }: { insertSession: InsertSession; epoch: string; change: PasswordChange },
): Promise<readonly Revocation[] | undefined> {
  const { userId, credentialVersion, passwordHash, currentSid, renewed, ending, event } = change
  const changed = await transaction
    .updateTable('users')
    .set({
      password_hash: passwordHash,
      password_changed_at: Math.floor(ending.atMs / 1000),
      credential_version: credentialVersion + 1,
    })
    .where('id', '=', userId)
    .where('credential_version', '=', credentialVersion)
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (changed.numUpdatedRows === 0n) return undefined
  await insertAuditEvents(transaction, [event])
  if (renewed !== undefined) {
    const ended = await endSessionsOfUser(transaction, { epoch, userId, ending })
    await insertSession(transaction, renewed)
    return ended
  }
  await transaction
    .updateTable('sessions')
    .set({ credential_version: credentialVersion + 1 })
    .where('sid', '=', currentSid)
    .where('ended_at', 'is', null)
    .execute()
  return endSessionsOfUser(transaction, { epoch, userId, keepSid: currentSid, ending })
}
