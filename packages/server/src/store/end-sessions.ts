/** Ends sessions inside a transaction: rows, revocation entries and audit lines together (P14). */
import type { Transaction } from 'kysely'
import { fromAuditEvent, fromRevocation, toRevocation } from './rows.ts'
import { sessionEndedEntry, sessionEndedEvent } from './session-ended.ts'
import type { AuditEvent, Ending, NewRevocation, Revocation } from './store.ts'
import type { Tables } from './tables.ts'

/** Rows of one INSERT, well under SQLite's limit of bound values. */
const insertRows = 500

export interface EndSessions {
  readonly epoch: string
  readonly userId: string
  /** The session that goes on. */
  readonly keepSid?: string
  readonly ending: Ending
}

/** Ends the live sessions of a user, and returns the entries that were written. */
export async function endSessionsOfUser(
  transaction: Transaction<Tables>,
  { epoch, userId, keepSid, ending }: EndSessions,
): Promise<readonly Revocation[]> {
  const now = Math.floor(ending.atMs / 1000)
  const ended = await transaction
    .updateTable('sessions')
    .set({ ended_at: now, end_reason: ending.reason })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .where('absolute_expires_at', '>', now)
    .$if(keepSid !== undefined, (query) => query.where('sid', '<>', keepSid ?? ''))
    .returning('sid')
    .execute()
  const sids = ended.map(({ sid }) => sid)
  await insertAuditEvents(
    transaction,
    sids.map((sid) => sessionEndedEvent({ sid, userId }, ending)),
  )
  const entries = sids.map((sid) => sessionEndedEntry(sid, ending))
  return insertRevocations(transaction, entries, epoch)
}

/** Ends every live session, for whatever user. */
export async function endAllSessions(
  transaction: Transaction<Tables>,
  { epoch, ending }: Pick<EndSessions, 'epoch' | 'ending'>,
): Promise<readonly Revocation[]> {
  const now = Math.floor(ending.atMs / 1000)
  const ended = await transaction
    .updateTable('sessions')
    .set({ ended_at: now, end_reason: ending.reason })
    .where('ended_at', 'is', null)
    .where('absolute_expires_at', '>', now)
    .returning(['sid', 'user_id'])
    .execute()
  await insertAuditEvents(
    transaction,
    ended.map(({ sid, user_id: userId }) => sessionEndedEvent({ sid, userId }, ending)),
  )
  const entries = ended.map(({ sid }) => sessionEndedEntry(sid, ending))
  return insertRevocations(transaction, entries, epoch)
}

/** Ends the live sessions whose tokens are made with a secret, and calls back the keys that were sealed under it. */
export async function endSessionsOfSecret(
  transaction: Transaction<Tables>,
  {
    kid,
    keys,
    epoch,
    ending,
  }: Pick<EndSessions, 'epoch' | 'ending'> & { kid: string; keys: readonly string[] },
): Promise<number> {
  const now = Math.floor(ending.atMs / 1000)
  const ended = await transaction
    .updateTable('sessions')
    .set({ ended_at: now, end_reason: ending.reason })
    .where('mac_kid', '=', kid)
    .where('ended_at', 'is', null)
    .where('absolute_expires_at', '>', now)
    .returning(['sid', 'user_id'])
    .execute()
  await insertAuditEvents(
    transaction,
    ended.map(({ sid, user_id: userId }) => sessionEndedEvent({ sid, userId }, ending)),
  )
  const expiresAt = now + ending.keepSeconds
  const entries = [
    ...ended.map(({ sid }) => sessionEndedEntry(sid, ending)),
    ...keys.map((key) => ({ kind: 'key' as const, kid: key, createdAt: now, expiresAt })),
  ]
  await insertRevocations(transaction, entries, epoch)
  return ended.length
}

export async function insertRevocations(
  transaction: Transaction<Tables>,
  entries: readonly NewRevocation[],
  epoch: string,
): Promise<readonly Revocation[]> {
  const written: Revocation[] = []
  for (let from = 0; from < entries.length; from += insertRows) {
    const rows = entries.slice(from, from + insertRows).map((entry) => fromRevocation(entry, epoch))
    const inserted = await transaction.insertInto('revocations').values(rows).returningAll().execute()
    written.push(...inserted.map(toRevocation))
  }
  return written
}

export async function insertAuditEvents(
  transaction: Transaction<Tables>,
  events: readonly AuditEvent[],
): Promise<void> {
  for (let from = 0; from < events.length; from += insertRows) {
    const rows = events.slice(from, from + insertRows).map(fromAuditEvent)
    await transaction.insertInto('audit').values(rows).execute()
  }
}
