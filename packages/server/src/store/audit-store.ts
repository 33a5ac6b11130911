/** The audit trail. */
import type { AuditEvent, StoredAuditEvent } from './audit-event.ts'

export interface AuditStore {
  /** Removes lines of before a time, at most `limit`, oldest first. Returns whether there may be more. */
  removeBefore(beforeMs: number, limit: number): Promise<boolean>
  append(event: AuditEvent): Promise<void>
  /**
   * Tells a listener of every line that is written through this store from now on, once it is committed, until the function
   * that this returns is called. The listener returns at once and throws nothing. Optional: a server on a store without it has
   * no events to tell.
   */
  follow?(listener: (event: AuditEvent) => void): () => void
  /** Lines, newest first, that came before one of them; of one user where `userId` is given. */
  list(page: {
    readonly before?: number
    readonly userId?: string
    readonly limit: number
  }): Promise<readonly StoredAuditEvent[]>
}
