/** Faults that the log has seen just now: one of them is told in full, the rest in a line. */
import { StoreError } from '../store/store-error.ts'

/** Whether a fault is told in full. */
export type IsNews = (error: unknown) => boolean

/** A fault that was away for so long is news again. */
const quietMs = 60_000

/** Made of our own messages and places, there are few; the oldest make room. */
const mostFaults = 256

/**
 * An outage of the database, or a full disk, fails every request that comes: a stack of each would bury whatever else the log
 * says. The first of a fault is news, and the next is once a minute has passed without it.
 *
 * @param monotonicMs a clock that never jumps
 */
export function createFaultMemory(monotonicMs: () => number): IsNews {
  const seenAtMs = new Map<string, number>()
  return (error) => {
    const kind = kindOf(error)
    const atMs = monotonicMs()
    const isNews = atMs - (seenAtMs.get(kind) ?? -Infinity) >= quietMs
    // Deleted first, so that it counts as the newest.
    seenAtMs.delete(kind)
    seenAtMs.set(kind, atMs)
    const [oldest] = seenAtMs.keys()
    if (oldest !== undefined && seenAtMs.size > mostFaults) seenAtMs.delete(oldest)
    return isNews
  }
}

/** A database that is away is one fault, wherever it is missed. What is wrong in a program is known by its place. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  if (error instanceof StoreError) return error.isOutage ? 'outage' : `${error.phase} ${error.databaseCode}`
  return [
    error.name,
    error.message,
    error.stack?.split('\n').find((line) => line.startsWith('    at ')),
  ].join()
}
