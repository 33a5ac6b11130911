/**
 * A JWK Set that an issuer publishes. It is fetched once and kept, refreshed ahead of its end in the background, and
 * kept through an outage; one fetch at a time serves everybody, and tokens with unknown key IDs cannot multiply fetches.
 */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { JoseError } from '../errors.ts'
import { asymmetricAlgorithms } from '../jwa/signature-algorithms.ts'
import type { PublicKey } from '../jwk/key.ts'
import type { KeySelector, KeySet } from '../jwk/key-set.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import { discoverJwksUri } from './discovery.ts'
import { fetchJson, type FetchSettings, requireSecureUrl } from './fetch-json.ts'
import { type OnWarning, type ReadyJwkSet, readJwkSet } from './jwk-set.ts'

export interface RemoteJwkSetOptions {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** How long one fetch may take. Default: 5000. */
  readonly timeoutMs?: number
  /** How long after a fetch for an unknown key ID, or a failed one, the next may begin. Default: 10000. */
  readonly cooldownMs?: number
  /** How long keys are kept when the issuer does not say (`Cache-Control`), in seconds. Default: 600. */
  readonly maxAgeSeconds?: number
  /** How long keys go on being used while they cannot be fetched anew, in seconds. Default: 86400. */
  readonly staleSeconds?: number
  /** Further request headers. */
  readonly headers?: Readonly<Record<string, string>>
  /** Told of entries that cannot verify and of failed background fetches. Default: silence. */
  readonly onWarning?: OnWarning
  /** A monotonic clock, in seconds. Default: `performance.now() / 1000`. */
  readonly now?: () => number
}

/** A key set that fetches itself. */
export interface RemoteJwkSet extends KeySet<PublicKey> {
  readonly generation: number
  /** Fetches now, at start for example. @throws {JoseError} `keys_unavailable` */
  reload(): Promise<void>
}

const optionNames = [
  'fetch',
  'timeoutMs',
  'cooldownMs',
  'maxAgeSeconds',
  'staleSeconds',
  'headers',
  'onWarning',
  'now',
] as const

/** What `Cache-Control` may ask for, in seconds. */
const shortestAge = 15
const longestAge = 86_400
/** Unknown key IDs remembered at most. */
const maximumMisses = 256

interface Settings extends FetchSettings {
  readonly cooldownSeconds: number
  readonly maxAgeSeconds: number
  readonly staleSeconds: number
  readonly onWarning: OnWarning
  readonly now: () => number
}

interface Loaded {
  readonly set: ReadyJwkSet
  readonly text: string
  /** When the fetch that brought it began. */
  readonly beganAt: number
  readonly refreshAt: number
  readonly staleAt: number
}

/**
 * A key set published at a URL.
 *
 * @param source - the URL of the JWK Set, or `{ issuer }` to find it through the issuer's metadata (RFC 8414)
 * @throws {JoseError} `option_invalid` for a URL that is not https (http only on this machine)
 */
export function createRemoteJwkSet<const O extends RemoteJwkSetOptions = RemoteJwkSetOptions>(
  source: string | URL | { readonly issuer: string },
  options?: O & OnlyOptions<O, RemoteJwkSetOptions>,
): RemoteJwkSet {
  const settings = readSettings(options ?? {})
  const locate = locator(source, settings)
  return remoteJwkSet(settings, async () => fetchJson(await locate(), settings))
}

