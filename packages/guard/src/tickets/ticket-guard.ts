/**
 * The door for connections that cannot carry a header: WebSocket and server-sent events (P20). The page gets a ticket with
 * its access token and connects with it; this redeems the ticket at the upgrade, once over all guards, and sees to it that
 * the connection lasts no longer than the token would have.
 */
import { problem } from '../problem.ts'
import type { ProblemAnswer } from '../problem.ts'
import { createRefusals } from '../refusals.ts'
import type { Refusals } from '../refusals.ts'
import { headerValues } from '../request-headers.ts'
import type { GuardRequest } from '../request-headers.ts'
import { createConnections } from './connections.ts'
import type { TicketConnection } from './connections.ts'
import { isTicket, redeem } from './redeem.ts'
import { readTicketOptions } from './ticket-options.ts'
import type { TicketGuardOptions, TicketSettings } from './ticket-options.ts'

export type TicketResult =
  | { readonly ok: true; readonly connection: TicketConnection }
  | ({ readonly ok: false } & ProblemAnswer)

export interface TicketGuard {
  /**
   * Redeems the ticket in the query of a request (`?ticket=tk_…`). Never rejects because of the request. `url` is the path
   * and query as they came, or the whole address.
   */
  redeem(request: GuardRequest): Promise<TicketResult>
  /** Connections that are open now, for metrics. */
  readonly connections: number
}

/**
 * Makes a guard of tickets.
 *
 * @throws {JoseError} `option_invalid`
 */
export function createTicketGuard(options: TicketGuardOptions): TicketGuard {
  const settings = readTicketOptions(options)
  const refusals = createRefusals()
  const connections = createConnections(settings)
  return {
    redeem: async (request) => {
      const asked = readRequest(settings, refusals, request)
      if ('answer' in asked) return { ok: false, ...asked.answer }
      const redemption = await redeem(settings, asked.ticket, asked.path)
      if (redemption.kind === 'active') return { ok: true, connection: connections.open(redemption.claims) }
      if (redemption.kind === 'inactive') return { ok: false, ...refusals.tokenRefused('revoked', inactive) }
      report(settings, redemption.error)
      return {
        ok: false,
        ...refusals.undecided('unavailable', 'tickets cannot be redeemed now; try again later'),
      }
    },
    get connections() {
      return connections.size
    },
  }
}

const inactive =
  'expected a ticket in force for this path, got one that was used, is too old, or is for something else; get another one'

type Asked = { readonly ticket: string; readonly path: string } | { readonly answer: ProblemAnswer }

function readRequest({ origins }: TicketSettings, refusals: Refusals, request: GuardRequest): Asked {
  if (!isFromPage(origins, request)) {
    const detail = 'Origin: expected a page that may connect here, got another or none'
    return { answer: problem('origin_rejected', detail) }
  }
  const { path, query } = splitUrl(request.url)
  const tickets = new URLSearchParams(query).getAll('ticket')
  const [ticket] = tickets
  if (ticket === undefined) return { answer: refusals.tokenMissing('expected "?ticket=tk_…", got no ticket') }
  if (tickets.length > 1) return { answer: refusals.requestInvalid('expected one ticket, got several') }
  // Asked of nobody: what cannot be a ticket costs the issuer nothing.
  if (!isTicket(ticket))
    return { answer: refusals.tokenRefused('malformed', 'expected a ticket, got another text') }
  return { ticket, path }
}

/**
 * Whether a page that may connect sent this. Browsers leave `Origin` out of one request: a page's stream of events from its
 * own origin, of which they say so in a header that no script can set (Fetch Metadata).
 */
function isFromPage(origins: readonly string[], { headers }: GuardRequest): boolean {
  const [origin, ...more] = headerValues(headers, 'origin')
  if (origin !== undefined) return more.length === 0 && origins.includes(origin)
  return headerValues(headers, 'sec-fetch-site')[0] === 'same-origin'
}

/** The path as it came: the ticket is for exactly that text. */
function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const { pathname, search } = url.startsWith('/') ? splitTarget(url) : new URL(url)
  return { path: pathname, query: search }
}

function splitTarget(target: string): { readonly pathname: string; readonly search: string } {
  const at = target.indexOf('?')
  return at < 0
    ? { pathname: target, search: '' }
    : { pathname: target.slice(0, at), search: target.slice(at) }
}

function report({ onError }: TicketSettings, error: unknown): void {
  try {
    onError?.(error)
  } catch {
    // The hook is for diagnosis only; there is nobody else to tell.
  }
}
