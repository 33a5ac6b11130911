/** Which proofs were used already (RFC 9449 §11.1). */
import { JoseError } from '../errors.ts'
import { type Clock, readClock } from '../jwt/numeric-date.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'

/**
 * Remembers the proofs that were used, for as long as they could be used again. All processes that accept proofs for one
 * resource share one: in Redis, `SET id '' NX EXAT expiresAt` and a look at the answer.
 */
export interface ReplayStore {
  /**
   * Takes an id in, at once or not at all.
   *
   * @param id - 43 characters, the hash of key and `jti`
   * @param expiresAt - the NumericDate, a whole number, from which on the id may be forgotten
   * @returns true for an id that was not there, false for one that was
   */
  remember(id: string, expiresAt: number): boolean | Promise<boolean>
}

/** A replay store that answers at once. */
export interface MemoryReplayStore extends ReplayStore {
  /** As `ReplayStore`. @throws {JoseError} `keys_unavailable` when it is full */
  remember(id: string, expiresAt: number): boolean
}

export interface MemoryReplayStoreOptions {
  /** How many ids are kept at most; each takes about 150 octets. Default: 100000. */
  readonly maxEntries?: number
  /** The present, in seconds, or a function that gives it. It must be the verifier's. Default: the system clock. */
  readonly now?: Clock
}

const where = 'createMemoryReplayStore'

/**
 * A replay store in the memory of one process.
 *
 * It never forgets an id before its time: a store that is full of ids which have not expired refuses new ones
 * (`keys_unavailable`, so that a server answers 503) rather than let an old proof pass again.
 *
 * @throws {JoseError} `option_invalid`
 */
export function createMemoryReplayStore<const O extends MemoryReplayStoreOptions = MemoryReplayStoreOptions>(
  options?: O & OnlyOptions<O, MemoryReplayStoreOptions>,
): MemoryReplayStore {
  const given = readOptions<MemoryReplayStoreOptions>(options ?? {}, ['maxEntries', 'now'], where)
  const { maxEntries = 100_000, now } = given
  if (!Number.isInteger(maxEntries) || maxEntries < 1 || maxEntries > 1e7)
    throw badOption(where, 'maxEntries', 'a whole number from 1 to 1e7', maxEntries)
  readClock(now, where)
  const expiries = new Map<string, number>()
  let earliest = Infinity

  /** At most once for each distinct expiry, so that a full store is not walked for every request. */
  const forgetExpired = (present: number): void => {
    if (present < earliest) return
    earliest = Infinity
    for (const [id, expiresAt] of expiries) {
      if (expiresAt <= present) expiries.delete(id)
      else earliest = Math.min(earliest, expiresAt)
    }
  }

  return Object.freeze({
    remember: (id, expiresAt) => {
      forgetExpired(readClock(now, where))
      if (expiries.has(id)) return false
      if (expiries.size >= maxEntries)
        throw new JoseError('keys_unavailable', 'replay store: full of proofs that have not expired')
      expiries.set(id, expiresAt)
      earliest = Math.min(earliest, expiresAt)
      return true
    },
  } satisfies MemoryReplayStore)
}
