/** The options of a key ring, read and judged. */
import { readMember } from '../encoding/foreign-value.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { generateKey } from '../jwk/generate.ts'
import { isSignatureKey, type PrivateKey, type SecretKey, type SigningKey } from '../jwk/key.ts'
import { badOption, readOptions } from '../options.ts'
import { type RingSettings, staleShare } from './ring-keeper.ts'
import type { RingEntry, RingRules } from './ring-schedule.ts'
import type { KeyRingStore } from './ring-state.ts'

export interface KeyRingOptions<A extends SignatureAlgorithm = SignatureAlgorithm> {
  /** The algorithm of all its keys. For another one make another ring. */
  readonly algorithm: A
  /** How long a key signs. Default: until `rotate` is called. */
  readonly rotateEverySeconds?: number
  /**
   * How long a key is published before it signs: at least 180, and longer than any verifier keeps the set. Verifiers that go
   * by `maxAgeSeconds` keep it half as long at most.
   */
  readonly publishAheadSeconds: number
  /** How long a key verifies after it signed for the last time: the longest lifetime of a token. */
  readonly retireAfterSeconds: number
  /** Where the ring is kept. Default: in this process, and gone with it. */
  readonly store?: KeyRingStore
  /** The present, in seconds. Default: the system clock. */
  readonly now?: () => number
  /**
   * Keys to begin with where nothing was saved: the first signs, the others have retired. Each needs a key ID, and to be
   * extractable where there is a store.
   */
  readonly keys?: readonly (PrivateKeyOf<NoInfer<A>> | SecretKeyOf<NoInfer<A>>)[]
  /** Told of failures of the store that the ring got over; no key material. Default: silence. */
  readonly onWarning?: (message: string) => void
}

type PrivateKeyOf<A> = A extends PrivateKey['algorithm'] ? PrivateKey<A> : never
type SecretKeyOf<A> = A extends SecretKey['algorithm'] ? SecretKey<A> : never

const where = 'createKeyRing'
const optionNames = [
  'algorithm',
  'rotateEverySeconds',
  'publishAheadSeconds',
  'retireAfterSeconds',
  'store',
  'now',
  'keys',
  'onWarning',
] as const

/** Twice the shortest life of a JWK Set, a reading of the store, and a minute for clocks. */
const shortestPublishAhead = 180

/** Reads them. @throws {JoseError} `option_invalid`, `key_invalid` */
export function readRingOptions(options: unknown): RingSettings {
  const given = readOptions<KeyRingOptions>(options, optionNames, where)
  const { algorithm, store, now, keys = [], onWarning } = given
  if (signatureRow(algorithm) === undefined)
    throw badOption(where, 'algorithm', 'a signature algorithm such as ES256', algorithm)
  for (const name of ['now', 'onWarning'] as const)
    if (given[name] !== undefined && typeof given[name] !== 'function')
      throw badOption(where, name, 'a function', given[name])
  if (store !== undefined && !isStore(store))
    throw badOption(where, 'store', 'an object with load and save', store)
  const rules = readRules(given)
  const own = readKeys(keys, algorithm, store !== undefined)
  return {
    algorithm,
    rules,
    retireAfterSeconds: given.retireAfterSeconds,
    store,
    now: () => readNow(now),
    makeKey: async () => await generateKey(algorithm, { extractable: store !== undefined }),
    begin: (at) => own.map((key, index) => beginning(key, index === 0, { rules, now: at })),
    onWarning: onWarning ?? (() => undefined),
  }
}

function readRules(given: KeyRingOptions): RingRules {
  const { publishAheadSeconds, retireAfterSeconds, rotateEverySeconds } = given
  const bounds = [
    ['publishAheadSeconds', publishAheadSeconds, shortestPublishAhead],
    ['retireAfterSeconds', retireAfterSeconds, 1],
    ['rotateEverySeconds', rotateEverySeconds ?? publishAheadSeconds, publishAheadSeconds],
  ] as const
  for (const [name, value, least] of bounds) {
    if (typeof value !== 'number' || !(value >= least && value <= 1e10))
      throw badOption(where, name, `a number of seconds, ${least} at least`, value)
  }
  // A process whose store fails goes on with the key that it knows.
  const longest = given.store === undefined ? 0 : publishAheadSeconds * staleShare
  return { publishAheadSeconds, keepSeconds: retireAfterSeconds + longest, rotateEverySeconds }
}

function readKeys(keys: unknown, algorithm: string, isStored: boolean): readonly SigningKey[] {
  if (!Array.isArray(keys) || keys.length > 50)
    throw badOption(where, 'keys', 'a list of at most 50 keys', keys)
  for (const key of keys as readonly unknown[]) {
    const fault = keyFault(key, algorithm, isStored)
    if (fault !== undefined) throw new JoseError('key_invalid', `${where}: option "keys": expected ${fault}`)
  }
  const list = keys as readonly SigningKey[]
  if (new Set(list.map(({ kid }) => kid)).size < list.length)
    throw new JoseError('key_invalid', `${where}: option "keys": expected key IDs that differ, got one twice`)
  return list
}

function keyFault(key: unknown, algorithm: string, isStored: boolean): string | undefined {
  if (!isSignatureKey(key) || key.type === 'public')
    return 'private keys or secrets for signatures, got another value'
  if (key.algorithm !== algorithm) return `keys for ${algorithm}, got one for ${key.algorithm}`
  if (key.kid === undefined) return 'keys with key IDs, got one without'
  if (key.type === 'secret') return undefined
  if (isStored && !key.extractable) return 'keys that are extractable, for the store, got one that is not'
  // A signer that was made without its public key throws here.
  return key.publicKey.algorithm === algorithm ? undefined : 'a public half of that algorithm'
}

function beginning(
  key: SigningKey,
  isFirst: boolean,
  { rules, now }: { rules: RingRules; now: number },
): RingEntry {
  const { keepSeconds } = rules
  const kid = key.kid!
  return { key, kid, publishedAt: now, activeAt: now, retiredAt: isFirst ? null : now, keepSeconds }
}

function isStore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const [load, save] = [readMember(value, 'load'), readMember(value, 'save')]
  return typeof load === 'function' && typeof save === 'function'
}

function readNow(now: (() => number) | undefined): number {
  const present: unknown = now === undefined ? Date.now() / 1000 : now()
  if (typeof present !== 'number' || !Number.isFinite(present))
    throw badOption(where, 'now', 'a function that gives seconds', present)
  return present
}
