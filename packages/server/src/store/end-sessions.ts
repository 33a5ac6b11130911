/** Ends sessions inside a transaction: rows, revocation entries and audit lines together (P14). */
import type { Transaction } from 'kysely'
import { fromAuditEvent, fromRevocation, toRevocation } from './rows.ts'
import { sessionEndedEntry, sessionEndedEvent } from './session-ended.ts'
import type { AuditEvent, Ending, NewRevocation, Revocation } from './store.ts'
import type { Tables } from './tables.ts'
import { noteWritten } from './told-events.ts'

/** Rows of one INSERT, well under SQLite's limit of bound values. */
const insertRows = 500

/** Sessions that one statement looks at where all are looked through: no time limit stops it, however many there are. */
const pageRows = 5000

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
  { epoch, ending, ...which }: EndSessions,
): Promise<readonly Revocation[]> {
  return insertRevocations(transaction, await endLive(transaction, ending, which), epoch)
}

/** Ends every live session, for whatever user. */
export async function endAllSessions(
  transaction: Transaction<Tables>,
  { epoch, ending }: Pick<EndSessions, 'epoch' | 'ending'>,
): Promise<readonly Revocation[]> {
  return insertRevocations(transaction, await endLive(transaction, ending, 'all'), epoch)
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
  const createdAt = Math.floor(ending.atMs / 1000)
  const expiresAt = createdAt + ending.keepSeconds
  const calledBack = keys.map((key) => ({ kind: 'key' as const, kid: key, createdAt, expiresAt }))
  await insertRevocations(transaction, calledBack, epoch)
  let count = 0
  let after: string | undefined = ''
  while (after !== undefined) {
    const upTo = await endOfPage(transaction, after)
    const ended = await endLive(transaction, ending, { macKid: kid, after, upTo })
    await insertRevocations(transaction, ended, epoch)
    count += ended.length
    after = upTo
  }
  return count
}

/** Undefined: there is no more than a page after it. */
async function endOfPage(transaction: Transaction<Tables>, after: string): Promise<string | undefined> {
  const page = transaction.selectFrom('sessions').select('sid').where('sid', '>', after).orderBy('sid')
  return (await page.limit(1).offset(pageRows).executeTakeFirst())?.sid
}

/** Of a secret, and of a part of the sessions in the order of their ids. */
interface OfSecret {
  readonly macKid: string
  readonly after: string
  readonly upTo: string | undefined
}

type Which = Pick<EndSessions, 'userId' | 'keepSid'> | OfSecret | 'all'

/** Ends live sessions with their audit lines, and gives the entries that are still to be written. */
async function endLive(
  transaction: Transaction<Tables>,
  ending: Ending,
  which: Which,
): Promise<readonly NewRevocation[]> {
  const now = Math.floor(ending.atMs / 1000)
  let query = transaction
    .updateTable('sessions')
    .set({ ended_at: now, end_reason: ending.reason })
    .where('ended_at', 'is', null)
    .where('absolute_expires_at', '>', now)
  if (which !== 'all' && 'macKid' in which) {
    query = query.where('mac_kid', '=', which.macKid).where('sid', '>', which.after)
    if (which.upTo !== undefined) query = query.where('sid', '<=', which.upTo)
  }
  if (which !== 'all' && 'userId' in which) {
    query = query.where('user_id', '=', which.userId)
    if (which.keepSid !== undefined) query = query.where('sid', '<>', which.keepSid)
  }
  const ended = await query.returning(['sid', 'user_id']).execute()
  const events = ended.map(({ sid, user_id: userId }) => sessionEndedEvent({ sid, userId }, ending))
  await insertAuditEvents(transaction, events)
  return ended.map(({ sid }) => sessionEndedEntry(sid, ending))
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
  noteWritten(transaction, events)
}
