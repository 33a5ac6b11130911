/** The options of `createRemoteJwkSet`, read once. */
import { isObject } from '../encoding/json.ts'
import type { JoseError } from '../errors.ts'
import { badOption, readOptions } from '../options.ts'
import type { FetchSettings } from './fetch-json.ts'
import type { OnWarning } from './jwk-set.ts'
import type { JwkSetStore } from './shared-store.ts'
import { createSteadyClock } from './steady-clock.ts'

export interface RemoteJwkSetOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** How long one fetch may take, and one answer of the store. Default: 5000. */
  readonly timeoutMs?: number
  /** How long after a fetch for an unknown key ID the next may begin; after failed ones, at the longest. Default: 10000. */
  readonly cooldownMs?: number
  /** How long keys are kept when the issuer does not say (`Cache-Control`), in seconds. Default: 600. */
  readonly maxAgeSeconds?: number
  /** How long keys go on being used while they cannot be fetched anew, in seconds. Default: 86400. */
  readonly staleSeconds?: number
  /** Further request headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** Where processes share what they fetched. Default: nowhere. */
  readonly store?: JwkSetStore
  /**
   * Keeps an edge runtime awake until work in the background is done (`waitUntil` of Cloudflare Workers or Vercel).
   * Default: nothing does.
   */
  readonly waitUntil?: (work: Promise<unknown>) => void
  /** Told of each fetch when it has ended, for metrics. Default: nobody is. */
  readonly onFetch?: (report: KeyFetchReport) => void
  /** Told of entries that cannot verify, of failed background fetches, and of stores that fail. Default: silence. */
  readonly onWarning?: OnWarning
  /**
   * The clock of ages, in seconds; it must not step back. Default: the monotonic clock, and what the wall clock moved
   * while the machine slept.
   */
  readonly now?: () => number
  /** The clock of snapshots, in seconds since 1970. Default: `Date.now() / 1000`. */
  readonly wallNow?: () => number
}

/** How a fetch of keys went. */
export interface KeyFetchReport {
  readonly ok: boolean
  readonly durationMs: number
  /** Why it failed: `keys_unavailable`. */
  readonly error?: JoseError
}

/** The options with their defaults. */
export interface RemoteSettings extends FetchSettings {
  readonly cooldownSeconds: number
  readonly maxAgeSeconds: number
  readonly staleSeconds: number
  readonly store: JwkSetStore | undefined
  readonly waitUntil: (work: Promise<unknown>) => void
  readonly onFetch: (report: KeyFetchReport) => void
  readonly onWarning: OnWarning
  readonly now: () => number
  readonly wallNow: () => number
}

const where = 'createRemoteJwkSet'
const counts = ['timeoutMs', 'cooldownMs', 'maxAgeSeconds', 'staleSeconds'] as const
const functions = ['fetch', 'waitUntil', 'onFetch', 'onWarning', 'now', 'wallNow'] as const

/** @throws {JoseError} `option_invalid` */
export function readRemoteOptions(options: unknown): RemoteSettings {
  const given = readOptions<RemoteJwkSetOptions>(
    options,
    [...counts, ...functions, 'headers', 'store'],
    where,
  )
  checkOptions(given)
  return {
    // Looked up at each call, so that a test or a tracer may replace the global one.
    fetch: given.fetch ?? ((...request) => globalThis.fetch(...request)),
    timeoutMs: Math.ceil(given.timeoutMs ?? 5000),
    headers: readHeaders(given.headers === undefined ? {} : given.headers),
    cooldownSeconds: (given.cooldownMs ?? 10_000) / 1000,
    maxAgeSeconds: given.maxAgeSeconds ?? 600,
    staleSeconds: given.staleSeconds ?? 86_400,
    store: given.store,
    waitUntil: harmless(given.waitUntil),
    onFetch: harmless(given.onFetch),
    onWarning: harmless(given.onWarning),
    now: given.now ?? createSteadyClock(),
    wallNow: given.wallNow ?? (() => Date.now() / 1000),
  }
}

function checkOptions(given: RemoteJwkSetOptions): void {
  for (const name of counts) {
    const value = given[name]
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 1e9))
      throw badOption(where, name, 'a number from 0 to 1e9', value)
  }
  for (const name of functions) {
    if (given[name] !== undefined && typeof given[name] !== 'function')
      throw badOption(where, name, 'a function', given[name])
  }
  const { store } = given
  if (store !== undefined && !(typeof store?.load === 'function' && typeof store.save === 'function'))
    throw badOption(where, 'store', 'an object with load and save', store)
}

/** A hook whose own failure takes no keys away. */
function harmless<T>(hook: ((value: T) => void) | undefined): (value: T) => void {
  return (value) => {
    try {
      hook?.(value)
    } catch {
      // The application's log or metric is broken; its verification need not be.
    }
  }
}

/** Request headers of the application, judged once. */
function readHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (!isObject(headers)) {
    throw badOption(where, 'headers', 'an object of header values', headers)
  }
  const entries = Object.entries(headers as Record<string, unknown>)
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw badOption(where, `headers: ${name.slice(0, 40)}`, 'text', value)
  }
  try {
    return Object.fromEntries(new Headers(entries as [string, string][]))
  } catch {
    throw badOption(where, 'headers', 'what HTTP can carry', headers)
  }
}
