/** The options of a ticket guard and their check. */
import { optionNameFault } from '../option-names.ts'
import { JoseError } from '@tessera/jose'
import { isSecureScheme } from '@tessera/jose/encoding'
import type { RevocationSource } from '../revocations.ts'

export interface TicketGuardOptions {
  /** The issuer whose tickets are let in. */
  readonly issuer: string
  /** What this API is called in a ticket's `aud`. */
  readonly audience: string
  /** As whom this API redeems tickets: a client of the issuer whose id is the audience, or that was registered for it. */
  readonly client: { readonly id: string; readonly secret: string }
  /** Exact origins of the pages that may connect (RFC 6454): neither WebSocket nor a stream of events knows CORS. */
  readonly origins: readonly string[]
  /** Where tickets are redeemed. Default `<issuer>/ticket/redeem`. */
  readonly url?: string
  /** Where to ask whether the session of a connection was revoked. Default nowhere: a connection lasts until `exp`. */
  readonly revocations?: RevocationSource
  /** What becomes of connections while `revocations` is not current: they go on, or end. Default `closed`. */
  readonly onStale?: 'open' | 'closed'
  /** How long a redemption may take, in milliseconds. Default 5000. */
  readonly timeoutMs?: number
  /** Default the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** Told why a connection got a 503. */
  readonly onError?: (error: unknown) => void
  /** The time in seconds. Default the wall clock. */
  readonly now?: () => number
}

/** Options with every default filled in. */
export interface TicketSettings extends Required<Omit<TicketGuardOptions, 'revocations' | 'onError'>> {
  readonly revocations: RevocationSource | undefined
  readonly onError: ((error: unknown) => void) | undefined
}

const names: readonly (keyof TicketGuardOptions)[] = [
  'issuer',
  'audience',
  'client',
  'origins',
  'url',
  'revocations',
  'onStale',
  'timeoutMs',
  'fetch',
  'onError',
  'now',
]

/** @throws {JoseError} `option_invalid` */
export function readTicketOptions(options: TicketGuardOptions): TicketSettings {
  if (typeof options !== 'object' || options === null) throw invalid('expected an object of options')
  const fault = optionNameFault(options, names)
  if (fault !== undefined) throw invalid(fault)
  const { issuer, audience, client, origins, onStale = 'closed', timeoutMs = 5000 } = options
  for (const [name, value] of Object.entries({ issuer, audience, 'client.id': client?.id })) {
    if (typeof value !== 'string' || value === '') throw invalid(`${name}: expected non-empty text`)
  }
  if (typeof client.secret !== 'string' || client.secret === '')
    throw invalid('client.secret: expected non-empty text: is the variable set?')
  if (onStale !== 'open' && onStale !== 'closed') throw invalid('onStale: expected "open" or "closed"')
  if (!(timeoutMs > 0 && timeoutMs <= 60_000)) throw invalid('timeoutMs: expected more than 0, up to 60000')
  checkFunctions(options)
  checkRevocations(options)
  return {
    issuer,
    audience,
    client,
    origins: checkOrigins(origins),
    url: checkUrl(options.url ?? `${issuer.replace(/\/$/, '')}/ticket/redeem`),
    revocations: options.revocations,
    onStale,
    timeoutMs,
    fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    onError: options.onError,
    now: options.now ?? (() => Date.now() / 1000),
  }
}

function checkFunctions(options: TicketGuardOptions): void {
  for (const name of ['fetch', 'onError', 'now'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw invalid(`${name}: expected a function`)
  }
}

function checkRevocations({ revocations, issuer }: TicketGuardOptions): void {
  if (revocations === undefined) return
  if (typeof revocations?.isRevoked !== 'function' || typeof revocations.isCurrent !== 'function')
    throw invalid('revocations: expected an object with isRevoked(claims, kid) and isCurrent()')
  if (revocations.issuer !== undefined && revocations.issuer !== issuer)
    throw invalid('revocations: expected those of this issuer, got the feed of another')
}

function checkOrigins(origins: readonly string[]): readonly string[] {
  if (!Array.isArray(origins) || origins.length === 0)
    throw invalid('origins: expected the exact origins of the pages that may connect')
  for (const origin of origins as readonly unknown[]) {
    if (typeof origin !== 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin)
      throw invalid('origins: expected exact origins such as "https://app.example", without a path')
  }
  return [...(origins as readonly string[])]
}

/** The client's secret goes there. */
function checkUrl(url: string): string {
  if (URL.canParse(url) && isSecureScheme(new URL(url))) return url
  throw invalid('url: expected https (http on this machine only)')
}

function invalid(message: string): JoseError {
  return new JoseError('option_invalid', `createTicketGuard: ${message}`)
}
