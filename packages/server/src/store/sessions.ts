/** Sessions in SQL: one row each, read and written over in one transaction per group. */
import type { Kysely } from 'kysely'
import { endSessionsOfUser, insertAuditEvents, insertRevocations } from './end-sessions.ts'
import { listAllLive } from './list-sessions.ts'
import { toSession, toSessionWithUser } from './rows.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { Session, SessionChange, SessionStore } from './store.ts'
import type { Tables } from './tables.ts'
import { transact } from './transact.ts'

export function createSessionStore(
  db: Kysely<Tables>,
  engine: SqlEngine,
  { epoch, begin }: { readonly epoch: string; readonly begin: SessionStore['insert'] },
): SessionStore {
  const rows = engine.createSessionRows(db)
  return {
    findProofs: async (sids) => new Map((await rows.findProofs(sids)).map((proof) => [proof.sid, proof])),

    insert: begin,

    change: (sids, decide) =>
      transact(db, async (transaction) => {
        const found = await rows.findForChange(transaction, sids)
        const changes = decide(
          new Map(found.sessions.map((session) => [session.sid, session])),
          found.clockMs,
        )
        await rows.write(transaction, lastOfEach(changes))
        await insertAuditEvents(
          transaction,
          changes.flatMap(({ event }) => (event === undefined ? [] : [event])),
        )
        const entries = changes.flatMap(({ revocation }) => (revocation === undefined ? [] : [revocation]))
        return insertRevocations(transaction, entries, epoch)
      }),

    compareAndSet: engine.compareAndSet,

    find: async (sid) => {
      const row = await db
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .selectAll('sessions')
        .select([
          'users.roles as user_roles',
          'users.credential_version as user_credential_version',
          'users.disabled_at as user_disabled_at',
        ])
        .where('sid', '=', sid)
        .executeTakeFirst()
      return row && toSessionWithUser(row)
    },

    listLive: async (userId, now) => {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('ended_at', 'is', null)
        .where('idle_expires_at', '>', now)
        .where('absolute_expires_at', '>', now)
        .orderBy('last_used_at', 'desc')
        .orderBy('created_at', 'desc')
        .execute()
      return rows.map(toSession)
    },

    listAllLive: (page) => listAllLive(db, page),

    removeOver: (step) => removeOver(db, step),

    endOthers: (userId, keepSid, ending) =>
      transact(db, (transaction) => endSessionsOfUser(transaction, { epoch, userId, keepSid, ending })),
  }
}

async function removeOver(
  db: Kysely<Tables>,
  { overSince, after, limit }: Parameters<SessionStore['removeOver']>[0],
): Promise<string | undefined> {
  const page = await db
    .selectFrom('sessions')
    .select(['sid', 'ended_at', 'idle_expires_at', 'absolute_expires_at'])
    .where('sid', '>', after)
    .orderBy('sid')
    .limit(limit)
    .execute()
  const over = page
    .filter(
      (row) => Math.min(row.ended_at ?? Infinity, row.idle_expires_at, row.absolute_expires_at) <= overSince,
    )
    .map(({ sid }) => sid)
  // Most pages hold none, and cost no write.
  if (over.length > 0) {
    await transact(db, async (transaction) => {
      await transaction
        .deleteFrom('sessions')
        .where('sid', 'in', over)
        .where((eb) =>
          eb.or([
            eb('ended_at', '<=', overSince),
            eb('idle_expires_at', '<=', overSince),
            eb('absolute_expires_at', '<=', overSince),
          ]),
        )
        .execute()
    })
  }
  return page.length < limit ? undefined : page.at(-1)?.sid
}

/** A group may change one session several times: only its last state is written (P22). */
function lastOfEach(changes: readonly SessionChange[]): readonly Session[] {
  const changed = changes.flatMap(({ session }) => (session === undefined ? [] : [session]))
  return [...new Map(changed.map((session) => [session.sid, session])).values()]
}
