/** The face of the store for whoever restored a backup (P8). */
import type { Ending } from './ending.ts'

export interface RecoverOptions {
  readonly ending: Ending
  /** Sessions go on: those that ended since the backup live again, too. */
  readonly keepSessions: boolean
  /** How long a client may come with a refresh token that the backup does not know of yet (P7), where sessions are kept. */
  readonly windowSeconds: number
}

export interface Recovery {
  readonly epoch: string
  readonly endedSessions: number
  readonly retiredKeys: number
  /** Keys that were called back after the backup was made. */
  readonly revokedKeys: number
  /** Users whose password changed after the backup was made: they have to set a new one. */
  readonly lockedUsers: number
}
