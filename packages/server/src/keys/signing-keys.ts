/**
 * The keys that sign access tokens, as this process sees them. The store holds their states; whichever process finds a
 * change due makes it under the store's lock, and all follow what is stored. A `next` key is always published: it is made
 * in the moment in which the last one became active (P18).
 */
import { createLocalJwkSet, secret } from '@tessera/jose'
import type { AsymmetricAlgorithm, Jwk, KeySet, PrivateKey, SecretKey } from '@tessera/jose'
import type { Audiences } from '../config/audiences.ts'
import type { AccessTokenAlgorithm } from '../config/server-config.ts'
import { StartError } from '../start-error.ts'
import type { AuditEvent, SigningKeyRow, SigningKeyStore } from '../store/store.ts'
import { createAudienceKeys } from './audience-secrets.ts'
import type { KeyRules } from './key-schedule.ts'
import { nextChangeAt, planKeys } from './key-schedule.ts'
import type { ServerSecrets } from './server-secrets.ts'
import type { OpenedKey } from './stored-key.ts'
import { makeKeyRow, openKeyRow, resealKeyRow } from './stored-key.ts'

export interface SigningKeys {
  /** Signs access tokens now. */
  readonly signingKey: PrivateKey | SecretKey
  /** Signs those for one audience; another than `signingKey` only where several APIs share secrets. */
  signingKeyFor(audience: string): PrivateKey | SecretKey
  /** Verifies every access token of this server that can still be alive. */
  readonly verificationKeys: KeySet | SecretKey
  /** The published JWK Set as text; without keys where the secret is shared. */
  readonly jwkSet: string
  /** How long a verifier may keep the set: no longer than until the next change, and five minutes at most. */
  maxAgeSeconds(): number
  /** Makes what is due, and follows what others made. */
  follow(): Promise<void>
}

