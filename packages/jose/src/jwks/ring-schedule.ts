/**
 * When a key of a ring changes its state: next → active → retired → gone. Pure functions of the entries and the time. A
 * next key is there from the moment in which the last one became active, so that every verifier knows it long before it
 * signs, also when the active one has to be revoked.
 */
import type { PublicKey, SigningKey } from '../jwk/key.ts'

/** A key and its times, in seconds. Its state follows from them and from the present. */
export interface RingEntry {
  /** A key pair keeps its public half alone some time after it retired. */
  readonly key: SigningKey | PublicKey
  readonly kid: string
  readonly publishedAt: number
  /** When it begins to sign; null while that is open. */
  readonly activeAt: number | null
  /** When it ceases to sign, its successor's `activeAt`; null while that is open. */
  readonly retiredAt: number | null
  /** How long it verifies after that: the longest that any rule asked for while it signed. */
  readonly keepSeconds: number
}

export interface RingRules {
  readonly rotateEverySeconds: number | undefined
  readonly publishAheadSeconds: number
  /** How long a key verifies after it retired. */
  readonly keepSeconds: number
}

/** What transitions need. */
export interface RingMoment {
  readonly rules: RingRules
  readonly now: number
}

/** Clocks differ, and a signature takes its time: a key stays a minute longer than its last token should live. */
const graceSeconds = 60

/** The entry that signs: the last to have begun. After a clock was set back, the first that is still to begin. */
export function activeEntry(entries: readonly RingEntry[], now: number): RingEntry | undefined {
  const signing = entries
    .filter(
      ({ key, activeAt, retiredAt }) =>
        key.type !== 'public' && activeAt !== null && !(retiredAt !== null && retiredAt <= now),
    )
    .sort((a, b) => a.activeAt! - b.activeAt!)
  return signing.filter(({ activeAt }) => activeAt! <= now).at(-1) ?? signing[0]
}

/** The entry whose turn is still to come. */
function nextEntry(entries: readonly RingEntry[], now: number): RingEntry | undefined {
  const active = activeEntry(entries, now)
  return entries.find((entry) => entry !== active && (entry.activeAt === null || entry.activeAt > now))
}

/** The entries that verify: all that are not gone. */
export function liveEntries(entries: readonly RingEntry[], now: number): readonly RingEntry[] {
  return entries.filter(
    ({ retiredAt, keepSeconds }) => retiredAt === null || now < retiredAt + keepSeconds + graceSeconds,
  )
}

/** Whether `advanceEntries` would change anything. */
export function isDue(entries: readonly RingEntry[], { rules, now }: RingMoment): boolean {
  const [active, next] = [activeEntry(entries, now), nextEntry(entries, now)]
  return (
    active === undefined ||
    next === undefined ||
    (next.activeAt === null && rules.rotateEverySeconds !== undefined) ||
    entries.some((entry) => isSpent(entry, now) || isKeptTooShort(entry, { rules, now })) ||
    liveEntries(entries, now).length < entries.length
  )
}

/** What is due: keys that are gone are forgotten, retired ones lose their private half, missing ones are made. */
export async function advanceEntries(
  entries: readonly RingEntry[],
  moment: RingMoment,
  makeKey: () => Promise<SigningKey>,
): Promise<readonly RingEntry[]> {
  if (!isDue(entries, moment)) return entries
  const { rules, now } = moment
  const list = liveEntries(entries, now).map((entry) => refresh(entry, moment))
  if (activeEntry(list, now) === undefined) list.push(newEntry(await makeKey(), now, moment))
  if (nextEntry(list, now) === undefined) list.push(newEntry(await makeKey(), null, moment))
  const isOpen = nextEntry(list, now)?.activeAt === null
  return isOpen && rules.rotateEverySeconds !== undefined
    ? schedule(list, rules.rotateEverySeconds, moment)
    : list
}

/** The next key takes over as soon as every verifier can know it. */
export function rotateEntries(
  entries: readonly RingEntry[],
  { rules, now }: RingMoment,
): readonly RingEntry[] {
  const next = nextEntry(entries, now)
  if (next === undefined) return entries
  const soonest = Math.max(now, next.publishedAt + rules.publishAheadSeconds)
  return next.activeAt !== null && next.activeAt <= soonest ? entries : handOver(entries, soonest, now)
}

/** A key is forgotten. The next one takes over at once when it was the active one. */
export function revokeEntry(entries: readonly RingEntry[], kid: string, now: number): readonly RingEntry[] {
  const [active, next] = [activeEntry(entries, now), nextEntry(entries, now)]
  return entries
    .filter((entry) => entry.kid !== kid)
    .map((entry) => {
      if (kid === next?.kid && entry === active) return { ...entry, retiredAt: null }
      return kid === active?.kid && entry === next ? { ...entry, activeAt: now } : entry
    })
}

/** When the set of keys changes next, as far as it is known; infinite when nothing is planned. */
export function nextChangeAt(entries: readonly RingEntry[], now: number): number {
  const ends = entries.map(
    ({ retiredAt, keepSeconds }) => (retiredAt ?? Infinity) + keepSeconds + graceSeconds,
  )
  return Math.min(nextEntry(entries, now)?.activeAt ?? Infinity, ...ends)
}

/** Sets by the clock when the next key takes over. */
function schedule(
  entries: readonly RingEntry[],
  rotateEverySeconds: number,
  { rules, now }: RingMoment,
): readonly RingEntry[] {
  const begun = activeEntry(entries, now)?.activeAt ?? now
  const known = (nextEntry(entries, now)?.publishedAt ?? now) + rules.publishAheadSeconds
  return handOver(entries, Math.max(begun + rotateEverySeconds, known), now)
}

function handOver(entries: readonly RingEntry[], at: number, now: number): readonly RingEntry[] {
  const [active, next] = [activeEntry(entries, now), nextEntry(entries, now)]
  return entries.map((entry) => {
    if (entry === next) return { ...entry, activeAt: at }
    return entry === active ? { ...entry, retiredAt: at } : entry
  })
}

function newEntry(key: SigningKey, activeAt: number | null, { rules, now }: RingMoment): RingEntry {
  const { keepSeconds } = rules
  return { key, kid: key.kid!, publishedAt: now, activeAt, retiredAt: null, keepSeconds }
}

function refresh(entry: RingEntry, moment: RingMoment): RingEntry {
  const { keepSeconds } = moment.rules
  const kept = isKeptTooShort(entry, moment) ? { ...entry, keepSeconds } : entry
  return isSpent(kept, moment.now) && kept.key.type === 'private'
    ? { ...kept, key: kept.key.publicKey }
    : kept
}

function isSpent({ key, retiredAt }: RingEntry, now: number): boolean {
  return key.type === 'private' && retiredAt !== null && now >= retiredAt + graceSeconds
}

/** A rule that became longer holds for keys that still sign; one that became shorter takes nothing from their tokens. */
function isKeptTooShort({ retiredAt, keepSeconds }: RingEntry, { rules, now }: RingMoment): boolean {
  return (retiredAt === null || retiredAt > now) && keepSeconds < rules.keepSeconds
}
