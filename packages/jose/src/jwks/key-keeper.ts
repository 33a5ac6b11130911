/** The keys of an issuer: fetched, kept through an outage, shared, handed out as a snapshot. */
import { JoseError } from '../errors.ts'
import { createFlights, type Flights } from './flights.ts'
import { type OnWarning, type ReadyJwkSet, readJwkSet } from './jwk-set.ts'
import type { KeySource } from './key-source.ts'
import { clampLifetime, isFresh, isUsable, type LoadedKeys } from './loaded-keys.ts'
import type { RemoteSettings } from './remote-options.ts'
import { guardStore } from './shared-store.ts'
import { type JwkSetSnapshot, readSnapshot, takeSnapshot } from './snapshot.ts'

/** How the keys stand. */
export interface RemoteJwkSetStatus {
  /** Keys that can verify now: 0 before the first answer, and when the last one has become too old. */
  readonly keys: number
  /** How old they are. */
  readonly ageSeconds?: number
  /** Whether there are none, or older ones than the issuer allows, because newer ones cannot be fetched. */
  readonly isStale: boolean
  /** Fetches that failed since the last good one. */
  readonly failures: number
  /** Why the last fetch failed, if it did. */
  readonly lastError?: JoseError
}

export interface KeyKeeper {
  readonly generation: number
  readonly flights: Flights
  /** The keys at hand, while they may be used. */
  usable(): LoadedKeys | undefined
  /** Takes the keys of a snapshot, unless it is unfit or no newer than those at hand. */
  hydrate(snapshot: unknown): boolean
  snapshot(): JwkSetSnapshot | undefined
  status(): RemoteJwkSetStatus
}

export function createKeyKeeper(source: KeySource, settings: RemoteSettings): KeyKeeper {
  const { now, onFetch, onWarning, staleSeconds, waitUntil } = settings
  const context = { ...settings, url: source.url }
  const store = settings.store === undefined ? undefined : guardStore(settings.store, context)
  let loaded: LoadedKeys | undefined
  let generation = 0

  const usable = (): LoadedKeys | undefined =>
    loaded !== undefined && isUsable(loaded, now(), staleSeconds) ? loaded : undefined

  const keep = (keys: LoadedKeys): void => {
    if (JSON.stringify(keys.set.jwks) !== JSON.stringify(loaded?.set.jwks)) generation += 1
    loaded = keys
  }

  const hydrate = (snapshot: unknown): boolean => {
    try {
      const keys = readSnapshot(snapshot, context, onWarning)
      if (!isUsable(keys, now(), staleSeconds) || !isNewer(keys, loaded)) return false
      keep(keys)
      return true
    } catch (error) {
      onWarning(error instanceof JoseError ? error.message : 'snapshot of keys: it cannot be read')
      return false
    }
  }

  /** Whether another process has fetched keys that will do. */
  const adoptShared = async (): Promise<boolean> => {
    const isUrgent = usable() === undefined
    const shared = await store?.load()
    if (shared !== undefined && shared !== null) hydrate(shared)
    const keys = usable()
    return keys !== undefined && (isUrgent || isFresh(keys, now()))
  }

  /** A good set is never replaced by a broken or empty one. */
  const fetchKeys = async (): Promise<void> => {
    const fetchedAt = now()
    const { document, maxAgeSeconds = settings.maxAgeSeconds } = await source.fetch()
    const set = readAnswer(document, onWarning)
    keep({ set, fetchedAt, lifetimeSeconds: clampLifetime(maxAgeSeconds), isFirstHand: true })
  }

  const fly = async (mayShare: boolean): Promise<void> => {
    if (mayShare && store !== undefined && (await adoptShared())) return
    const began = now()
    const report = (): { durationMs: number } => ({ durationMs: (now() - began) * 1000 })
    try {
      await fetchKeys()
      onFetch({ ok: true, ...report() })
    } catch (error) {
      onFetch({ ok: false, ...report(), error: error as JoseError })
      throw error
    }
    if (store !== undefined) waitUntil(store.save(takeSnapshot(loaded!, context)))
  }

  const flights = createFlights(fly, settings)
  return {
    flights,
    usable,
    hydrate,
    snapshot: () => (loaded === undefined ? undefined : takeSnapshot(loaded, context)),
    status: () => statusOf(usable(), flights, now()),
    get generation() {
      return generation
    },
  }
}

/** Two clocks went into the age of a snapshot: within a second, they cannot tell. */
function isNewer(
  keys: LoadedKeys,
  { fetchedAt }: Pick<LoadedKeys, 'fetchedAt'> = { fetchedAt: -Infinity },
): boolean {
  return keys.fetchedAt > fetchedAt + 1
}

function readAnswer(document: unknown, onWarning: OnWarning): ReadyJwkSet {
  try {
    return readJwkSet(document, onWarning)
  } catch (cause) {
    const message = 'keys of the issuer could not be fetched: the answer is no usable JWK Set'
    throw new JoseError('keys_unavailable', message, { cause })
  }
}

function statusOf(
  keys: LoadedKeys | undefined,
  { failures, lastError }: Flights,
  now: number,
): RemoteJwkSetStatus {
  return {
    keys: keys?.set.size ?? 0,
    ...(keys === undefined ? {} : { ageSeconds: now - keys.fetchedAt }),
    isStale: keys === undefined || !isUsable(keys, now),
    failures,
    ...(lastError === undefined ? {} : { lastError }),
  }
}
