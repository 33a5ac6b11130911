/** Clients and their used assertions in SQL. */
import { createHash } from 'node:crypto'
import type { Insertable, Kysely, Selectable } from 'kysely'
import type { Client, ClientStore } from './client-store.ts'
import { insertAuditEvents, insertRevocations } from './end-sessions.ts'
import type { ClientsTable, Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createClientStore(db: Kysely<Tables>, epoch: string): ClientStore {
  return {
    insert: (client, event) =>
      transact(db, async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('clients')
          .values(fromClient(client))
          .onConflict((conflict) => conflict.column('client_id').doNothing())
          .executeTakeFirstOrThrow()
        if (numInsertedOrUpdatedRows === 0n) return 'taken'
        await insertAuditEvents(transaction, [event])
        return 'inserted'
      }),

    find: async (clientId) => {
      const row = await db
        .selectFrom('clients')
        .selectAll()
        .where('client_id', '=', clientId)
        .executeTakeFirst()
      return row && toClient(row)
    },

    list: async ({ after, limit }) => {
      const rows = await db
        .selectFrom('clients')
        .selectAll()
        .$if(after !== undefined, (query) => query.where('client_id', '>', after ?? ''))
        .orderBy('client_id')
        .limit(limit)
        .execute()
      return rows.map(toClient)
    },

    replaceSecret: ({ clientId, secretHash, event }) =>
      transact(db, async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('clients')
          .set({ secret_hash: secretHash })
          .where('client_id', '=', clientId)
          .where('secret_hash', 'is not', null)
          .where('revoked_at', 'is', null)
          .executeTakeFirstOrThrow()
        if (numUpdatedRows === 0n) return false
        await insertAuditEvents(transaction, [event])
        return true
      }),

    revoke: (clientId, { atMs, keepSeconds }) =>
      transact(db, async (transaction) => {
        const now = Math.floor(atMs / 1000)
        const row = await transaction
          .updateTable('clients')
          .set({ revoked_at: now })
          .where('client_id', '=', clientId)
          .where('revoked_at', 'is', null)
          .returning('token_sid')
          .executeTakeFirst()
        if (row === undefined) return undefined
        const event = { atMs, event: 'client.revoked' as const, detail: { clientId } }
        await insertAuditEvents(transaction, [event])
        const entry = { sid: row.token_sid, createdAt: now, expiresAt: now + keepSeconds }
        return insertRevocations(transaction, [{ kind: 'session', ...entry }], epoch)
      }),

    useAssertion: async ({ clientId, jti, expiresAt }) => {
      // Hashed, so that whatever a client writes there has one size.
      const id = createHash('sha256')
        .update(JSON.stringify([clientId, jti]))
        .digest('base64url')
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('used_assertions')
        .values({ id, expires_at: expiresAt })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },
  }
}

function toClient(row: Selectable<ClientsTable>): Client {
  return {
    clientId: row.client_id,
    name: row.name,
    secretHash: row.secret_hash,
    jwkSet: row.jwk_set,
    scope: row.scope,
    audiences: JSON.parse(row.audiences) as string[],
    roles: JSON.parse(row.roles) as string[],
    tokenSid: row.token_sid,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  }
}

function fromClient(client: Client): Insertable<ClientsTable> {
  return {
    client_id: client.clientId,
    name: client.name,
    secret_hash: client.secretHash,
    jwk_set: client.jwkSet,
    scope: client.scope,
    audiences: JSON.stringify(client.audiences),
    roles: JSON.stringify(client.roles),
    token_sid: client.tokenSid,
    created_at: client.createdAt,
    revoked_at: client.revokedAt,
  }
}
