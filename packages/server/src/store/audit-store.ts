/** The audit trail. */
import type { AuditEvent, StoredAuditEvent } from './ending.ts'

export interface AuditStore {
  /** Removes lines of before a time, at most `limit`, oldest first. Returns whether there may be more. */
  removeBefore(beforeMs: number, limit: number): Promise<boolean>
  append(event: AuditEvent): Promise<void>
  /** Lines, newest first, that came before one of them; of one user where `userId` is given. */
  list(page: {
    readonly before?: number
    readonly userId?: string
    readonly limit: number
  }): Promise<readonly StoredAuditEvent[]>
}
