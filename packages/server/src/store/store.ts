/**
 * The face of the store: nouns, verbs and units. Nothing above this room knows SQL. A verb that changes more than one
 * table does so in one transaction; a verb that fails has changed nothing.
 *
 * `…At` are NumericDates in whole seconds, `…Ms` milliseconds since 1970. Every verb throws `StoreError` when the
 * database cannot do its work, and nothing else.
 */
import type { ClientStore } from './client-store.ts'
import type { OneTimeTokenStore } from './one-time-token-store.ts'
import type { TicketStore } from './ticket-store.ts'
import type { AuditEvent, Ending, EndReason, NewRevocation, Revocation, StoredAuditEvent } from './ending.ts'
import type { LastingChange } from './recovery-files.ts'
import type { RecoverOptions, Recovery } from './recovery-store.ts'
import type { TransferStore } from './transfer-store.ts'

export type {
  AuditEvent,
  Ending,
  EndReason,
  NewRevocation,
  Revocation,
  RevocationKind,
  StoredAuditEvent,
} from './ending.ts'

/** A person who can sign in. */
export interface User {
  /** The `sub` of tokens. */
  readonly id: string
  readonly username: string
  readonly usernameNormalised: string
  /** A PHC string, or null when the application checks passwords itself. */
  readonly passwordHash: string | null
  /** Rises on password change, reset, disable and delete (P2). */
  readonly credentialVersion: number
  readonly roles: readonly string[]
  /** Scopes that this person's log-ins may have, separated by one space; `account` at least. */
  readonly scope: string
  readonly email: string | null
  readonly emailVerifiedAt: number | null
  readonly createdAt: number
  readonly disabledAt: number | null
}

export type Transport = 'body' | 'cookie'

/** One session: one row, written over at every refresh. */
export interface Session {
  readonly sid: string
  readonly userId: string
  readonly clientId: string
  /** Scopes, separated by one space. */
  readonly scope: string
  readonly transport: Transport
  /** 128 random bits that only the store and the MAC know. */
  readonly macNonce: string
  /** The secret that the current generation's MAC is made with, and the first generation made with it (P6). */
  readonly macKid: string
  readonly macFromGeneration: number
  /** The generation that may be used now. */
  readonly generation: number
  readonly rotatedAtMs: number
  /** Of the retry key that came with the last rotation. */
  readonly retryKeyHash: string | null
  /** Replays of the last rotation by its retry key after the window, and the time of the latest. */
  readonly retryReplays: number
  readonly retryReplayedAtMs: number | null
  /** The last rotation was replayed inside the window with another retry key (P13), and so were so many before it. */
  readonly clashed: boolean
  readonly clashedInARow: number
  /** The `sv` of access tokens. */
  readonly sessionVersion: number
  /** Of the user, when the session began. */
  readonly credentialVersion: number
  readonly epoch: string
  readonly authTime: number
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly idleExpiresAt: number
  readonly absoluteExpiresAt: number
  readonly label: string
  readonly addressPrefix: string
  readonly endedAt: number | null
  readonly endReason: EndReason | null
}

/** What proves a refresh token: of a session all this stays as it is, but for the secret, which is rotated on. */
export type SessionProof = Pick<
  Session,
  'sid' | 'userId' | 'clientId' | 'macNonce' | 'macKid' | 'macFromGeneration'
>

/** A session and what a refresh must know of its user, read in one statement. */
export interface SessionWithUser extends Session {
  readonly user: {
    readonly roles: readonly string[]
    readonly credentialVersion: number
    readonly disabledAt: number | null
  }
}

/** What one decision changes: a session as it shall be, where it changes, and what is told about it, in one transaction. */
export interface SessionChange {
  readonly session?: Session
  readonly revocation?: NewRevocation
  readonly event?: AuditEvent
}

