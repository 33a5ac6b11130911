/** What tokens say of a user changes: older tokens are refused, and his sessions go on (P11). */
import type { Transaction } from 'kysely'
import { insertAuditEvents, insertRevocations } from './end-sessions.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { ClaimsChange, NewRevocation, Revocation } from './store.ts'
import type { Tables } from './tables.ts'

/** @returns the entries that were written; undefined when there is no such user */
export async function changeClaims(
  transaction: Transaction<Tables>,
  { engine, epoch, change }: { engine: SqlEngine; epoch: string; change: ClaimsChange },
): Promise<readonly Revocation[] | undefined> {
  const { userId, roles, scope, event } = change
  const user = await transaction
    .selectFrom('users')
    .select(['roles', 'scope'])
    .where('id', '=', userId)
    // A log-in waits, and begins its session with what is written here.
    .$if(engine.locksRows, (query) => query.forUpdate())
    .executeTakeFirst()
  if (user === undefined) return undefined
  const next = { roles: roles === undefined ? user.roles : JSON.stringify(roles), scope: scope ?? user.scope }
  if (next.roles === user.roles && next.scope === user.scope) return []
  await transaction.updateTable('users').set(next).where('id', '=', userId).execute()
  await insertAuditEvents(transaction, [event])
  const entries = await raiseVersions(transaction, { engine, change, held: next.scope })
  return insertRevocations(transaction, entries, epoch)
}

/** Raises `sv` of the live sessions, which keep of their scopes those that the user still has. */
async function raiseVersions(
  transaction: Transaction<Tables>,
  { engine, change, held }: { engine: SqlEngine; change: ClaimsChange; held: string },
): Promise<readonly NewRevocation[]> {
  const createdAt = Math.floor(change.event.atMs / 1000)
  const expiresAt = createdAt + change.keepSeconds
  // In the order of their ids, as refreshes lock them (P22).
  const sessions = await transaction
    .selectFrom('sessions')
    .select(['sid', 'scope', 'session_version'])
    .where('user_id', '=', change.userId)
    .where('ended_at', 'is', null)
    .where('absolute_expires_at', '>', createdAt)
    .orderBy('sid')
    .$if(engine.locksRows, (query) => query.forUpdate())
    .execute()
  const entries: NewRevocation[] = []
  for (const { sid, scope, session_version } of sessions) {
    const kept = scope.split(' ').filter((part) => held.split(' ').includes(part))
    const sessionVersion = session_version + 1
    await transaction
      .updateTable('sessions')
      .set({ session_version: sessionVersion, scope: kept.join(' ') })
      .where('sid', '=', sid)
      .execute()
    entries.push({ kind: 'session_version', sid, sessionVersion, createdAt, expiresAt })
  }
  return entries
}