export interface SigningKeysOptions {
  readonly store: SigningKeyStore
  readonly secrets: ServerSecrets
  readonly issuer: string
  /** What the keys are for: access tokens, or the revocation feed. */
  readonly purpose: 'access' | 'feed'
  readonly algorithm: AccessTokenAlgorithm
  readonly jwtSecret: string | undefined
  /** With a shared secret: who gets one of its own, the default first. Default nobody: all share the one (P1). */
  readonly audiences?: Audiences
  /** How long a key signs. */
  readonly rotateSeconds: number
  /** How long a key verifies after it stopped signing. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

const longestMaxAgeSeconds = 300
const shortestMaxAgeSeconds = 15

/** P24: twice what a verifier needs to read the set again, with a minute for clocks, and an hour at least. */
export const leadSeconds: number = Math.max(3600, 2 * (longestMaxAgeSeconds + 1 + 60))

/**
 * Loads the signing keys, and makes those that are missing.
 *
 * @throws {StartError} `secret_missing` when a key was sealed under a secret that is not configured;
 *   `database_unusable` when a key was altered
 */
export async function loadSigningKeys(options: SigningKeysOptions): Promise<SigningKeys> {
  const { algorithm, jwtSecret, issuer, audiences } = options
  if (algorithm !== 'HS256') return storedKeys(options, algorithm)
  if (audiences === undefined || jwtSecret === undefined) {
    const key = secret('HS256', jwtSecret)
    return sharedKeys({ signingKeyFor: () => key, verificationKeys: key, signingKey: key })
  }
  const { signingKeyFor, keySet } = await createAudienceKeys({ jwtSecret, issuer }, audiences)
  return sharedKeys({
    signingKeyFor,
    verificationKeys: keySet,
    signingKey: signingKeyFor(audiences[0]),
  })
}

function sharedKeys(
  keys: Pick<SigningKeys, 'signingKey' | 'signingKeyFor' | 'verificationKeys'>,
): SigningKeys {
  return {
    ...keys,
    jwkSet: '{"keys":[]}',
    maxAgeSeconds: () => longestMaxAgeSeconds,
    follow: async () => undefined,
  }
}

/** What this process has read. */
interface Loaded {
  /** As NumericDate. */
  readonly nextChangeAt: number
  /** Tells one reading from the next. */
  readonly text: string
  readonly signingKey: PrivateKey
  readonly keySet: KeySet
  readonly jwkSet: string
}

async function storedKeys(options: SigningKeysOptions, algorithm: AsymmetricAlgorithm): Promise<SigningKeys> {
  const { purpose, nowMs, rotateSeconds, keepSeconds } = options
  const rules: KeyRules = { algorithm, purpose, rotateSeconds, leadSeconds, keepSeconds }
  const seconds = (): number => Math.floor(nowMs() / 1000)
  let loaded = await load(options, rules, await advance(options, rules, seconds()))
  let generation = 0
  return {
    get signingKey() {
      return loaded.signingKey
    },
    signingKeyFor: () => loaded.signingKey,
    verificationKeys: {
      selectKeys: (selector) => loaded.keySet.selectKeys(selector),
      get generation() {
        return generation
      },
    },
    get jwkSet() {
      return loaded.jwkSet
    },
    maxAgeSeconds: () => {
      const left = Math.floor(loaded.nextChangeAt - seconds())
      return Math.min(longestMaxAgeSeconds, Math.max(shortestMaxAgeSeconds, left))
    },
    follow: async () => {
      const rows = await advance(options, rules, seconds())
      if (textOf(rows, purpose) === loaded.text) return
      loaded = await load(options, rules, rows)
      generation += 1
    },
  }
}

/** Applies what is due, and gives the keys as they then are. */
async function advance(
  options: SigningKeysOptions,
  rules: KeyRules,
  now: number,
): Promise<readonly SigningKeyRow[]> {
  const { store, issuer } = options
  const rows = await store.list(issuer)
  const { changed, missing } = planKeys(rows, rules, now)
  const isSealedAnew = await sealAnew(options, rows)
  if (changed.length === 0 && missing.length === 0) return isSealedAnew ? store.list(issuer) : rows
  // Made before the lock is taken: an RSA key takes a while.
  let wanted = missing.length
  const made: SigningKeyRow[] = []
  do {
    while (made.length < wanted) made.push(await makeNext(options, rules, now))
    await store.change(issuer, (current, clockMs) => {
      // Another process may have come first, and the database's clock decides (P24): what is due is asked again, and keys that
      // nobody needs are forgotten.
      const at = clockMs === undefined ? now : Math.floor(clockMs / 1000)
      const plan = planKeys(current, rules, at)
      wanted = plan.missing.length
      if (wanted > made.length) return { keys: [], events: [] }
      const fresh = plan.missing.flatMap((state, index) => placed(made[index], state, at))
      const keys = [...plan.changed, ...fresh]
      return { keys, events: keys.map((key) => keyEvent(key, at)) }
    })
  } while (made.length < wanted)
  return store.list(issuer)
}

function makeNext(
  { issuer, secrets }: SigningKeysOptions,
  { algorithm, purpose }: KeyRules,
  now: number,
): Promise<SigningKeyRow> {
  const secret = secrets.current
  return makeKeyRow({ issuer, algorithm: algorithm as AsymmetricAlgorithm, purpose, secret, now })
}

/** Row by row: a process that dies on the way leaves keys of which each opens under the secret that it names (P25). */
async function sealAnew(
  { store, secrets }: SigningKeysOptions,
  rows: readonly SigningKeyRow[],
): Promise<boolean> {
  let isAny = false
  for (const row of rows) {
    const { kid, kekKid, sealedKey } = resealKeyRow(row, secrets) ?? row
    if (kekKid === row.kekKid || sealedKey === null) continue
    await store.rewrap({ kid, oldKekKid: row.kekKid, kekKid, sealedKey })
    isAny = true
  }
  return isAny
}

function placed(
  row: SigningKeyRow | undefined,
  state: 'active' | 'next',
  now: number,
): readonly SigningKeyRow[] {
  if (row === undefined) return []
  return [{ ...row, state, createdAt: now, activatedAt: state === 'active' ? now : null }]
}

function keyEvent({ kid, algorithm, state }: SigningKeyRow, now: number): AuditEvent {
  return { atMs: now * 1000, event: `key.${state}`, detail: { kid, algorithm } }
}

async function load(
  { secrets }: SigningKeysOptions,
  rules: KeyRules,
  rows: readonly SigningKeyRow[],
): Promise<Loaded> {
  const { algorithm, purpose } = rules
  const published = rows.filter((row) => row.purpose === purpose && row.state !== 'gone')
  const opened: readonly OpenedKey[] = await Promise.all(published.map((row) => openKeyRow(row, secrets)))
  const active = opened.find(({ row }) => row.state === 'active' && row.algorithm === algorithm)
  if (active === undefined)
    throw new StartError('database_unusable', 'the database holds no active signing key')
  const keys: readonly Jwk[] = opened.map(({ publicJwk }) => publicJwk)
  return {
    nextChangeAt: nextChangeAt(rows, rules),
    text: textOf(rows, purpose),
    signingKey: active.key,
    keySet: createLocalJwkSet({ keys }),
    jwkSet: JSON.stringify({ keys }),
  }
}

/** What a process has to read anew for: the keys of one purpose, their states and seals. */
function textOf(rows: readonly SigningKeyRow[], purpose: string): string {
  const own = rows.filter((row) => row.purpose === purpose)
  return JSON.stringify(own.map(({ kid, state, kekKid }) => [kid, state, kekKid]))
}
