/** Fetched keys as plain data, to be kept outside the process. */
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { Jwk } from '../jwk/jwk.ts'
import { type OnWarning, readJwkSet } from './jwk-set.ts'
import { clampLifetime, type LoadedKeys } from './loaded-keys.ts'

/** The keys of an issuer as they were fetched. It is JSON, and holds public keys alone; whoever can change it can forge tokens. */
export interface JwkSetSnapshot {
  /** What the key set was made for: the URL of the keys, or the issuer. */
  readonly url: string
  /** When the fetch began, in seconds since 1970. */
  readonly fetchedAt: number
  /** How old the keys may become, as the issuer said. */
  readonly lifetimeSeconds: number
  readonly keys: readonly Jwk[]
}

/** How far the clock of another machine may be ahead, in seconds. */
const skewSeconds = 60

/** What tells the times of a snapshot from those of a key set. */
export interface SnapshotContext {
  readonly url: string
  /** The clock of the key set, in seconds. */
  readonly now: () => number
  /** Seconds since 1970. */
  readonly wallNow: () => number
}

/** The snapshot of keys at hand. */
export function takeSnapshot(
  { set, fetchedAt, lifetimeSeconds }: LoadedKeys,
  { url, now, wallNow }: SnapshotContext,
): JwkSetSnapshot {
  return { url, fetchedAt: wallNow() - (now() - fetchedAt), lifetimeSeconds, keys: structuredClone(set.jwks) }
}

/**
 * The keys of a snapshot, as old as they are by the wall clock.
 *
 * @throws {JoseError} `key_invalid` for anything but a snapshot of this key set, saying why
 */
export function readSnapshot(
  value: unknown,
  { url, now, wallNow }: SnapshotContext,
  onWarning: OnWarning,
): LoadedKeys {
  if (typeof value !== 'object' || value === null) throw unfit(`expected an object, got ${kindOf(value)}`)
  const { url: source, fetchedAt, lifetimeSeconds } = value as { [Name in keyof JwkSetSnapshot]?: unknown }
  if (source !== url) throw unfit('it is of another URL')
  if (!isTime(fetchedAt) || !isTime(lifetimeSeconds)) throw unfit('its times are no numbers')
  const age = wallNow() - fetchedAt
  if (age < -skewSeconds) throw unfit('it comes from the future')
  return {
    set: readJwkSet(value, onWarning),
    fetchedAt: now() - Math.max(0, age),
    lifetimeSeconds: clampLifetime(lifetimeSeconds),
    isFirstHand: false,
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function unfit(reason: string): JoseError {
  return new JoseError('key_invalid', `snapshot of keys: ${reason}`)
}
