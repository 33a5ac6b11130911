/** Sessions as the store keeps them, and the verbs that change them. */
import type { AuditEvent } from './audit-event.ts'
import type { Ending, EndReason, NewRevocation, Revocation } from './ending.ts'
import type { Refund } from './throttle-store.ts'

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

export interface SessionPageRequest {
  /** The `next` of the page before. */
  readonly after?: string
  readonly now: number
  readonly limit: number
}

export interface SessionPage {
  /** May be fewer than `limit`, or none, where many have ended; then `next` goes on all the same. */
  readonly sessions: readonly (Session & { readonly username: string })[]
  /** Absent: that was the last page. */
  readonly next?: string
}

export interface SessionStore {
  /**
   * Adds a session, with of its scopes those that its user still has (P11), unless the user was disabled or got new
   * credentials since they were read (P2); undefined then.
   *
   * @param refund What the log-in was charged, given back in the same transaction, whether or not there is a session (P15)
   */
  insert(session: Session, event: AuditEvent, refund?: Refund): Promise<SessionWithUser | undefined>
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
  /**
   * Where the store can do it, what `change` does without waiting for anybody: reads the sessions, lets `decide` say what they
   * shall be, each at most once, and writes those that nobody has touched since, nor their users. Returns the ids of those it
   * wrote. What is left out is for `change` (P22); so is what has something to tell.
   */
  readonly compareAndSet?:
    | ((
        sids: readonly string[],
        decide: (
          sessions: ReadonlyMap<string, SessionWithUser>,
          clockMs: number | undefined,
        ) => readonly Session[],
      ) => Promise<ReadonlySet<string>>)
    | undefined
  /** A session and what must be known of its user, ended ones too. */
  find(sid: string): Promise<SessionWithUser | undefined>
  /** The sessions of a user that are neither ended nor expired, latest used first. */
  listLive(userId: string, now: number): Promise<readonly Session[]>
  /** Those of everybody, the one that began last first, page by page. Undefined: `after` is no cursor. */
  listAllLive(page: SessionPageRequest): Promise<SessionPage | undefined>
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
