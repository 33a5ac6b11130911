/** The revocation feed as the store keeps it. */
import type { AuditEvent } from './audit-event.ts'
import type { NewRevocation, Revocation } from './ending.ts'

export interface ReadRevocationsRequest {
  /** The cursor to go on from; without one, reading begins with the oldest entry kept. */
  readonly after?: string
  /** Entries that have expired by then are not told, in seconds. */
  readonly now: number
  readonly limit: number
}

export interface RevocationPage {
  /** In order; an entry may be told again, and none is ever left out. */
  readonly entries: readonly Revocation[]
  /** The cursor after these: `epoch.place`. */
  readonly next: string
  /** Whether there is more to read at once. */
  readonly more: boolean
  /** The cursor was not of this store, this epoch or this past: all that is kept is told again (P4). */
  readonly reset: boolean
}

export interface RevocationStore {
  /** Reads what was committed after a cursor (P3). */
  read(request: ReadRevocationsRequest): Promise<RevocationPage>
  /** Adds one entry with its audit line. */
  add(entry: NewRevocation, event: AuditEvent): Promise<readonly Revocation[]>
}
