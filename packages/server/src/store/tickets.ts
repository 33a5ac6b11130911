/** Tickets in SQL: used up by the one DELETE that returns them. */
import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import type { Ticket, TicketStore } from './ticket-store.ts'

export function createTicketStore(db: Kysely<Tables>): TicketStore {
  return {
    insert: async ({ id, claims, scope, audience, path, expiresAt }) => {
      const row = { id, claims: JSON.stringify(claims), scope, audience, path, expires_at: expiresAt }
      await db.insertInto('tickets').values(row).execute()
    },

    take: async (id, now) => {
      const row = await db
        .deleteFrom('tickets')
        .where('id', '=', id)
        .where('expires_at', '>', now)
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { scope, audience, path, expires_at: expiresAt } = row
      return { id, claims: JSON.parse(row.claims) as Ticket['claims'], scope, audience, path, expiresAt }
    },
  }
}
