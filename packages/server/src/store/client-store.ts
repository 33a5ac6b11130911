/** The part of the store's face that concerns clients: programs that authenticate themselves (RFC 6749 §2). */
import type { AuditEvent } from './audit-event.ts'
import type { Ending, Revocation } from './ending.ts'

/** A program that gets tokens of its own. It proves itself with its secret, or with a key (RFC 7523 §2.2). */
export interface Client {
  readonly clientId: string
  /** For people. */
  readonly name: string
  /** SHA-256 of the secret; null where there is none. */
  readonly secretHash: string | null
  /** The public JWK Set that verifies its assertions, as text; null where it has a secret. */
  readonly jwkSet: string | null
  /** What it may ask for: scopes, separated by one space. */
  readonly scope: string
  /** The resources that it may ask tokens for (RFC 8707); the first is the default. */
  readonly audiences: readonly string[]
  readonly roles: readonly string[]
  /** The `sid` of every token that it gets for itself: random, and told by the feed when the client is revoked. */
  readonly tokenSid: string
  readonly createdAt: number
  readonly revokedAt: number | null
}

export interface ClientStore {
  /** Adds a client, unless its id is taken. */
  insert(client: Client, event: AuditEvent): Promise<'inserted' | 'taken'>
  /** A client, revoked ones too. */
  find(clientId: string): Promise<Client | undefined>
  /** Clients in the order of their ids, after one of them. */
  list(page: { readonly after?: string; readonly limit: number }): Promise<readonly Client[]>
  /** Puts another secret in the place of the present one. False: no such live client, or one that has keys. */
  replaceSecret(change: { clientId: string; secretHash: string; event: AuditEvent }): Promise<boolean>
  /** Revokes a client and every token that it got. Undefined: no such client, or revoked already. */
  revoke(clientId: string, ending: Omit<Ending, 'reason'>): Promise<readonly Revocation[] | undefined>
  /**
   * Notes that a client used an assertion, which is kept until it expires.
   *
   * @returns false when it was used before
   */
  useAssertion(use: {
    readonly clientId: string
    readonly jti: string
    readonly expiresAt: number
  }): Promise<boolean>
}
