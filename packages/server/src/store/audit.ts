/** The audit trail in SQL: appended, read in pages, never changed. */
import type { Kysely, Selectable } from 'kysely'
import { fromAuditEvent } from './rows.ts'
import type { AuditStore, StoredAuditEvent } from './store.ts'
import type { AuditTable, Tables } from './tables.ts'
import { followEvents, tellEvents } from './told-events.ts'

export function createAuditStore(db: Kysely<Tables>): AuditStore {
  return {
    removeBefore: async (beforeMs, limit) => {
      // In the order of their ids, which is that of time: no index on the time is needed.
      const oldest = db.selectFrom('audit').select(['id', 'at_ms']).orderBy('id').limit(limit).as('oldest')
      const old = db.selectFrom(oldest).select('id').where('at_ms', '<', beforeMs)
      const { numDeletedRows } = await db.deleteFrom('audit').where('id', 'in', old).executeTakeFirstOrThrow()
      return numDeletedRows >= limit
    },
    append: async (event) => {
      await db.insertInto('audit').values(fromAuditEvent(event)).execute()
      tellEvents(db, [event])
    },
    follow: (listener) => followEvents(db, listener),

    list: async ({ before, userId, limit }) => {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
        .$if(userId !== undefined, (query) => query.where('user_id', '=', userId ?? ''))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toAuditEvent)
    },
  }
}

function toAuditEvent(row: Selectable<AuditTable>): StoredAuditEvent {
  return {
    id: row.id,
    atMs: row.at_ms,
    event: row.event,
    ...(row.user_id !== null && { userId: row.user_id }),
    ...(row.sid !== null && { sid: row.sid }),
    ...(row.address_prefix !== null && { addressPrefix: row.address_prefix }),
    ...(row.detail !== null && { detail: JSON.parse(row.detail) as unknown }),
    // As it was written.
  } as StoredAuditEvent
}
