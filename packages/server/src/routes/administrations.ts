/** What whoever runs the server does with what it keeps: one set of functions for the commands and for `/admin`. */
import type { BreachedPasswords } from '../accounts/breached-passwords.ts'
import type { Hasher } from '../accounts/hasher.ts'
import type { UserAdministration } from '../accounts/user-administration.ts'
import { createUserAdministration } from '../accounts/user-administration.ts'
import type { ClientAdministration } from '../clients/client-administration.ts'
import { createClientAdministration } from '../clients/client-administration.ts'
import type { KeyAdministration } from '../keys/key-administration.ts'
import { createKeyAdministration } from '../keys/key-administration.ts'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import { leadSeconds } from '../keys/signing-keys.ts'
import type { SessionAdministration } from '../sessions/session-administration.ts'
import { createSessionAdministration } from '../sessions/session-administration.ts'
import type { Store } from '../store/store.ts'

export interface Administrations {
  readonly users: UserAdministration
  readonly sessions: SessionAdministration
  readonly clients: ClientAdministration
  readonly keys: KeyAdministration
}

export interface AdministrationsOptions {
  readonly store: Store
  readonly secrets: ServerSecrets
  readonly issuer: string
  readonly audience: string
  readonly hasher: Hasher
  readonly breached: BreachedPasswords
  /** How long an entry in the revocation feed is kept, and how much longer a key verifies, in seconds. */
  readonly keepSeconds: number
  readonly verifierSeconds: number
  readonly nowMs: () => number
}

export function createAdministrations(options: AdministrationsOptions): Administrations {
  const { store, secrets, issuer, audience, hasher, breached, keepSeconds, verifierSeconds, nowMs } = options
  return {
    users: createUserAdministration({
      store,
      hasher,
      breached,
      host: new URL(issuer).hostname,
      keepSeconds,
      nowMs,
    }),
    sessions: createSessionAdministration({ sessions: store.sessions, keepSeconds, nowMs }),
    clients: createClientAdministration({ store, defaultAudience: audience, keepSeconds, nowMs }),
    keys: createKeyAdministration({
      store: store.signingKeys,
      secrets,
      issuer,
      leadSeconds,
      keepSeconds: keepSeconds + verifierSeconds,
      nowMs,
    }),
  }
}
