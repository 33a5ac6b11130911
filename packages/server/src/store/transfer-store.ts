/** The face of the store for a move to another one (P9): whole tables, row by row, in one transaction. */
import type { Ending } from './ending.ts'

export type TransferTable =
  | 'users'
  | 'clients'
  | 'secrets'
  | 'signing_keys'
  | 'sessions'
  | 'one_time_tokens'
  | 'used_assertions'
  | 'revocations'
  | 'audit'
export type TransferRow = Readonly<Record<string, string | number | null>>

export interface TransferPage {
  readonly table: TransferTable
  readonly rows: readonly TransferRow[]
}

export type TransferCounts = Readonly<Partial<Record<TransferTable, number>>>

export interface TransferOptions {
  /** Names the bundle; a store takes each in once. */
  readonly bundleId: string
  readonly nowMs: number
}

export type ImportVerdict =
  | { readonly status: 'imported'; readonly counts: TransferCounts }
  | { readonly status: 'not_empty' | 'known' }

export interface TransferStore {
  /**
   * Reads everything in one transaction, a page after the other, and marks the store as moved in it. Nothing is marked when
   * `take` fails.
   */
  handOver(options: TransferOptions, take: (page: TransferPage) => Promise<void>): Promise<TransferCounts>
  /** Reads users, clients and the audit trail: nothing that lets anybody act for a session. The store goes on. */
  copy(take: (page: TransferPage) => Promise<void>): Promise<TransferCounts>
  /** Writes what another store gave away, in one transaction, into a store without users and sessions. */
  takeIn(options: TransferOptions, pages: AsyncIterable<TransferPage>): Promise<ImportVerdict>
  /** Undoes `handOver`, and ends the sessions that were given away. Undefined: the store has not been moved. */
  reopen(ending: Ending): Promise<number | undefined>
}
