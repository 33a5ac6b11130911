/** Nothing that lives is written under a secret that was dropped, whatever the process that made it has heard (P6). */
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import { droppedSecretCode, StoreError } from './store-error.ts'
import type { Session } from './session-store.ts'
import type { Tables } from './tables.ts'

/** The secrets that live sessions of these are made with, each once. */
export function secretsOf(sessions: readonly Session[]): readonly string[] {
  return [...new Set(sessions.filter(({ endedAt }) => endedAt === null).map(({ macKid }) => macKid))]
}

export function droppedSecret(): StoreError {
  return new StoreError('statement', { code: droppedSecretCode })
}

/** In the transaction that writes: a drop waits for it, or it sees the drop. @throws {StoreError} `SECRET_DROPPED` */
export async function refuseDropped(db: Kysely<Tables>, kids: readonly string[]): Promise<void> {
  if (kids.length === 0) return
  const dropped = await db
    .selectFrom('secrets')
    .select('kid')
    .where('kid', 'in', kids)
    .where('state', '=', 'dropped')
    .executeTakeFirst()
  if (dropped !== undefined) throw droppedSecret()
}

/** For a statement that writes by itself. */
export function isNotDropped(kid: string): RawBuilder<boolean> {
  return sql`not exists (select 1 from secrets where secrets.kid = ${kid} and secrets.state = 'dropped')`
}
