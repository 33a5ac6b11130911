/** Keys that follow one another: next → active → retired → gone. */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { JoseError } from '../errors.ts'
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from '../jwa/algorithm.ts'
import { readsAlgorithm, requireRow, signatureAlgorithms } from '../jwa/signature-algorithms.ts'
import { exportJwk } from '../jwk/export.ts'
import type { GeneratedKey } from '../jwk/generate.ts'
import type { JwkSet } from '../jwk/jwk.ts'
import { type PublicKey, type SecretKey, type VerificationKey, verifiesAs } from '../jwk/key.ts'
import type { KeySelector, KeySet } from '../jwk/key-set.ts'
import type { SigningKeySet } from '../jwk/signing-key-set.ts'
import type { OnlyOptions } from '../options.ts'
import { type KeyRingOptions, readRingOptions } from './key-ring-options.ts'
import { createRingKeeper, type RingKeeper } from './ring-keeper.ts'
import {
  activeEntry,
  liveEntries,
  nextChangeAt,
  revokeEntry,
  type RingEntry,
  rotateEntries,
} from './ring-schedule.ts'

/** What verifies the tokens of a ring: public keys, or the secrets themselves. */
export type RingVerificationKey<A extends SignatureAlgorithm> = A extends HmacAlgorithm
  ? SecretKey<A>
  : A extends AsymmetricAlgorithm
    ? PublicKey<A>
    : never

/** A ring of keys: `signJwt` takes it for a key, and a verifier for a key set. */
export interface KeyRing<A extends SignatureAlgorithm = SignatureAlgorithm>
  extends KeySet<RingVerificationKey<A>>, SigningKeySet<GeneratedKey<A>> {
  /** Counts the changes of its set of keys. */
  readonly generation: number
  /** Its algorithm, and the other name of an Edwards curve. */
  readonly algorithms: readonly SignatureAlgorithm[]
  /** The active key. @throws {JoseError} `keys_unavailable` when the store cannot be asked */
  signingKey(): Promise<GeneratedKey<A>>
  /** The next, the active and the retired keys, as far as they fit. */
  selectKeys(selector: KeySelector): Awaitable<readonly RingVerificationKey<A>[]>
  /** The set to publish: public halves alone; of secrets, nothing. */
  jwks(): Promise<JwkSet>
  /** How long others may keep that set, for `Cache-Control`: not beyond the next change, and five minutes at most. */
  maxAgeSeconds(): number
  /** Lets the next key take over as soon as every verifier can know it: `publishAheadSeconds` after it was published. */
  rotate(): Promise<void>
  /**
   * Forgets a key at once, of which somebody else may have the private half. Tokens that it signed verify here no more, and
   * elsewhere not after the next reading of the set. When it was the active one, the next key takes over.
   *
   * @throws {JoseError} `key_not_found`, `keys_unavailable`
   */
  revoke(kid: string): Promise<void>
}

/**
 * A ring of keys that rotate. It has no timers: what is due is done when it is asked for something.
 *
 * A next key is published from the start, `publishAheadSeconds` at least before it signs; a retired one goes on verifying
 * for `retireAfterSeconds` (and a minute for clocks), which no token may outlive: `signJwt` refuses longer lifetimes. With
 * secrets (HS256, …) it works alike, and publishes nothing.
 *
 * With a `store` it outlives the process and is one ring for all processes: a change is saved by compare-and-set, so that
 * two of them never make a next key each. What was read counts for ten seconds. While the store fails, the ring goes on with
 * what it knows for half of `publishAheadSeconds`, then it is `keys_unavailable`.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid` for keys that cannot be in it
 */
export function createKeyRing<
  A extends SignatureAlgorithm,
  const O extends KeyRingOptions<A> = KeyRingOptions<A>,
>(options: O & KeyRingOptions<A> & OnlyOptions<O, KeyRingOptions<A>>): KeyRing<A> {
  const settings = readRingOptions(options)
  const { rules, now } = settings
  const keeper = createRingKeeper(settings)
  const row = requireRow(settings.algorithm)
  return {
    algorithms: signatureAlgorithms.filter((name) => readsAlgorithm(row, name)),
    retireAfterSeconds: settings.retireAfterSeconds,
    get generation() {
      return keeper.generation
    },
    signingKey: async () => activeEntry(await keeper.ready(), now())!.key as GeneratedKey<A>,
    selectKeys: (selector) => select(keeper, selector, now) as Awaitable<readonly RingVerificationKey<A>[]>,
    jwks: async () => publish(liveEntries(await keeper.ready(), now())),
    maxAgeSeconds: () => maxAge(nextChangeAt(keeper.entries, now()) - now(), rules.publishAheadSeconds),
    rotate: () => keeper.change((entries, at) => rotateEntries(entries, { rules, now: at })),
    revoke: (kid) => keeper.change((entries, at) => revoke(entries, kid, at)),
  }
}

function select(
  keeper: RingKeeper,
  selector: KeySelector,
  now: () => number,
): Awaitable<readonly VerificationKey[]> {
  return chain(keeper.ready(), (entries) => {
    const found = fitting(liveEntries(entries, now()), selector)
    if (found.length > 0) return found
    // Another process may have made it since the store was read.
    return keeper.readAgain().then((again) => {
      const late = fitting(liveEntries(again, now()), selector)
      if (late.length > 0) return late
      throw new JoseError('key_not_found', 'key ring: no key has the "kid" and "alg" of the token')
    })
  })
}

function fitting(entries: readonly RingEntry[], { alg, kid }: KeySelector): readonly VerificationKey[] {
  return entries
    .filter((entry) => kid === undefined || entry.kid === kid)
    .map(({ key }) => (key.type === 'private' ? key.publicKey : key))
    .filter((key) => verifiesAs(key, alg))
}

async function publish(entries: readonly RingEntry[]): Promise<JwkSet> {
  const keys = entries.map(({ key }) => (key.type === 'private' ? key.publicKey : key))
  const published = keys.filter((key) => key.type === 'public')
  return { keys: await Promise.all(published.map((key) => exportJwk(key))) }
}

function revoke(entries: readonly RingEntry[], kid: string, now: number): readonly RingEntry[] {
  if (entries.some((entry) => entry.kid === kid)) return revokeEntry(entries, kid, now)
  throw new JoseError('key_not_found', 'key ring: no key has this key ID')
}

/** Half of the time that a key is published ahead, less a reading of the store and a minute for clocks. */
function maxAge(secondsToChange: number, publishAheadSeconds: number): number {
  const longest = Math.min(300, publishAheadSeconds / 2 - 70)
  return Math.floor(Math.min(longest, Math.max(15, secondsToChange)))
}
