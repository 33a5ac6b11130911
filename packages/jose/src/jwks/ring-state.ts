/** A key ring as JSON can hold it, and where it is kept. */
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { HmacAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { exportJwk } from '../jwk/export.ts'
import { isPrivateJwk, type Jwk, member, parseJwk } from '../jwk/jwk.ts'
import { makePrivateKey, makePublicKey } from '../jwk/material.ts'
import { makeSecret } from '../jwk/secret.ts'
import type { RingEntry } from './ring-schedule.ts'

/** One key of a stored ring. Times are in seconds since 1970. */
export interface StoredRingKey {
  /** With its private members, or its secret, until some time after it retired. */
  readonly jwk: Jwk
  readonly publishedAt: number
  readonly activeAt: number | null
  readonly retiredAt: number | null
  /** How long it verifies after it retired, in seconds. */
  readonly keepSeconds: number
}

/** A stored ring: plain JSON. */
export interface KeyRingState {
  /** Counts the changes, from 1. */
  readonly version: number
  readonly keys: readonly StoredRingKey[]
}

/**
 * Where a ring is kept, so that it outlives a process and is one for several. The state holds private keys as they are:
 * encrypting it at rest, and letting nobody else write it, is the store's business.
 */
export interface KeyRingStore {
  /** What was saved last; undefined when nothing was. */
  load(): Promise<KeyRingState | undefined>
  /**
   * Saves a state in the place of that with `expectedVersion` (0: of none), in one step with the comparison. False, and
   * nothing saved, when the store holds another: another process was faster.
   */
  save(state: KeyRingState, expectedVersion: number): Promise<boolean>
}

/** Keys of a ring at most. */
const maximumKeys = 100

/** The state to save. @throws {JoseError} `key_invalid` for a key that cannot be exported */
export async function writeState(entries: readonly RingEntry[], version: number): Promise<KeyRingState> {
  const keys = entries.map(async ({ key, publishedAt, activeAt, retiredAt, keepSeconds }) => ({
    jwk: await exportJwk(key),
    publishedAt,
    activeAt,
    retiredAt,
    keepSeconds,
  }))
  return { version, keys: await Promise.all(keys) }
}

/**
 * The entries of a loaded state.
 *
 * @param known - entries at hand: a key that is the same is not imported again
 * @throws {JoseError} `key_invalid` for anything that `writeState` does not write, and for keys of another algorithm
 */
export async function readState(
  value: unknown,
  algorithm: string,
  known: readonly RingEntry[],
): Promise<{ readonly version: number; readonly entries: readonly RingEntry[] }> {
  const { version, keys } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<KeyRingState>
  if (!Number.isSafeInteger(version) || version! < 1 || !Array.isArray(keys) || keys.length > maximumKeys)
    throw badState('a state that was saved', kindOf(value))
  const entries = await Promise.all(
    (keys as readonly unknown[]).map((key) => readEntry(key, algorithm, known)),
  )
  if (new Set(entries.map(({ kid }) => kid)).size < entries.length)
    throw badState('key IDs that differ', 'one twice')
  return { version: version!, entries }
}

async function readEntry(value: unknown, algorithm: string, known: readonly RingEntry[]): Promise<RingEntry> {
  const stored = (typeof value === 'object' && value !== null ? value : {}) as Partial<StoredRingKey>
  const { publishedAt, activeAt, retiredAt, keepSeconds } = stored
  const isTime = (time: unknown): boolean => typeof time === 'number' && Number.isFinite(time)
  if (![publishedAt, activeAt ?? 0, retiredAt ?? 0, keepSeconds].every(isTime))
    throw badState('times in seconds', 'others')
  const times = {
    publishedAt: publishedAt!,
    activeAt: activeAt ?? null,
    retiredAt: retiredAt ?? null,
    keepSeconds: keepSeconds!,
  }
  const jwk = parseJwk(stored.jwk)
  const { alg, kid } = jwk
  if (alg !== algorithm || kid === undefined) throw badState(`keys for ${algorithm} with key IDs`, 'another')
  const same = known.find((entry) => entry.kid === kid && typeOf(jwk) === entry.key.type)
  return { key: same?.key ?? (await importStored(jwk, signatureRow(alg, jwk.crv)!)), kid, ...times }
}

function typeOf(jwk: Jwk): RingEntry['key']['type'] {
  return jwk.kty === 'oct' ? 'secret' : isPrivateJwk(jwk) ? 'private' : 'public'
}

async function importStored(jwk: Jwk, row: SignatureRow): Promise<RingEntry['key']> {
  const type = typeOf(jwk)
  if (type === 'private') return makePrivateKey(jwk, row, true)
  if (type === 'public') return makePublicKey(jwk, row)
  return makeSecret(row.algorithm as HmacAlgorithm, member(jwk, 'k'), { allowWeakKey: false, kid: jwk.kid })
}

function badState(expected: string, got: string): JoseError {
  return new JoseError('key_invalid', `key ring store: expected ${expected}, got ${got}`)
}
