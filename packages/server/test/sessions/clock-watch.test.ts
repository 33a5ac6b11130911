import { describe, expect, test } from 'vitest'
import { createClockWatch } from '../../src/sessions/clock-watch.ts'

const day = 86_400_000

/** A wall clock and a monotonic one, both moved by hand. */
function createClocks() {
  let wallMs = Date.UTC(2026, 0, 1)
  let elapsedMs = 0
  const watch = createClockWatch({ nowMs: () => wallMs, monotonicMs: () => elapsedMs })
  return {
    watch,
    pass: (ms: number) => {
      wallMs += ms
      elapsedMs += ms
    },
    step: (ms: number) => void (wallMs += ms),
    wall: () => wallMs,
  }
}

describe('P21: a clock watched against one that nobody sets', () => {
  test('time that passes, and what NTP slews, are no step', () => {
    const { watch, pass, step, wall } = createClocks()
    pass(20 * day)
    step(1500)
    expect(watch.read()).toEqual({ nowMs: wall(), lifeMs: wall(), isUncertain: false })
    expect(watch.hasJumped()).toBe(false)
  })

  test.each([3_600_000, -3_600_000])(
    'a step of %i ms is uncertain for half a minute from when it was seen',
    (ms) => {
      const { watch, pass, step, wall } = createClocks()
      step(ms)
      expect(watch.read()).toEqual({ nowMs: wall(), lifeMs: wall() - ms, isUncertain: true })
      pass(29_999)
      expect(watch.read().isUncertain).toBe(true)
      pass(1)
      expect(watch.read()).toEqual({ nowMs: wall(), lifeMs: wall(), isUncertain: false })
    },
  )

  test('a second step begins the half minute anew', () => {
    const { watch, pass, step } = createClocks()
    step(3_600_000)
    watch.read()
    pass(20_000)
    step(-3_600_000)
    watch.read()
    pass(20_000)
    expect(watch.read().isUncertain).toBe(true)
    pass(10_000)
    expect(watch.read().isUncertain).toBe(false)
  })

  test('a move of more than a day, either way, is remembered until it is undone', () => {
    const { watch, step } = createClocks()
    step(day + 1)
    expect(watch.hasJumped()).toBe(true)
    step(-2 * day - 2)
    expect(watch.hasJumped()).toBe(true)
    step(day + 1)
    expect(watch.hasJumped()).toBe(false)
  })
})
