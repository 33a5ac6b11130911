/** Sessions in SQL: one row each, read and written over in one transaction per group. */
import type { Kysely, RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'
import { endSessionsOfUser, insertAuditEvents, insertRevocations } from './end-sessions.ts'
import { prepareQuery } from './prepared-query.ts'
import type { JoinedRow, ProofRow } from './rows.ts'
import { fromAuditEvent, fromSession, toSession, toSessionProof, toSessionWithUser } from './rows.ts'
import type { Session, SessionChange, SessionStore, SessionWithUser } from './store.ts'
import type { Tables } from './tables.ts'

export function createSessionStore(db: Kysely<Tables>, epoch: string): SessionStore {
  const readJoined = prepareFind(db)
  const readProofs = prepareFindProofs(db)
  const update = prepareUpdate(db)

  const find = async (
    transaction: Transaction<Tables>,
    sids: readonly string[],
  ): Promise<ReadonlyMap<string, SessionWithUser>> => {
    const { rows } = await transaction.executeQuery(readJoined({ sids: JSON.stringify(sids) }))
    return new Map(rows.map((row) => [row.sid, toSessionWithUser(row)]))
  }

  return {
    findProofs: async (sids) => {
      const { rows } = await db.executeQuery(readProofs({ sids: JSON.stringify(sids) }))
      return new Map(rows.map((row) => [row.sid, toSessionProof(row)]))
    },

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

/** One text for any number of ids, so that the statement stays prepared. */
function amongIds(ids: RawBuilder<string>): RawBuilder<string> {
  return sql`(select value from json_each(${ids}))`
}

/** Read before each transaction of a group: few columns, because reading one costs as much as a MAC. */
const proofColumns = [
  'sid',
  'user_id',
  'client_id',
  'mac_nonce',
  'mac_kid',
  'mac_from_generation',
] as const satisfies readonly (keyof ProofRow)[]

function prepareFindProofs(db: Kysely<Tables>) {
  return prepareQuery<ProofRow, 'sids'>((value) =>
    db
      .selectFrom('sessions')
      .select(proofColumns)
      .where('sid', 'in', amongIds(value('sids'))),
  )
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
      .where('sessions.sid', 'in', amongIds(value('sids'))),
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
