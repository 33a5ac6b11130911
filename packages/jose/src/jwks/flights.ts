/** Fetches, one at a time, and pauses between them. */
import type { JoseError } from '../errors.ts'

export interface Flights {
  /** Waits for the fetch under way, or begins one. @throws {JoseError} `keys_unavailable` */
  join(mayShare: boolean): Promise<void>
  readonly isUnderWay: boolean
  /** Whether none may begin for now. */
  isResting(): boolean
  /** Lets none begin for so many seconds. */
  rest(seconds: number): void
  /** Those that failed since the last good one. */
  readonly failures: number
  /** Why the last one failed, if it did. */
  readonly lastError: JoseError | undefined
}

/**
 * @param fly - one fetch, which rejects with `keys_unavailable`; `mayShare` allows it to take what another process fetched
 * @param settings - `now` and `cooldownSeconds`, the longest pause after a failure
 */
export function createFlights(
  fly: (mayShare: boolean) => Promise<void>,
  { now, cooldownSeconds }: { readonly now: () => number; readonly cooldownSeconds: number },
): Flights {
  let underWay: Promise<void> | undefined
  let restUntil = -Infinity
  let failures = 0
  let lastError: JoseError | undefined

  const attempt = async (mayShare: boolean): Promise<void> => {
    try {
      await fly(mayShare)
      failures = 0
      lastError = undefined
    } catch (error) {
      failures += 1
      lastError = error as JoseError
      // 1, 2, 4 … seconds, somewhat less for each: processes that failed together must not come back together.
      const pause = Math.min(cooldownSeconds, 0.5 * 2 ** Math.min(failures, 10))
      restUntil = now() + pause * (0.75 + Math.random() / 4)
      throw error
    } finally {
      underWay = undefined
    }
  }

  return {
    join: (mayShare) => (underWay ??= attempt(mayShare)),
    isResting: () => now() < restUntil,
    rest: (seconds) => {
      restUntil = Math.max(restUntil, now() + seconds)
    },
    get isUnderWay() {
      return underWay !== undefined
    },
    get failures() {
      return failures
    },
    get lastError() {
      return lastError
    },
  }
}
