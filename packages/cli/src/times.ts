/** Times in words. */

/** The claims whose value is a time, and what each says. */
const timeClaims = [
  ['exp', 'expires'],
  ['nbf', 'valid from'],
  ['iat', 'issued'],
  ['auth_time', 'logged in'],
] as const

export interface TimeInWords {
  readonly claim: string
  /** What the claim says: `expires`. */
  readonly label: string
  /** Relative to the present: `in 9 min`, `3 h ago`. */
  readonly relative: string
  readonly local: string
  readonly utc: string
}

/** Dates that JavaScript can show, in seconds. */
const maximumDate = 8.64e12

/** The times that claims name, in the order of a token's life; values that are no date are left out. */
export function timesOf(claims: Readonly<Record<string, unknown>>, now: number): TimeInWords[] {
  return timeClaims.flatMap(([claim, label]) => {
    const value = claims[claim]
    if (typeof value !== 'number' || Math.abs(value) > maximumDate) return []
    const words = { claim, relative: relativeTime(value - now), ...absoluteTime(value) }
    return [{ ...words, label: claim === 'exp' && value <= now ? 'expired' : label }]
  })
}

const units = [
  ['y', 31_557_600],
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const

/** A span of seconds from now in words: `in 9 min`, `3 h ago`, `now`. Rounded down, so that nothing lives longer than it says. */
export function relativeTime(seconds: number): string {
  const span = Math.abs(seconds)
  const [unit, length] = units.find(([, size]) => span >= size) ?? ['s', 1]
  const amount = Math.floor(span / length)
  if (amount === 0) return 'now'
  return seconds > 0 ? `in ${amount} ${unit}` : `${amount} ${unit} ago`
}

function absoluteTime(seconds: number): { local: string; utc: string } {
  const date = new Date(seconds * 1000)
  return { local: localTime(date), utc: `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC` }
}

/** Local time with its offset, so that the line stands on its own: `2026-11-23 10:15:00 +09:00`. */
function localTime(date: Date): string {
  const offset = -date.getTimezoneOffset()
  const shifted = new Date(date.getTime() + offset * 60_000)
  const text = Number.isNaN(shifted.getTime()) ? date.toISOString() : shifted.toISOString()
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const sign = offset < 0 ? '-' : '+'
  return `${text.slice(0, 19).replace('T', ' ')} ${sign}${pad(Math.abs(offset) / 60)}:${pad(Math.abs(offset) % 60)}`
}
