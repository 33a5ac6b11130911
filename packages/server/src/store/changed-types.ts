/** What PostgreSQL calls the types of the columns that a change can touch. */
import type { ChangedColumns } from './rows.ts'

export const changedTypes: Readonly<Record<keyof ChangedColumns, 'text' | 'bigint'>> = {
  sid: 'text',
  generation: 'bigint',
  epoch: 'text',
  mac_kid: 'text',
  mac_from_generation: 'bigint',
  rotated_at_ms: 'bigint',
  retry_key_hash: 'text',
  retry_replays: 'bigint',
  retry_replayed_at_ms: 'bigint',
  clashed: 'bigint',
  clashed_in_a_row: 'bigint',
  last_used_at: 'bigint',
  idle_expires_at: 'bigint',
  ended_at: 'bigint',
  end_reason: 'text',
}
