/** Times in words: a NumericDate as a date, and how far away it is. */
import type { Messages } from '../language/messages.ts'

/** A length of time in its two largest units; below a second it is zero. */
export function describeDuration(seconds: number, messages: Messages): string {
  const whole = Math.max(0, Math.floor(seconds))
  return messages.times.duration({
    days: Math.floor(whole / 86_400),
    hours: Math.floor(whole / 3600) % 24,
    minutes: Math.floor(whole / 60) % 60,
    seconds: whole % 60,
  })
}

/** How far a NumericDate is from `nowSeconds`. A time ahead counts the second that has begun. */
export function describeDistance(date: number, nowSeconds: number, messages: Messages): string {
  const distance = date - nowSeconds
  if (Math.abs(distance) < 1) return messages.times.now
  if (distance > 0) return messages.times.ahead(describeDuration(Math.ceil(distance), messages))
  return messages.times.ago(describeDuration(-distance, messages))
}

/** A NumericDate as date and time of day where the reader is. */
export function describeDate(date: number, messages: Messages, timeZone?: string): string {
  return new Intl.DateTimeFormat(messages.tag, {
    dateStyle: 'long',
    timeStyle: 'medium',
    ...(timeZone !== undefined && { timeZone }),
  }).format(new Date(date * 1000))
}
