/**
 * When a signing key changes its state: `next → active → retired → gone`. A pure function of the stored keys and the time;
 * whoever holds the store's lock applies what it says, and everybody else follows what is stored (P24).
 */
import type { SigningKeyRow } from '../store/store.ts'

export interface KeyRules {
  readonly algorithm: string
  readonly purpose: string
  /** How long a key signs. */
  readonly rotateSeconds: number
  /** How long a key is published before it signs, so that no verifier meets a key that it cannot have read. */
  readonly leadSeconds: number
  /** How long a key verifies after it stopped signing: no token of it lives longer. */
  readonly keepSeconds: number
}

export interface KeyPlan {
  /** Keys as they shall be, in the order of writing: a place is given up before it is taken. */
  readonly changed: readonly SigningKeyRow[]
  /** States for which a key has to be made. */
  readonly missing: readonly ('active' | 'next')[]
}

/** What is due at a time, in seconds. */
export function planKeys(rows: readonly SigningKeyRow[], rules: KeyRules, now: number): KeyPlan {
  const keys = rows.filter(({ purpose }) => purpose === rules.purpose)
  const own = keys.filter(({ algorithm }) => algorithm === rules.algorithm)
  const active = own.find(({ state }) => state === 'active')
  const next = own.find(({ state }) => state === 'next')
  const isHandedOver = next !== undefined && (active === undefined || now >= handOverAt(active, next, rules))
  return {
    changed: [
      ...keys.filter((key) => isSpent(key, rules, now)).map((key) => gone(key, now)),
      ...keys.filter((key) => isAbandoned(key, rules, now)).map((key) => retired(key, now)),
      ...(isHandedOver && active !== undefined ? [retired(active, now)] : []),
      ...(isHandedOver ? [{ ...next, state: 'active' as const, activatedAt: now }] : []),
    ],
    missing: [
      ...(active === undefined && next === undefined ? (['active'] as const) : []),
      ...(next === undefined || isHandedOver ? (['next'] as const) : []),
    ],
  }
}

/** When the next change is due, in seconds; infinite when none is. Verifiers may keep the set no longer than until then. */
export function nextChangeAt(rows: readonly SigningKeyRow[], rules: KeyRules): number {
  const own = rows.filter(
    ({ algorithm, purpose }) => algorithm === rules.algorithm && purpose === rules.purpose,
  )
  const active = own.find(({ state }) => state === 'active')
  const next = own.find(({ state }) => state === 'next')
  const ends = own
    .filter(({ state }) => state === 'retired')
    .map(({ retiredAt }) => (retiredAt ?? 0) + rules.keepSeconds)
  const handOver = active === undefined || next === undefined ? Infinity : handOverAt(active, next, rules)
  return Math.min(handOver, ...ends)
}

/** When the next key can take over: the active one has signed its time, and every verifier can know the next. */
export function handOverAt(active: SigningKeyRow, next: SigningKeyRow, rules: KeyRules): number {
  return Math.max((active.activatedAt ?? 0) + rules.rotateSeconds, next.createdAt + rules.leadSeconds)
}

function isSpent({ state, retiredAt }: SigningKeyRow, { keepSeconds }: KeyRules, now: number): boolean {
  return state === 'retired' && now >= (retiredAt ?? 0) + keepSeconds
}

/** A key of an algorithm that was configured before: nobody hands it over any more. */
function isAbandoned(key: SigningKeyRow, { algorithm, rotateSeconds }: KeyRules, now: number): boolean {
  if (key.algorithm === algorithm || (key.state !== 'active' && key.state !== 'next')) return false
  return now >= (key.activatedAt ?? key.createdAt) + rotateSeconds
}

function retired(key: SigningKeyRow, now: number): SigningKeyRow {
  return { ...key, state: 'retired', retiredAt: now }
}

function gone(key: SigningKeyRow, now: number): SigningKeyRow {
  return { ...key, state: 'gone', goneAt: now, sealedKey: null }
}
