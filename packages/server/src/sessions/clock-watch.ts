/**
 * Watches the wall clock against one that nobody can set (P21). A step of an hour must not make a lost reply look like a
 * stolen token, nor end everybody's session: for half a minute after one is seen, lifetimes are judged by the clock as it
 * was before, and the age of a rotation counts as unknown.
 */

export interface ClockReading {
  /** The wall clock. */
  readonly nowMs: number
  /** What lifetimes are judged by. */
  readonly lifeMs: number
  /** The clock stepped less than half a minute ago: no age that spans the step is true. */
  readonly isUncertain: boolean
}

export interface ClockWatch {
  read(): ClockReading
  /** The clock has moved by more than a day since the start, not counting the time that passed. */
  hasJumped(): boolean
}

export interface ClockWatchOptions {
  /** The wall clock, in milliseconds since 1970. */
  readonly nowMs: () => number
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonicMs: () => number
}

/** More than NTP slews between two looks. */
const toleranceMs = 2000
/** Whatever was rotated before the step is older than its window by then. */
const holdMs = 30_000
const dayMs = 86_400_000

export function createClockWatch({ nowMs, monotonicMs }: ClockWatchOptions): ClockWatch {
  const offset = (): number => nowMs() - monotonicMs()
  const first = offset()
  /** Between the two clocks: as it was before a step, and as it was at the last look. */
  let settled = first
  let latest = first
  let steppedAt: number | undefined
  return {
    read: () => {
      const now = nowMs()
      const elapsed = monotonicMs()
      const current = now - elapsed
      if (Math.abs(current - latest) > toleranceMs) steppedAt = elapsed
      latest = current
      if (steppedAt !== undefined && elapsed - steppedAt < holdMs) {
        return { nowMs: now, lifeMs: elapsed + settled, isUncertain: true }
      }
      steppedAt = undefined
      settled = current
      return { nowMs: now, lifeMs: now, isUncertain: false }
    },
    hasJumped: () => Math.abs(offset() - first) > dayMs,
  }
}
