/** Signing keys as the store keeps them: sealed, and in one of four states. */
import type { AuditEvent } from './audit-event.ts'
import type { NewRevocation, Revocation } from './ending.ts'

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
