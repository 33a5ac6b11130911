/** The part of the store's face that concerns one-time tokens: what a message to a person carries (P30). */
import type { AuditEvent } from './audit-event.ts'
import type { Ending, Revocation } from './ending.ts'

export type OneTimeTokenKind = 'password_reset' | 'email_verification'

export interface OneTimeToken {
  /** SHA-256 of the token. */
  readonly id: string
  readonly kind: OneTimeTokenKind
  readonly userId: string
  /** Of the user, when the token was made. Any change of credentials since makes it void. */
  readonly credentialVersion: number
  /** The address that is verified. */
  readonly email: string | null
  readonly expiresAt: number
}

/** What a token stands for, as far as it is in force. */
export interface TokenOwner {
  readonly userId: string
  readonly username: string
}

export interface OneTimeTokenStore {
  /** Keeps a token in the place of others of its kind and user. */
  insert(token: OneTimeToken): Promise<void>
  /** Whose token it is, if it is in force; it stays so. */
  find(id: string, kind: OneTimeTokenKind, now: number): Promise<TokenOwner | undefined>
  /** Uses a token up: writes the new password and ends every session. Undefined: it is not in force. */
  resetPassword(use: {
    readonly id: string
    readonly passwordHash: string
    readonly ending: Ending
    readonly event: AuditEvent
  }): Promise<readonly Revocation[] | undefined>
  /** Uses a token up: the address that it was sent to is the user's. False: it is not in force. */
  verifyEmail(use: {
    readonly id: string
    readonly now: number
    readonly event: AuditEvent
  }): Promise<boolean>
}
