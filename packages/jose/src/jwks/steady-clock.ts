/** A clock for ages, which never steps back and does not stand still while the machine sleeps. */

/** How far the two clocks may part, in seconds, before it counts as a step or a sleep. */
const tolerance = 1

/**
 * Seconds since some moment, by the monotonic clock, which on most machines stops while they sleep and in most clouds
 * while a function is frozen. What the wall clock moved meanwhile is added; what it steps back is not taken away.
 *
 * @param monotonicNow - in seconds. Default: `performance.now() / 1000`
 * @param wallNow - in seconds. Default: `Date.now() / 1000`
 */
export function createSteadyClock(
  monotonicNow: () => number = () => performance.now() / 1000,
  wallNow: () => number = () => Date.now() / 1000,
): () => number {
  let lead = wallNow() - monotonicNow()
  let slept = 0
  return () => {
    const now = monotonicNow()
    const parted = wallNow() - now - lead
    if (Math.abs(parted) > tolerance) {
      lead += parted
      slept += Math.max(0, parted)
    }
    return now + slept
  }
}
