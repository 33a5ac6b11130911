/**
 * What whoever runs the server does with signing keys by hand: look, hand over before its time, call back after a leak.
 * A running server follows what is stored within a second.
 */
import type { AsymmetricAlgorithm } from '@tessera/jose'
import type { AuditEvent, NewRevocation, SigningKeyRow, SigningKeyStore } from '../store/store.ts'
import type { KeyPlan, KeyRules } from './key-schedule.ts'
import { handOverAt, planKeys } from './key-schedule.ts'
import type { ServerSecrets } from './server-secrets.ts'
import { makeKeyRow } from './stored-key.ts'

export interface KeyAdministrationOptions {
  readonly store: SigningKeyStore
  readonly secrets: ServerSecrets
  readonly issuer: string
  /** How long a key is published before it signs, and verifies afterwards. */
  readonly leadSeconds: number
  readonly keepSeconds: number
  readonly nowMs: () => number
}

export type RotateResult =
  | { readonly status: 'rotated'; readonly retired: string; readonly active: string; readonly next: string }
  /** The next key has not been published long enough for every verifier to know it. */
  | { readonly status: 'too_early'; readonly possibleAt: number }
  | { readonly status: 'no_key' }

export type RevokeResult =
  | { readonly status: 'revoked'; readonly key: SigningKeyRow; readonly active: string | undefined }
  | { readonly status: 'gone' | 'unknown' }

/** A key as people who administer see it: its private half is not in it, sealed or open. */
export interface ShownKey {
  readonly kid: string
  readonly algorithm: string
  readonly purpose: SigningKeyRow['purpose']
  readonly state: SigningKeyRow['state']
  /** NumericDates. */
  readonly created_at: number
  readonly activated_at: number | null
  readonly retired_at: number | null
  readonly revoked_at: number | null
}

export interface KeyAdministration {
  list(): Promise<readonly SigningKeyRow[]>
  show(key: SigningKeyRow): ShownKey
  /** Hands over to the next key now, if every verifier can know it. */
  rotate(algorithm: string, purpose: 'access' | 'feed'): Promise<RotateResult>
  /**
   * Calls a key back: it is published no more, guards that follow the feed refuse its tokens at once, and if it signed, the
   * next one does. Sessions go on: everybody refreshes.
   */
  revoke(kid: string): Promise<RevokeResult>
}

/** A guard that keeps a JWK Set through an outage keeps it for a day; its entry in the feed must outlive that. */
const revokedKeySeconds = 2 * 86_400

export function createKeyAdministration(options: KeyAdministrationOptions): KeyAdministration {
  const { store, issuer } = options
  return {
    list: () => store.list(issuer),
    show,
    rotate: async (algorithm, purpose) => {
      const now = await readNow(options)
      const rules = rulesFor(options, { algorithm, purpose })
      const rows = (await store.list(issuer)).filter(isOf(rules))
      const active = rows.find(({ state }) => state === 'active')
      const next = rows.find(({ state }) => state === 'next')
      if (active === undefined || next === undefined) return { status: 'no_key' }
      const possibleAt = handOverAt(active, next, rules)
      if (possibleAt > now) return { status: 'too_early', possibleAt }
      const fresh = await apply(options, rules, { now, plan: (current) => planKeys(current, rules, now) })
      return { status: 'rotated', retired: active.kid, active: next.kid, next: fresh ?? next.kid }
    },
    revoke: async (kid) => {
      const now = await readNow(options)
      const key = (await store.list(issuer)).find((row) => row.kid === kid)
      if (key === undefined) return { status: 'unknown' }
      if (key.state === 'gone') return { status: 'gone' }
      const rules = rulesFor(options, key)
      const entry = { kind: 'key', kid, createdAt: now, expiresAt: now + revokedKeySeconds } as const
      await apply(options, rules, {
        now,
        plan: (current) => planRevocation(current, { kid, rules, now }),
        entry,
      })
      const rows = (await store.list(issuer)).filter(isOf(rules))
      return { status: 'revoked', key, active: rows.find(({ state }) => state === 'active')?.kid }
    },
  }
}

/** The time in seconds, by the database's clock where it has one: changes of keys are stored by that (P24). */
async function readNow({ store, issuer, nowMs }: KeyAdministrationOptions): Promise<number> {
  let atMs = nowMs()
  await store.change(issuer, (_rows, clockMs) => {
    atMs = clockMs ?? atMs
    return { keys: [], events: [] }
  })
  return Math.floor(atMs / 1000)
}

function show(key: SigningKeyRow): ShownKey {
  return {
    kid: key.kid,
    algorithm: key.algorithm,
    purpose: key.purpose,
    state: key.state,
    created_at: key.createdAt,
    activated_at: key.activatedAt,
    retired_at: key.retiredAt,
    revoked_at: key.revokedAt,
  }
}

function rulesFor(
  { leadSeconds, keepSeconds }: KeyAdministrationOptions,
  { algorithm, purpose }: { readonly algorithm: string; readonly purpose: string },
): KeyRules {
  return { algorithm, purpose, rotateSeconds: 0, leadSeconds, keepSeconds }
}

function isOf({ algorithm, purpose }: KeyRules): (row: SigningKeyRow) => boolean {
  return (row) => row.algorithm === algorithm && row.purpose === purpose
}

/** The key is gone; if it signed, the next one signs, however short it was published: better late than forged. */
function planRevocation(
  rows: readonly SigningKeyRow[],
  { kid, rules, now }: { kid: string; rules: KeyRules; now: number },
): KeyPlan {
  const left = rows.filter((row) => row.kid !== kid)
  const revoked = rows
    .filter((row) => row.kid === kid && row.state !== 'gone')
    .map((row) => ({ ...row, state: 'gone' as const, sealedKey: null, goneAt: now, revokedAt: now }))
  // Nothing else is due: a retired key must not go, nor a hand-over come, because another key leaked.
  const plan = planKeys(
    left.filter(isOf(rules)),
    { ...rules, rotateSeconds: Infinity, keepSeconds: Infinity },
    now,
  )
  return { changed: [...revoked, ...plan.changed], missing: plan.missing }
}

interface Step {
  readonly now: number
  plan(rows: readonly SigningKeyRow[]): KeyPlan
  readonly entry?: NewRevocation
}

/** Writes a plan, and gives the kid of the next key that was made for it. */
async function apply(
  { store, secrets, issuer }: KeyAdministrationOptions,
  { algorithm, purpose }: KeyRules,
  { now, plan, entry }: Step,
): Promise<string | undefined> {
  const make = () =>
    makeKeyRow({ issuer, algorithm: algorithm as AsymmetricAlgorithm, purpose, secret: secrets.current, now })
  const made = await Promise.all(plan(await store.list(issuer)).missing.map(make))
  let next: string | undefined
  await store.change(issuer, (rows) => {
    const { changed, missing } = plan(rows)
    const fresh = missing.flatMap((state, index) => {
      const row = made[index]
      return row === undefined ? [] : [{ ...row, state, activatedAt: state === 'active' ? now : null }]
    })
    next = fresh.find(({ state }) => state === 'next')?.kid
    const keys = [...changed, ...fresh]
    return {
      keys,
      ...(entry !== undefined && { revocations: [entry] }),
      events: keys.map((key) => administered(key, now)),
    }
  })
  return next
}

function administered({ kid, algorithm, state, revokedAt }: SigningKeyRow, now: number): AuditEvent {
  const event = revokedAt === now ? 'key.revoked' : (`key.${state}` as const)
  return { atMs: now * 1000, event, detail: { kid, algorithm, by: 'command' } }
}
