/** Users as the store keeps them, and the verbs that change them with their sessions. */
import type { AuditEvent } from './audit-event.ts'
import type { Ending, Revocation } from './ending.ts'
import type { Session } from './session-store.ts'

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
