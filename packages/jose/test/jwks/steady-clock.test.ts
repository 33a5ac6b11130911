/** The clock of ages, over clocks that misbehave. */
import { describe, expect, test } from 'vitest'
import { createSteadyClock } from '../../src/jwks/steady-clock.ts'

/** A machine: what passes while it is awake moves both clocks. */
function machine() {
  let monotonic = 50
  let wall = 1_700_000_000
  const now = createSteadyClock(
    () => monotonic,
    () => wall,
  )
  const began = now()
  return {
    elapsed: () => now() - began,
    awake: (seconds: number) => {
      monotonic += seconds
      wall += seconds
    },
    asleep: (seconds: number) => {
      wall += seconds
    },
    setWall: (by: number) => {
      wall += by
    },
  }
}

describe('the clock of ages', () => {
  test('goes as time goes', () => {
    const { awake, elapsed } = machine()
    for (let step = 0; step < 1000; step += 1) {
      awake(0.25)
      elapsed()
    }
    expect(elapsed()).toBeCloseTo(250)
  })

  test('counts what a laptop slept, or a function stood frozen', () => {
    const { awake, asleep, elapsed } = machine()
    awake(10)
    asleep(8 * 3600)
    expect(elapsed()).toBeCloseTo(10 + 8 * 3600)
    awake(5)
    expect(elapsed()).toBeCloseTo(15 + 8 * 3600)
  })

  test('does not step back when the wall clock does, and goes on at once', () => {
    const { awake, setWall, elapsed } = machine()
    awake(10)
    setWall(-3600)
    expect(elapsed()).toBeCloseTo(10)
    awake(10)
    expect(elapsed()).toBeCloseTo(20)
    setWall(3600)
    // Set right again, this looks like an hour of sleep: keys are fetched anew sooner, never later.
    expect(elapsed()).toBeCloseTo(3620)
  })

  test('does not run ahead of a wall clock that ticks coarsely', () => {
    let monotonic = 0
    const now = createSteadyClock(
      () => monotonic,
      () => Math.floor(monotonic * 2) / 2,
    )
    const began = now()
    for (let step = 0; step < 10_000; step += 1) {
      monotonic += 0.01
      now()
    }
    expect(now() - began).toBeCloseTo(100)
  })

  test('is the machine’s own without any', () => {
    const now = createSteadyClock()
    const began = now()
    const later = now()
    expect(later).toBeGreaterThanOrEqual(began)
    expect(Number.isFinite(later)).toBe(true)
  })
})
