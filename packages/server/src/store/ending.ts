/** What is told when something ends: its entry in the revocation feed. */

/** Why a session ended; kept in its row and in the audit trail. */
export type EndReason =
  | 'logout'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'password_changed'
  | 'replayed'
  | 'generation_ahead'
  | 'lockstep'
  | 'credentials_changed'
  | 'user_disabled'
  | 'user_deleted'
  | 'password_reset'
  | 'handed_over'
  | 'recovered'
  | 'secret_dropped'

export type RevocationKind = 'session' | 'session_version' | 'token' | 'key'

/** What the revocation feed tells: only random identifiers (P31). */
export interface NewRevocation {
  readonly kind: RevocationKind
  readonly sid?: string
  /** Tokens of `sid` with a smaller `sv` are refused. */
  readonly sessionVersion?: number
  readonly jti?: string
  readonly kid?: string
  readonly createdAt: number
  readonly expiresAt: number
}

export interface Revocation extends NewRevocation {
  readonly position: number
  readonly epoch: string
}

/** When a session is ended: at what time, and how long a token of it could still live. */
export interface Ending {
  readonly atMs: number
  readonly reason: EndReason
  /** Seconds that the entry in the feed is kept. */
  readonly keepSeconds: number
}
