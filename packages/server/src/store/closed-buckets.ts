/**
 * Which buckets were full when the database was last asked. Others only make them fuller: an attempt at one of them is
 * refused without asking again, so that a flood at what is closed costs no transaction (P15).
 *
 * A bucket never opens here before the database says so. Where another process gave room back, it opens a moment later: the
 * database is asked again once a second at least.
 */
import type { Bucket } from './store.ts'

/** How long each bucket of an attempt stays closed, in milliseconds, by its key; 0: it is open. */
export type Waits = ReadonlyMap<string, number>

export interface ClosedBuckets {
  /** The milliseconds until all of these are open, as far as is known; 0: ask the database. */
  waitMs(buckets: readonly Bucket[], nowMs: number): number
  /** Takes in what the database said at a time. */
  learn(waits: Waits, nowMs: number): void
}

interface Closed {
  readonly learnedAtMs: number
  readonly opensAtMs: number
}

/** How long what was learned is relied on, in milliseconds. */
const reliedOnMs = 1000

/** Some 500 KiB of them. The oldest make room: then the database is asked, as it would be without this. */
const mostBuckets = 4096

export function createClosedBuckets(): ClosedBuckets {
  const closed = new Map<string, Closed>()
  return {
    waitMs: (buckets, nowMs) => Math.max(0, ...buckets.map(({ key }) => waitOf(closed.get(key), nowMs))),
    learn: (waits, nowMs) => {
      for (const [key, waitMs] of waits) {
        // Deleted first, so that it counts as the newest.
        closed.delete(key)
        if (waitMs > 0) closed.set(key, { learnedAtMs: nowMs, opensAtMs: nowMs + waitMs })
      }
      for (const key of closed.keys()) {
        if (closed.size <= mostBuckets) return
        closed.delete(key)
      }
    },
  }
}

function waitOf(bucket: Closed | undefined, nowMs: number): number {
  if (bucket === undefined) return 0
  // A clock that was set back makes everything older unknown.
  const ageMs = nowMs - bucket.learnedAtMs
  return ageMs >= 0 && ageMs < reliedOnMs ? bucket.opensAtMs - nowMs : 0
}
