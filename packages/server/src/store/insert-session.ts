/** The beginning of a session in SQL. */
import type { InsertObject, Kysely, RawBuilder, Transaction } from 'kysely'
import { sql } from 'kysely'
import { droppedSecret } from './dropped-secrets.ts'
import { prepareQuery } from './prepared-query.ts'
import type { UserRow } from './rows.ts'
import { auditColumns, fromAuditEvent, fromSession, toRoles } from './rows.ts'
import { sessionColumns } from './session-values.ts'
import type { SqlEngine } from './sql-engine.ts'
import type { AuditEvent, Session, SessionWithUser } from './store.ts'
import type { Tables } from './tables.ts'
import { noteWritten } from './told-events.ts'

/**
 * Inserts a session, and what is told of it, if its user's credentials are still those that it was begun with (P2). It has of
 * its scopes those that the user still has (P11).
 *
 * @throws {StoreError} `SECRET_DROPPED` (P6)
 */
export type InsertSession = (
  transaction: Transaction<Tables>,
  session: Session,
  event?: AuditEvent,
) => Promise<SessionWithUser | undefined>

export function prepareInsertSession(db: Kysely<Tables>, engine: SqlEngine): InsertSession {
  const readUser = prepareReadUser(db, engine)
  const insertRow = prepareInsert(db, 'sessions', sessionColumns)
  const insertEvent = prepareInsert(db, 'audit', auditColumns)
  return async (transaction, session, event) => {
    const { userId: id, credentialVersion, macKid } = session
    const asked = { id, credential_version: credentialVersion, mac_kid: macKid }
    const [user] = (await transaction.executeQuery(readUser(asked))).rows
    if (user === undefined) return undefined
    if (user.dropped > 0) throw droppedSecret()
    const held = user.scope.split(' ')
    const scope = session.scope
      .split(' ')
      .filter((part) => held.includes(part))
      .join(' ')
    const begun = { ...session, scope }
    await transaction.executeQuery(insertRow(fromSession(begun)))
    if (event !== undefined) {
      await transaction.executeQuery(insertEvent(fromAuditEvent(event)))
      noteWritten(transaction, [event])
    }
    return { ...begun, user: { roles: toRoles(user.roles), credentialVersion, disabledAt: null } }
  }
}

function prepareReadUser(db: Kysely<Tables>, { locksRows }: SqlEngine) {
  type Row = Pick<UserRow, 'roles' | 'scope'> & { dropped: number }
  return prepareQuery<Row, 'id' | 'credential_version' | 'mac_kid'>((value) =>
    db
      .selectFrom('users')
      .select(['roles', 'scope'])
      .select(
        sql<number>`(select count(*) from secrets where kid = ${value<string>('mac_kid')} and state = 'dropped')`.as(
          'dropped',
        ),
      )
      .where('id', '=', value<string>('id'))
      .where('credential_version', '=', value<number>('credential_version'))
      .where('disabled_at', 'is', null)
      // A change of password waits until this session is there to be ended.
      .$if(locksRows, (query) => query.forShare()),
  )
}

function prepareInsert<Table extends 'sessions' | 'audit', Name extends string>(
  db: Kysely<Tables>,
  table: Table,
  columns: readonly Name[],
) {
  return prepareQuery<unknown, Name>((value) => {
    const slots: Record<string, RawBuilder<unknown>> = {}
    for (const column of columns) slots[column] = value(column)
    return db.insertInto(table).values(slots as InsertObject<Tables, Table>)
  })
}
