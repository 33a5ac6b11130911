/** Keys of an issuer at hand, and how long they may be used. */
import type { ReadyJwkSet } from './jwk-set.ts'

/** What `Cache-Control` may ask for, in seconds. */
const shortestLifetime = 15
const longestLifetime = 86_400

export interface LoadedKeys {
  readonly set: ReadyJwkSet
  /** When the fetch that brought them began, on the clock of the key set. */
  readonly fetchedAt: number
  /** How old they may become while the issuer can be asked for newer ones. */
  readonly lifetimeSeconds: number
  /** Whether this key set fetched them itself: only then are they a word on which keys there are not. */
  readonly isFirstHand: boolean
}

/** A lifetime within bounds, whoever named it. */
export function clampLifetime(seconds: number): number {
  return Math.min(longestLifetime, Math.max(shortestLifetime, seconds))
}

/** Whether they need not be fetched anew yet: they are, at four fifths of their life, so that nobody has to wait. */
export function isFresh({ fetchedAt, lifetimeSeconds }: LoadedKeys, now: number): boolean {
  return now < fetchedAt + lifetimeSeconds * 0.8
}

/** Whether they are within their lifetime, or `staleSeconds` beyond it while the issuer cannot be reached. */
export function isUsable({ fetchedAt, lifetimeSeconds }: LoadedKeys, now: number, staleSeconds = 0): boolean {
  return now < fetchedAt + lifetimeSeconds + staleSeconds
}
