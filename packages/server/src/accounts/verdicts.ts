/** What is asked of accounts, and what they answer. */
import type { User } from '../store/store.ts'
import type { Attempt } from './throttle.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
  /** Of a new account; not proven yet. */
  readonly email?: string | undefined
  /** Where they came from, for the throttle and the audit trail. */
  readonly addressPrefix: string
  /** What a device that signed in before shows. Anything else is as good as nothing. */
  readonly deviceSecret?: string | undefined
}

/** What a device that has just proven a password is known by at the next log-in. */
export interface SignedIn {
  readonly ok: true
  readonly user: User
  readonly deviceSecret: string
  /** Not refunded yet: whoever begins the session does it, in the same transaction. */
  readonly attempt: Attempt
}

export type SignUpVerdict =
  | SignedIn
  | {
      readonly ok: false
      readonly code: 'body_invalid' | 'password_rejected' | 'username_taken'
      readonly why: string
    }
  | Throttled

export type SignInVerdict =
  | SignedIn
  | { readonly ok: false; readonly code: 'credentials_invalid' }
  | Throttled

export type ConfirmVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'credentials_invalid' }
  | Throttled

export type NewPasswordVerdict =
  | { readonly ok: true; readonly passwordHash: string; readonly deviceSecret: string }
  | { readonly ok: false; readonly code: 'credentials_invalid' }
  | { readonly ok: false; readonly code: 'password_rejected'; readonly why: string }
  | Throttled

export type HashedPassword =
  | { readonly ok: true; readonly passwordHash: string }
  | { readonly ok: false; readonly code: 'password_rejected'; readonly why: string }

export interface Throttled {
  readonly ok: false
  readonly code: 'throttled'
  readonly retryAfterSeconds: number
}

/** The password of somebody who is signed in: whoever has a session is a known device. */
export interface TypedPassword {
  readonly password: string
  readonly sessionId: string
  readonly addressPrefix: string
}

export interface PasswordChangeInput extends TypedPassword {
  readonly newPassword: string
}
