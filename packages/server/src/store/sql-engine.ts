/**
 * What SQLite and PostgreSQL do differently. The rest of the store is written once, over Kysely: the hot path of sessions
 * and the reading of the revocation feed are here, because what keeps them right is not the same on both.
 */
import type { Dialect, Kysely, Transaction } from 'kysely'
import type { Page, ReadRevocations } from './revocation-page.ts'
import type { Session, SessionProof, SessionStore, SessionWithUser } from './store.ts'
import type { Tables } from './tables.ts'

export interface FoundSessions {
  readonly sessions: readonly SessionWithUser[]
  /** The database's clock, read after the rows were locked, in milliseconds; undefined: it has none of its own. */
  readonly clockMs: number | undefined
}

/** Sessions as rows, read and written by the group. */
export interface SessionRows {
  findProofs(sids: readonly string[]): Promise<readonly SessionProof[]>
  /** Reads sessions and their users; nobody else changes them until the transaction ends. */
  findForChange(transaction: Transaction<Tables>, sids: readonly string[]): Promise<FoundSessions>
  /** Writes what a change can touch of each session; every session at most once. */
  write(transaction: Transaction<Tables>, sessions: readonly Session[]): Promise<void>
}

export interface DialectOptions {
  /** Writes into a store that was handed over, too: for whoever hands over, and takes back (P9). Default not. */
  readonly evenIfMoved?: boolean
  /** In the place of PostgreSQL's own clock, for tests. */
  readonly clockMs?: () => number
}

/** What a store that was handed over says of a transaction that would write. */
export const movedCode = 'MOVED'

export interface SqlEngine {
  readonly dialect: Dialect
  /** Whether rows are locked one by one. SQLite has one write lock, which a transaction of ours takes as it begins. */
  readonly locksRows: boolean
  /** The database's clock in milliseconds, where it has one of its own; SQLite's is this machine's: the one given. */
  readClock(db: Kysely<Tables>, wallMs: number): Promise<number>
  createSessionRows(db: Kysely<Tables>): SessionRows
  /** Where rows can be written without waiting for whoever locks them. */
  readonly compareAndSet?: SessionStore['compareAndSet']
  /** Waits for those who write, and keeps others from beginning until the transaction ends. */
  excludeWriters(transaction: Transaction<Tables>): Promise<void>
  readRevocations(db: Kysely<Tables>, request: ReadRevocations): Promise<Page>
}
