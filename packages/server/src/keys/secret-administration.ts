/** What whoever runs the server does with its secrets: look which are in use, and drop one that got out (P6). */
import type { SecretStore, SecretUse } from '../store/store.ts'

export interface SecretAdministrationOptions {
  readonly store: { readonly secrets: SecretStore }
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

export interface SecretAdministration {
  /** Every secret that this database ever depended on, and what depends on it now. */
  list(): Promise<readonly SecretUse[]>
  /**
   * Ends every session whose refresh token is made with the secret and every signing key that is sealed under it. Undefined:
   * there is no such secret, or it was dropped already.
   */
  drop(kid: string): Promise<{ readonly sessions: number; readonly keys: number } | undefined>
}

export function createSecretAdministration(options: SecretAdministrationOptions): SecretAdministration {
  const { store, keepSeconds, nowMs } = options
  return {
    list: () => store.secrets.listUses(Math.floor(nowMs() / 1000)),
    drop: (kid) => store.secrets.drop(kid, { atMs: nowMs(), reason: 'secret_dropped', keepSeconds }),
  }
}