export interface UserStore {
  /** Adds a user, unless the normalised name is taken. */
  insert(user: User, event: AuditEvent): Promise<'inserted' | 'taken'>
  findByName(usernameNormalised: string): Promise<User | undefined>
  findById(id: string): Promise<User | undefined>
  /** Writes a user whom the application's own directory knows, or brings name and roles up to date. */
  upsertExternal(user: User): Promise<User>
  /** Puts a stronger hash of the same password in the place of the verified one; false when it changed meanwhile (P2). */
  replaceHash(change: { userId: string; verifiedHash: string; passwordHash: string }): Promise<boolean>
  /**
   * Writes the new password unless the credentials changed meanwhile, ends the user's other sessions, and either
   * carries the current one over or puts `renewed` in its place. Undefined: nothing was changed.
   */
  changePassword(change: PasswordChange): Promise<readonly Revocation[] | undefined>
  /** Adds users whose normalised names and ids are not taken, in one transaction; returns the ids of those it added. */
  insertMany(users: readonly User[], event: AuditEvent): Promise<ReadonlySet<string>>
  /** Users in the order of their normalised names, after one of them; those alone whose name has `part` in it. */
  list(page: {
    readonly after?: string
    readonly part?: string
    readonly limit: number
  }): Promise<readonly User[]>
  /** Password hashes of users whose random ids follow a point, up to `limit`: a sample of all of them. */
  sampleHashes(after: string, limit: number): Promise<readonly string[]>
  /** Deletes a user with every session, unless the credentials changed meanwhile. Undefined: nothing was deleted. */
  remove(
    userId: string,
    credentialVersion: number,
    ending: Ending,
  ): Promise<readonly Revocation[] | undefined>
  /**
   * Changes roles and scopes; `sv` of the user's live sessions rises in the same transaction (P11). Undefined: no such user.
   * No entries: nothing was other than it is.
   */
  changeClaims(change: ClaimsChange): Promise<readonly Revocation[] | undefined>
  /** Lets a disabled user sign in again. False: no such user, or not disabled. */
  enable(userId: string, event: AuditEvent): Promise<boolean>
  /** Disables a user and ends every session. Undefined: no such user, or disabled already. */
  disable(userId: string, ending: Ending): Promise<readonly Revocation[] | undefined>
}

export interface PasswordChange {
  readonly userId: string
  /** The version that was read before the current password was verified. */
  readonly credentialVersion: number
  readonly passwordHash: string
  readonly currentSid: string
  /** The session that takes the current one's place (P32). */
  readonly renewed?: Session
  readonly ending: Ending
  readonly event: AuditEvent
}

/** What tokens say of a user, as it shall be; what is absent stays. */
export interface ClaimsChange {
  readonly userId: string
  readonly roles?: readonly string[]
  readonly scope?: string
  /** Seconds that the entries in the feed are kept. */
  readonly keepSeconds: number
  readonly event: AuditEvent
}

export interface SessionStore {
  /** Adds a session unless its user was disabled or got new credentials since they were read (P2). */
  insert(session: Session, event: AuditEvent): Promise<boolean>
  /** What proves tokens of these sessions, ended ones too, where they exist. */
  findProofs(sids: readonly string[]): Promise<ReadonlyMap<string, SessionProof>>
  /**
   * Reads the sessions, lets `decide` judge them and writes what it decided, all in one transaction (P14). `decide` is
   * called at the time of the transaction, again when the database wants it repeated, and must not wait for anything. It is
   * told the database's time, in milliseconds, where the database has a clock of its own (P21).
   */
  change(
    sids: readonly string[],
    decide: (
      sessions: ReadonlyMap<string, SessionWithUser>,
      clockMs: number | undefined,
    ) => readonly SessionChange[],
  ): Promise<readonly Revocation[]>
  /** A session and what must be known of its user, ended ones too. */
  find(sid: string): Promise<SessionWithUser | undefined>
  /** The sessions of a user that are neither ended nor expired, latest used first. */
  listLive(userId: string, now: number): Promise<readonly Session[]>
  /**
   * Looks at up to `limit` sessions after one, in the order of their ids, and removes those that ended or expired at `overSince`
   * or before. Returns the id to go on after; undefined: that was the last.
   */
  removeOver(step: {
    readonly overSince: number
    readonly after: string
    readonly limit: number
  }): Promise<string | undefined>
  /** Ends every live session of a user but one. */
  endOthers(userId: string, keepSid: string, ending: Ending): Promise<readonly Revocation[]>
}

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

export type SigningKeyState = 'next' | 'active' | 'retired' | 'gone'

