/** Times in tokens: NumericDate (RFC 7519 §2) and durations. */
import { kindOf } from '../encoding/json.ts'
import { Refusal } from '../errors.ts'
import { badOption } from '../options.ts'
import type { NumericDate } from './claims-set.ts'

/** A span of time: seconds, or text of a number and a unit (seconds, minutes, hours, days, weeks). The unit is never left out. */
export type Duration = number | `${number}${'s' | 'm' | 'h' | 'd' | 'w'}`

/** The present, in seconds, or what gives it. */
export type Clock = number | (() => number)

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
])

/** Above this (the year 5138) a date is milliseconds written where seconds belong. */
const latestDate = 1e11

/** The seconds of a positive duration. @throws {JoseError} `option_invalid` */
export function durationSeconds(duration: unknown, option: string, where: string): number {
  const seconds = typeof duration === 'string' ? parseDuration(duration) : duration
  if (typeof seconds !== 'number' || !(seconds > 0) || seconds > latestDate) {
    throw badOption(
      where,
      option,
      "positive seconds, or a number and a unit of s m h d w such as '15m'",
      duration,
    )
  }
  return seconds
}

function parseDuration(text: string): number {
  const unit = unitSeconds.get(text.slice(-1))
  const amount = text.slice(0, -1)
  return unit !== undefined && /^[0-9]{1,9}(\.[0-9]{1,6})?$/.test(amount) ? Number(amount) * unit : Number.NaN
}

/** The present in seconds. @throws {JoseError} `option_invalid` for a clock that gives no finite number */
export function readClock(clock: Clock | undefined, where: string): NumericDate {
  const now: unknown = typeof clock === 'function' ? clock() : clock === undefined ? Date.now() / 1000 : clock
  if (typeof now !== 'number' || !Number.isFinite(now))
    throw badOption(where, 'now', 'seconds or a function', now)
  return now
}

/** Whether a value is a date as claims have them. */
export function isDate(value: unknown): value is NumericDate {
  // Not above it, not NaN, and minus infinity is no JSON.
  return typeof value === 'number' && value <= latestDate && value > -Infinity
}

/** What is wrong with a date claim; a numeric text never counts as absent. */
export function dateFault(value: unknown, claim: string): Refusal | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    const hint = typeof value === 'string' ? ': write the number without quotes' : ''
    return new Refusal(
      'claim_invalid',
      `claim "${claim}": expected a number of seconds, got ${kindOf(value)}${hint}`,
      { claim },
    )
  }
  if (value <= latestDate) return undefined
  return new Refusal('claim_invalid', `claim "${claim}": looks like milliseconds: expected seconds`, {
    claim,
  })
}
