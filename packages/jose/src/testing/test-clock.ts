/** A clock that stands still until a test moves it. */
import { badOption } from '../options.ts'

/** Hand `now` to every verifier whose time the test is to decide. */
export interface TestClock {
  /** The present, in seconds. */
  now(): number
  /** Moves the clock on by seconds; a negative number sets it back. */
  advance(seconds: number): void
  /** Sets the clock, in seconds. */
  set(seconds: number): void
}

/** A clock that stands at a second. @throws {JoseError} `option_invalid` for a time that is no finite number */
export function createTestClock(start: number): TestClock {
  let present = readSeconds(start, 'now')
  return Object.freeze({
    now: () => present,
    advance: (seconds) => {
      present += readSeconds(seconds, 'advance')
    },
    set: (seconds) => {
      present = readSeconds(seconds, 'set')
    },
  } satisfies TestClock)
}

function readSeconds(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw badOption('test clock', name, 'a finite number of seconds', value)
}
