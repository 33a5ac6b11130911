/** Pauses between attempts that failed. */
import type { Clock } from './clock.ts'
import { ClientError, nextStep } from './errors.ts'

export interface Backoff {
  /** Throws while it is too early for another attempt. */
  check(): void
  note(error: ClientError): void
  reset(): void
}

const firstBackoffMs = 1000
const maxBackoffMs = 60_000

/** Waits as long as the issuer asks, or twice as long after each failure in a row. */
export function createBackoff(clock: Clock, random: () => number): Backoff {
  let failures = 0
  let untilMs = 0
  let last: ClientError | null = null
  return {
    check() {
      const waitMs = untilMs - clock.monotonicMs()
      if (last === null || waitMs <= 0) return
      const retryAfterSeconds = waitMs / 1000
      const { code } = last
      const message = `refresh: the last attempt failed with ${code}. ${nextStep(code, retryAfterSeconds)}`
      throw new ClientError(code, message, { retryAfterSeconds, cause: last })
    },
    note(error) {
      const doubled = Math.min(firstBackoffMs * 2 ** failures++, maxBackoffMs)
      const waitMs = error.retryAfterSeconds === undefined ? doubled : error.retryAfterSeconds * 1000
      // Up to half as much again, so that the clients of one issuer do not come back all at once.
      untilMs = clock.monotonicMs() + waitMs * (1 + random() / 2)
      last = error
    },
    reset() {
      failures = 0
      untilMs = 0
      last = null
    },
  }
}
