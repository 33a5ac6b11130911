/** Sessions in SQL: one row each, read and written over in one transaction per group. */
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import { endSessionsOfUser, insertAuditEvents, insertRevocations } from './end-sessions.ts'
import { prepareQuery } from './prepared-query.ts'
import type { JoinedRow } from './rows.ts'
import { fromAuditEvent, fromSession, toSession, toSessionWithUser } from './rows.ts'
import type { Session, SessionChange, SessionStore, SessionWithUser } from './store.ts'
import type { Tables } from './tables.ts'

type Database = Kysely<Tables> | Transaction<Tables>

export function createSessionStore(db: Kysely<Tables>, epoch: string): SessionStore {
  const readJoined = prepareFind(db)
  const update = prepareUpdate(db)

  const find = async (
    database: Database,
    sids: readonly string[],
  ): Promise<ReadonlyMap<string, SessionWithUser>> => {
    const { rows } = await database.executeQuery<JoinedRow>(readJoined({ sids: JSON.stringify(sids) }))
    return new Map(rows.map((row) => [row.sid, toSessionWithUser(row)]))
  }

  return {
    find: (sids) => find(db, sids),

    insert: (session, event) =>
      db.transaction().execute(async (transaction) => {
        if (!(await insertSession(transaction, session))) return false
        await transaction.insertInto('audit').values(fromAuditEvent(event)).execute()
        return true
      }),

    change: (sids, decide) =>
      db.transaction().execute(async (transaction) => {
        const changes = decide(await find(transaction, sids))
        for (const { session } of lastOfEach(changes)) {
          await transaction.executeQuery(update(changedValues(session)))
        }
        await insertAuditEvents(
          transaction,
          changes.flatMap(({ event }) => (event === undefined ? [] : [event])),
        )
        const entries = changes.flatMap(({ revocation }) => (revocation === undefined ? [] : [revocation]))
        return insertRevocations(transaction, entries, epoch)
      }),

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

    endOthers: (userId, keepSid, ending) =>
      db
        .transaction()
        .execute((transaction) => endSessionsOfUser(transaction, { epoch, userId, keepSid, ending })),
  }
}

/** Inserts a session if its user's credentials are still those that the session was begun with (P2). */
export async function insertSession(transaction: Transaction<Tables>, session: Session): Promise<boolean> {
  const user = await transaction
    .selectFrom('users')
    .select('id')
    .where('id', '=', session.userId)
    .where('credential_version', '=', session.credentialVersion)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (user === undefined) return false
  await transaction.insertInto('sessions').values(fromSession(session)).execute()
  return true
}

/** A group may change one session several times: only its last state is written (P22). */
function lastOfEach(changes: readonly SessionChange[]): Iterable<SessionChange> {
  return new Map(changes.map((change) => [change.session.sid, change])).values()
}

function prepareFind(db: Kysely<Tables>) {
  return prepareQuery<JoinedRow, 'sids'>((value) =>
    db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .selectAll('sessions')
      .select([
        'users.roles as user_roles',
        'users.credential_version as user_credential_version',
        'users.disabled_at as user_disabled_at',
      ])
      // One text for any number of ids, so that the statement stays prepared.
      .where('sessions.sid', 'in', sql<string>`(select value from json_each(${value<string>('sids')}))`),
  )
}

function changedValues(session: Session) {
  return {
    sid: session.sid,
    generation: session.generation,
    macKid: session.macKid,
    macFromGeneration: session.macFromGeneration,
    rotatedAtMs: session.rotatedAtMs,
    retryKeyHash: session.retryKeyHash,
    retryReplays: session.retryReplays,
    retryReplayedAtMs: session.retryReplayedAtMs,
    lastUsedAt: session.lastUsedAt,
    idleExpiresAt: session.idleExpiresAt,
    endedAt: session.endedAt,
    endReason: session.endReason,
  }
}

function prepareUpdate(db: Kysely<Tables>) {
  return prepareQuery<unknown, keyof ReturnType<typeof changedValues>>((value) =>
    db
      .updateTable('sessions')
      .set({
        generation: value('generation'),
        mac_kid: value('macKid'),
        mac_from_generation: value('macFromGeneration'),
        rotated_at_ms: value('rotatedAtMs'),
        retry_key_hash: value('retryKeyHash'),
        retry_replays: value('retryReplays'),
        retry_replayed_at_ms: value('retryReplayedAtMs'),
        last_used_at: value('lastUsedAt'),
        idle_expires_at: value('idleExpiresAt'),
        ended_at: value('endedAt'),
        end_reason: value('endReason'),
      })
      .where('sid', '=', value<string>('sid')),
  )
}
