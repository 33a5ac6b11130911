/** The members of a header or a claims set, each explained in words. */
import type { MemberWords, Messages } from '../language/messages.ts'
import { describeDate, describeDistance } from './times.ts'

export interface ExplainedMember {
  readonly member: string
  /** The value as JSON, or bare when it is text. */
  readonly value: string
  readonly words: MemberWords
  /** For a time: the date in words. */
  readonly date?: string
  /** For a time: how far away it is. */
  readonly distance?: string
}

const dates: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat', 'auth_time'])
/** Far enough for any date that a calendar shows. */
const maxDate = 8.64e12

export interface Reading {
  readonly part: 'header' | 'claims'
  readonly messages: Messages
  /** Seconds since 1970, for the distance of times. */
  readonly nowSeconds: number
}

/** Explains the members in the order of the token. */
export function explainMembers(
  members: Readonly<Record<string, unknown>>,
  { part, messages, nowSeconds }: Reading,
): readonly ExplainedMember[] {
  const known = part === 'header' ? messages.header : messages.claims
  const unknown = part === 'header' ? messages.look.unknownHeader : messages.look.unknownClaim
  return Object.entries(members).map(([member, value]) => {
    const words = Object.hasOwn(known, member) ? known[member] : undefined
    const isDate = part === 'claims' && dates.has(member) && isDateValue(value)
    return {
      member,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      words: words ?? { name: member, meaning: unknown, source: '' },
      ...(isDate && {
        date: describeDate(value, messages),
        distance: describeDistance(value, nowSeconds, messages),
      }),
    }
  })
}

function isDateValue(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < maxDate
}