function locator(source: string | URL | { readonly issuer: string }, settings: Settings): () => Promise<URL> {
  if (typeof source === 'object' && source !== null && 'issuer' in source) {
    const { issuer } = source
    const { search, hash } = requireSecureUrl(issuer, 'createRemoteJwkSet: issuer')
    if (search !== '' || hash !== '' || /[?#]/.test(issuer)) {
      throw new JoseError(
        'option_invalid',
        'createRemoteJwkSet: issuer: expected a URL without query and fragment (RFC 8414 §2)',
      )
    }
    return () => discoverJwksUri(issuer, settings)
  }
  const url = requireSecureUrl(source, 'createRemoteJwkSet')
  return async () => url
}

function remoteJwkSet(settings: Settings, load: () => ReturnType<typeof fetchJson>): RemoteJwkSet {
  const { now, onWarning } = settings
  let loaded: Loaded | undefined
  let generation = 0
  let inFlight: Promise<void> | undefined
  let quietUntil = Number.NEGATIVE_INFINITY
  let failures = 0
  const misses = new Map<string, number>()

  const fetchOnce = async (): Promise<void> => {
    const beganAt = now()
    try {
      const { document, maxAgeSeconds } = await load()
      const set = readJwkSet(document, onWarning)
      const text = JSON.stringify(document)
      if (text !== loaded?.text) generation += 1
      const age = Math.min(longestAge, Math.max(shortestAge, maxAgeSeconds ?? settings.maxAgeSeconds))
      loaded = {
        set,
        text,
        beganAt,
        refreshAt: beganAt + age * 0.8,
        staleAt: beganAt + age + settings.staleSeconds,
      }
      failures = 0
    } catch (cause) {
      // A good set is never replaced by a broken or empty one. The next try waits longer each time.
      failures += 1
      quietUntil = now() + Math.min(settings.cooldownSeconds, 0.5 * 2 ** Math.min(failures, 10))
      throw cause instanceof JoseError && cause.code === 'keys_unavailable'
        ? cause
        : new JoseError('keys_unavailable', 'keys could not be fetched: the answer is no usable JWK Set', {
            cause,
          })
    }
  }

  const fetchKeys = (): Promise<void> => {
    inFlight ??= fetchOnce().finally(() => {
      inFlight = undefined
    })
    return inFlight
  }

  const refreshAhead = (): void => {
    if (inFlight !== undefined || now() < quietUntil) return
    fetchKeys().catch((error: unknown) =>
      onWarning(error instanceof Error ? error.message : 'keys could not be fetched'),
    )
  }

  /** The loaded keys, while they may be used. */
  const usable = (): Loaded | undefined =>
    loaded !== undefined && now() < loaded.staleAt ? loaded : undefined

  const selectLoaded = (selector: KeySelector): Awaitable<readonly PublicKey[]> => {
    const current = usable()
    if (current === undefined) return afterFetch(selector, now())
    if (now() >= current.refreshAt) refreshAhead()
    return chain(current.set.selectKeys(selector), (keys) => (keys.length > 0 ? keys : onMiss(selector)))
  }

  /** An unknown key ID is refused only on the word of a fetch that began after it was first missed. */
  const onMiss = (selector: KeySelector): Awaitable<readonly PublicKey[]> => {
    const name = `${selector.alg} ${selector.kid ?? ''}`
    const missedAt = misses.get(name)
    if (missedAt !== undefined && loaded !== undefined && loaded.beganAt >= missedAt) {
      if (now() < missedAt + settings.cooldownSeconds) throw notFound()
      misses.delete(name)
    }
    if (misses.size >= maximumMisses) misses.delete(misses.keys().next().value!)
    if (!misses.has(name)) misses.set(name, now())
    if (inFlight === undefined && now() < quietUntil) throw unavailable()
    const fetched = afterFetch(selector, now())
    quietUntil = Math.max(quietUntil, now() + settings.cooldownSeconds)
    return fetched
  }

  const afterFetch = async (selector: KeySelector, askedAt: number): Promise<readonly PublicKey[]> => {
    if (inFlight === undefined && usable() === undefined && now() < quietUntil) throw unavailable()
    await fetchKeys()
    const keys = await selectNow(selector)
    if (keys.length > 0) return keys
    if (loaded !== undefined && loaded.beganAt >= askedAt) throw notFound()
    // A flight that had begun before the question may have missed a key published in between; the next one waits for the
    // cool-down, or a stream of unknown key IDs would chain one fetch to another.
    if (now() < quietUntil) throw unavailable()
    quietUntil = now() + settings.cooldownSeconds
    await fetchKeys()
    const again = await selectNow(selector)
    if (again.length === 0) throw notFound()
    return again
  }

  const selectNow = async (selector: KeySelector): Promise<readonly PublicKey[]> =>
    (await usable()?.set.selectKeys(selector)) ?? []

  return {
    algorithms: asymmetricAlgorithms,
    get generation() {
      return generation
    },
    selectKeys: selectLoaded,
    reload: fetchKeys,
  }
}

function notFound(): JoseError {
  return new JoseError('key_not_found', 'no key of the issuer has the "kid" and "alg" of the token')
}

function unavailable(): JoseError {
  return new JoseError(
    'keys_unavailable',
    "the issuer's keys cannot be fetched at the moment: try again in a few seconds",
  )
}

function readSettings(options: unknown): Settings {
  const where = 'createRemoteJwkSet'
  const given = readOptions<RemoteJwkSetOptions>(options, optionNames, where)
  for (const name of ['timeoutMs', 'cooldownMs', 'maxAgeSeconds', 'staleSeconds'] as const) {
    const value = given[name]
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 1e9))
      throw badOption(where, name, 'a number from 0 to 1e9', value)
  }
  for (const name of ['fetch', 'onWarning', 'now'] as const) {
    if (given[name] !== undefined && typeof given[name] !== 'function')
      throw badOption(where, name, 'a function', given[name])
  }
  return {
    // Looked up at each call, so that a test or a tracer may replace the global one.
    fetch: given.fetch ?? ((...request) => globalThis.fetch(...request)),
    timeoutMs: Math.ceil(given.timeoutMs ?? 5000),
    headers: readHeaders(given.headers === undefined ? {} : given.headers, where),
    cooldownSeconds: (given.cooldownMs ?? 10_000) / 1000,
    maxAgeSeconds: given.maxAgeSeconds ?? 600,
    staleSeconds: given.staleSeconds ?? 86_400,
    onWarning: given.onWarning ?? (() => undefined),
    now: given.now ?? (() => performance.now() / 1000),
  }
}

/** Request headers of the application, judged once. */
function readHeaders(headers: unknown, where: string): Readonly<Record<string, string>> {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw badOption(where, 'headers', 'an object of header values', headers)
  }
  const entries = Object.entries(headers as Record<string, unknown>)
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw badOption(where, `headers: ${name.slice(0, 40)}`, 'text', value)
  }
  try {
    return Object.fromEntries(new Headers(entries as [string, string][]))
  } catch {
    throw badOption(where, 'headers', 'names and values that HTTP can carry', headers)
  }
}
