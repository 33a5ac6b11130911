/** The registered secrets, dropped ones too. */
import type { Kysely } from 'kysely'
import type { SecretRow } from './store.ts'
import type { Tables } from './tables.ts'

export async function listSecrets(db: Kysely<Tables>): Promise<readonly SecretRow[]> {
  const rows = await db.selectFrom('secrets').selectAll().orderBy('created_at').orderBy('kid').execute()
  return rows.map(({ kid, check_value, state, turn, created_at }) => ({
    kid,
    checkValue: check_value,
    state,
    turn,
    createdAt: created_at,
  }))
}
