/** The part of the store's face that concerns tickets (P20). */

export interface Ticket {
  /** SHA-256 of the ticket. */
  readonly id: string
  /** Of the access token that it was got with. */
  readonly claims: Readonly<Record<string, unknown>>
  /** No wider than the token's. */
  readonly scope: string
  readonly audience: string
  /** Where the connection goes. */
  readonly path: string
  readonly expiresAt: number
}

export interface TicketStore {
  insert(ticket: Ticket): Promise<void>
  /** Takes a ticket out: of all who come with it, one gets it. */
  take(id: string, now: number): Promise<Ticket | undefined>
}
