/**
 * Reading the revocation feed by cursor. A cursor is `epoch.place`; what a place is, the engine alone knows. A cursor
 * that is not of this store and this epoch, or lies ahead of it, makes the reading begin anew (P4): repeats are
 * harmless to whoever unites sets, gaps are not.
 */
import type { Revocation } from './store.ts'

/** One reading. `place` is undefined where reading begins. */
export interface ReadRevocations {
  readonly place: string | undefined
  /** Expired entries are not told, in seconds. */
  readonly now: number
  readonly limit: number
}

export interface Page {
  readonly entries: readonly Revocation[]
  /** The place to go on from. */
  readonly next: string
  /** Whether there is more to read at once. */
  readonly more: boolean
  /** The place was none of this store's. */
  readonly reset: boolean
}

/** The place of a cursor of this epoch; undefined for any other text. */
export function placeOf(cursor: string | undefined, epoch: string): string | undefined {
  const start = `${epoch}.`
  return cursor?.startsWith(start) === true ? cursor.slice(start.length) : undefined
}

export function cursorAt(place: string, epoch: string): string {
  return `${epoch}.${place}`
}
