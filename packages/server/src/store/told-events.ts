/**
 * Lines of the audit trail that this process wrote, told to whoever listens in it: after their commit, in their order, each
 * once. A transaction that is undone, or repeated, tells nothing of what it did not keep.
 */
import type { Kysely, Transaction } from 'kysely'
import type { AuditEvent } from './audit-event.ts'
import type { Tables } from './tables.ts'

/** Must return at once and throw nothing: whoever waits for the commit waits for it. */
export type AuditListener = (event: AuditEvent) => void

const listeners = new WeakMap<Kysely<Tables>, Set<AuditListener>>()
const written = new WeakMap<Transaction<Tables>, AuditEvent[]>()

/** Tells a listener of every line from now on, until the function that it returns is called. */
export function followEvents(db: Kysely<Tables>, listener: AuditListener): () => void {
  const told = listeners.get(db) ?? new Set()
  listeners.set(db, told.add(listener))
  return () => void told.delete(listener)
}

/** Keeps what a transaction writes in `events`, to be told when it is committed. */
export function collectEvents(transaction: Transaction<Tables>, events: AuditEvent[]): void {
  written.set(transaction, events)
}

export function noteWritten(transaction: Transaction<Tables>, events: readonly AuditEvent[]): void {
  written.get(transaction)?.push(...events)
}

export function tellEvents(db: Kysely<Tables>, events: readonly AuditEvent[]): void {
  for (const listener of listeners.get(db) ?? []) for (const event of events) listener(event)
}
