/**
 * The face of the store: nouns, verbs and units. Nothing above this room knows SQL. A verb that changes more than one
 * table does so in one transaction; a verb that fails has changed nothing.
 *
 * `…At` are NumericDates in whole seconds, `…Ms` milliseconds since 1970. Every verb throws `StoreError` when the
 * database cannot do its work, and nothing else.
 */
import type { AuditStore } from './audit-store.ts'
import type { ClientStore } from './client-store.ts'
import type { OneTimeTokenStore } from './one-time-token-store.ts'
import type { LastingChange } from './recovery-files.ts'
import type { RecoverOptions, Recovery } from './recovery-store.ts'
import type { RevocationStore } from './revocation-store.ts'
import type { SecretStore } from './secret-store.ts'
import type { SessionStore } from './session-store.ts'
import type { SigningKeyStore } from './signing-key-store.ts'
import type { ThrottleStore } from './throttle-store.ts'
import type { TicketStore } from './ticket-store.ts'
import type { TransferStore } from './transfer-store.ts'
import type { UserStore } from './user-store.ts'

export type {
  AuditDetails,
  AuditEvent,
  AuditEventName,
  AuditEventOf,
  StoredAuditEvent,
} from './audit-event.ts'
export type { Ending, EndReason, NewRevocation, Revocation, RevocationKind } from './ending.ts'
export type { AuditStore } from './audit-store.ts'
export type { ReadRevocationsRequest, RevocationPage, RevocationStore } from './revocation-store.ts'
export type { SecretRow, ProcessBeat, SecretUse, SecretStore } from './secret-store.ts'
export type {
  Transport,
  Session,
  SessionProof,
  SessionWithUser,
  SessionChange,
  SessionPage,
  SessionPageRequest,
  SessionStore,
} from './session-store.ts'
export type {
  SigningKeyState,
  SigningKeyRow,
  SigningKeyChange,
  Rewrapping,
  SigningKeyStore,
} from './signing-key-store.ts'
export type { Bucket, Refund, ThrottleStore } from './throttle-store.ts'
export type { User, UserStore, PasswordChange, ClaimsChange } from './user-store.ts'

export interface Store {
  /** Changes when a backup is restored (P8). */
  readonly epoch: string
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly revocations: RevocationStore
  readonly signingKeys: SigningKeyStore
  readonly secrets: SecretStore
  readonly throttle: ThrottleStore
  readonly audit: AuditStore
  readonly transfer: TransferStore
  /** Until when a client may be ahead of its session's row, as NumericDate; 0: never (P7). */
  readonly recoveredUntil: number
  /**
   * Makes a restored backup fit to serve (P8). `changes` are those that it may not undo; where nobody noted any, every signing key
   * is called back, for one of them may have been. What is open on it must be closed afterwards: it has another epoch.
   */
  recover(options: RecoverOptions, changes?: readonly LastingChange[]): Promise<Recovery>
  readonly clients: ClientStore
  readonly oneTimeTokens: OneTimeTokenStore
  readonly tickets: TicketStore
  /** Notes the access token life in force and returns the longest that was ever in force (P23), in seconds. */
  longestAccessTokenSeconds(current: number): Promise<number>
  /**
   * Removes what has expired: revocation entries, drained buckets, used assertions, one-time tokens and tickets, at most `limit` rows of each.
   *
   * @returns whether there may be more
   */
  removeExpired(nowMs: number, limit: number): Promise<boolean>
  /** Resolves when the database answers. */
  check(): Promise<void>
  close(): Promise<void>
}
