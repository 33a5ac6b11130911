/** The options of a follower and their check. */
import { optionNameFault } from '../option-names.ts'
import { createRemoteJwkSet, JoseError } from '@tessera/jose'
import type { KeySet } from '@tessera/jose'

export interface FollowRevocationsOptions {
  /** The issuer whose feed is followed; exactly the `iss` of its tokens. */
  readonly issuer: string
  /** Where the feed is. Default `<issuer>/revocations`. */
  readonly url?: string
  /** The keys of the feed. Default those at `<url>/jwks.json`, fetched and kept. */
  readonly keys?: KeySet
  /** How old what is known may be, in seconds. Default 30, at least 15. */
  readonly boundSeconds?: number
  /** `stream` with a fall back to polling, or `poll` alone. Default `stream`. */
  readonly transport?: 'stream' | 'poll'
  /** The most entries that are kept in memory. Default 100 000. */
  readonly maximumEntries?: number
  /** Default the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** Told of every failed attempt to read the feed. */
  readonly onError?: (error: unknown) => void
  /** The wall clock, in seconds. */
  readonly now?: () => number
  /** A monotonic clock, in seconds. */
  readonly monotonic?: () => number
}

/** Options with every default filled in. */
export type FollowSettings = Required<Omit<FollowRevocationsOptions, 'onError'>> &
  Pick<FollowRevocationsOptions, 'onError'>

const names: readonly (keyof FollowRevocationsOptions)[] = [
  'issuer',
  'url',
  'keys',
  'boundSeconds',
  'transport',
  'maximumEntries',
  'fetch',
  'onError',
  'now',
  'monotonic',
]

/** @throws {JoseError} `option_invalid` */
export function readFollowOptions(options: FollowRevocationsOptions): FollowSettings {
  const fault = optionNameFault(options, names)
  if (fault !== undefined) throw invalid(fault)
  const { issuer, boundSeconds = 30, transport = 'stream', onError } = options
  if (typeof issuer !== 'string' || issuer === '') throw invalid('issuer: expected non-empty text')
  if (!(boundSeconds >= 15 && boundSeconds <= 3600)) throw invalid('boundSeconds: expected 15 to 3600')
  if (transport !== 'stream' && transport !== 'poll') throw invalid('transport: expected "stream" or "poll"')
  const fetch = options.fetch ?? ((...request) => globalThis.fetch(...request))
  const url = options.url ?? `${issuer.replace(/\/$/, '')}/revocations`
  return {
    issuer,
    url,
    keys: options.keys ?? createRemoteJwkSet(`${url}/jwks.json`, { fetch }),
    boundSeconds,
    transport,
    maximumEntries: options.maximumEntries ?? 100_000,
    fetch,
    now: options.now ?? (() => Date.now() / 1000),
    monotonic: options.monotonic ?? (() => performance.now() / 1000),
    ...(onError !== undefined && { onError }),
  }
}

function invalid(message: string): JoseError {
  return new JoseError('option_invalid', `followRevocations: ${message}`)
}
