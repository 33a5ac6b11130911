/** Where the client takes time from, so that a test can bring its own. */
export interface Clock {
  /** Milliseconds that never jump, from an arbitrary start. Measures the life of a token. */
  monotonicMs(): number
  /** Milliseconds since 1970 as this machine believes. Used only for a session that an earlier page has stored. */
  wallMs(): number
  /** Resolves after `durationMs`. */
  sleep(durationMs: number): Promise<void>
}

/** `performance.now()`, `Date.now()` and `setTimeout()`. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
}
