/** The clocks of a token server, and the watch over them. */
import type { ClockWatch } from '../sessions/clock-watch.ts'
import { createClockWatch } from '../sessions/clock-watch.ts'
import type { Internals } from './internals.ts'

export interface Clocks {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly clock: ClockWatch
}

export function clocksOf({ nowMs, monotonicMs = nowMs ?? (() => performance.now()) }: Internals): Clocks {
  const wallMs = nowMs ?? Date.now
  return { nowMs: wallMs, monotonicMs, clock: createClockWatch({ nowMs: wallMs, monotonicMs }) }
}