export interface SigningKeyRow {
  readonly kid: string
  readonly issuer: string
  readonly algorithm: string
  readonly purpose: string
  readonly state: SigningKeyState
  /** The private JWK under the key-encryption key `kekKid`; null once the key is gone. */
  readonly sealedKey: string | null
  readonly kekKid: string
  readonly publicJwk: string
  readonly createdAt: number
  readonly activatedAt: number | null
  readonly retiredAt: number | null
  readonly goneAt: number | null
  /** When the key was called back in an emergency. */
  readonly revokedAt: number | null
}

/** What one decision about signing keys changes, in one transaction. */
export interface SigningKeyChange {
  /** Keys as they shall be, new ones too, written in this order. */
  readonly keys: readonly SigningKeyRow[]
  readonly revocations?: readonly NewRevocation[]
  readonly events: readonly AuditEvent[]
}

/** A key under another key-encryption key. */
export interface Rewrapping {
  readonly kid: string
  /** What it was sealed under when it was read. */
  readonly oldKekKid: string
  readonly kekKid: string
  readonly sealedKey: string
}

export interface SigningKeyStore {
  /** Puts one key's new seal in the place of the one that was read; false when it has another by now (P25). */
  rewrap(rewrapping: Rewrapping): Promise<boolean>
  list(issuer: string): Promise<readonly SigningKeyRow[]>
  /**
   * Reads the keys of an issuer, lets `decide` judge them and writes what it decided, one process at a time (P24). Of one
   * issuer, algorithm and purpose there is one `active` key and one `next`. `decide` may run again, and must not wait. It is
   * told the database's time, in milliseconds, where the database has a clock of its own.
   */
  change(
    issuer: string,
    decide: (keys: readonly SigningKeyRow[], clockMs: number | undefined) => SigningKeyChange,
  ): Promise<readonly Revocation[]>
}

export interface SecretRow {
  readonly kid: string
  readonly checkValue: string
  readonly state: 'live' | 'dropped'
  /** Of the live ones, the one with the highest is in use; 0: nothing was ever made with it. */
  readonly turn: number
  readonly createdAt: number
}

/** What a process says of itself, over and over. */
export interface ProcessBeat {
  /** Random, of one start. */
  readonly processId: string
  /** What it holds, the one that it prefers first. */
  readonly secrets: readonly Pick<SecretRow, 'kid' | 'checkValue'>[]
  /** The wall clock, where the database has none of its own. */
  readonly nowMs: number
  /** After so long a silence a process counts as dead. */
  readonly lifeMs: number
  /** Looks at the registry before anything is written; what it throws is thrown, and nothing is. */
  admit(registered: readonly SecretRow[]): void
}

/** A secret, and what depends on it now. */
export interface SecretUse extends SecretRow {
  /** Live sessions whose current refresh token is made with it. */
  readonly sessions: number
  /** Signing keys that are sealed under it. */
  readonly keys: number
}

export interface SecretStore {
  list(): Promise<readonly SecretRow[]>
  listUses(now: number): Promise<readonly SecretUse[]>
  /** Ends what depends on a secret, and marks it as dropped. Undefined: it is not live. */
  drop(kid: string, ending: Ending): Promise<{ readonly sessions: number; readonly keys: number } | undefined>
  /**
   * Notes that a process lives and what it holds, registers what is new, and gives a secret its turn that every live process
   * holds and prefers: in one transaction, one process at a time (P6). Returns the registry as it then is.
   */
  beat(process: ProcessBeat): Promise<readonly SecretRow[]>
  /** A process ends: nobody waits for it any more. */
  leave(processId: string): Promise<void>
}

/** A leaky bucket: `capacity` attempts at once, one more every `refillMs`. */
export interface Bucket {
  readonly key: string
  readonly capacity: number
  readonly refillMs: number
}

export interface ThrottleStore {
  /** Takes one drop's room in every bucket, or in none. Returns 0, or the milliseconds until there is room. */
  charge(buckets: readonly Bucket[], nowMs: number): Promise<number>
  /** Gives the room of one drop back. */
  refund(buckets: readonly Bucket[], nowMs: number): Promise<void>
}

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
