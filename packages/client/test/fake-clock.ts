import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@tessera/client'

export interface FakeClock extends Clock {
  /** Moves both clocks and wakes who has slept long enough. */
  advance(seconds: number): Promise<void>
  /** Moves the wall clock alone, as an administrator or NTP does. */
  stepWall(seconds: number): void
  /** A clock of another page of this machine: same wall clock, another start of the monotonic one. */
  otherPage(): Clock
}

export function createFakeClock(): FakeClock {
  let monotonicMs = 5000
  let wallMs = 1_800_000_000_000
  let sleepers: { untilMs: number; wake: () => void }[] = []
  const clock = {
    monotonicMs: () => monotonicMs,
    wallMs: () => wallMs,
    sleep: (durationMs: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ untilMs: monotonicMs + durationMs, wake })
      }),
  }
  return {
    ...clock,
    async advance(seconds) {
      await settle()
      monotonicMs += seconds * 1000
      wallMs += seconds * 1000
      const woken = sleepers.filter((sleeper) => sleeper.untilMs <= monotonicMs)
      sleepers = sleepers.filter((sleeper) => sleeper.untilMs > monotonicMs)
      for (const sleeper of woken) sleeper.wake()
      await settle()
    },
    stepWall(seconds) {
      wallMs += seconds * 1000
    },
    otherPage: () => ({ ...clock, monotonicMs: () => monotonicMs + 86_400_000 }),
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await setImmediate()
}
