/** What the endpoints work with. An endpoint is a function of one exchange: parse, act, answer. */
import type { Accounts } from '../accounts/accounts.ts'
import type { BreachedPasswords } from '../accounts/breached-passwords.ts'
import type { Messages } from '../accounts/messages.ts'
import type { Throttle } from '../accounts/throttle.ts'
import type { ClientAuthentication } from '../clients/authenticate-client.ts'
import type { CheckedConfig } from '../config/check-config.ts'
import type { Answer } from '../http/answer.ts'
import type { Incoming } from '../http/incoming.ts'
import type { SecretRegistry } from '../keys/secret-registry.ts'
import type { LiveRevocations } from '../sessions/live-revocations.ts'
import type { Ending, EndReason, Store } from '../store/store.ts'
import type { AccessTokens } from '../tokens/access-token.ts'
import type { OwnAccessTokens } from '../tokens/own-access-tokens.ts'
import type { RefreshCounts } from '../tokens/refresh-counts.ts'
import type { SessionTokens } from '../tokens/session-tokens.ts'
import type { RevocationFeed } from '../tokens/revocation-feed.ts'
import type { AdminDoor } from './admin-door.ts'
import type { Administrations } from './administrations.ts'
import type { Door } from './door.ts'

export interface Desk {
  readonly config: CheckedConfig
  readonly accounts: Accounts
  readonly breached: BreachedPasswords
  readonly messages: Messages
  readonly throttle: Throttle
  readonly clients: ClientAuthentication
  readonly accessTokens: AccessTokens
  readonly ownTokens: OwnAccessTokens
  readonly tokens: SessionTokens
  readonly refreshCounts: RefreshCounts
  readonly registry: SecretRegistry
  readonly door: Door
  readonly adminDoor: AdminDoor
  readonly admin: Administrations
  readonly store: Store
  readonly revocations: LiveRevocations
  readonly feed: RevocationFeed
  /** An ending at this moment. */
  ending(reason: EndReason): Ending
  readonly nowMs: () => number
  /** A clock that never jumps. */
  readonly monotonicMs: () => number
}

/** One request with what was found out about it. */
export interface Exchange {
  readonly request: Incoming
  /** The named parts of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly addressPrefix: string
  /** Whether it came from this machine itself, with no proxy in between. */
  readonly isLocal: boolean
}

/** Answers at once where nothing has to be waited for. */
export type Endpoint = (desk: Desk, exchange: Exchange) => Answer | Promise<Answer>

/** What is the same for everybody: a public document is answered from the request alone. */
export interface PublicEndpoint {
  document(request: Incoming): Answer
}
