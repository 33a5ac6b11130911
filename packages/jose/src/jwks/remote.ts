/**
 * A JWK Set that an issuer publishes. It is fetched once and kept, refreshed ahead of its end in the background, and
 * kept through an outage; one fetch at a time serves everybody, and tokens with unknown key IDs cannot multiply fetches.
 */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { JoseError } from '../errors.ts'
import { asymmetricAlgorithms } from '../jwa/signature-algorithms.ts'
import type { PublicKey } from '../jwk/key.ts'
import type { KeySelector, KeySet } from '../jwk/key-set.ts'
import type { OnlyOptions } from '../options.ts'
import { createKeyKeeper, type KeyKeeper, type RemoteJwkSetStatus } from './key-keeper.ts'
import { openKeySource } from './key-source.ts'
import { isFresh } from './loaded-keys.ts'
import { createMisses } from './misses.ts'
import { readRemoteOptions, type RemoteJwkSetOptions, type RemoteSettings } from './remote-options.ts'
import type { JwkSetSnapshot } from './snapshot.ts'

/** A key set that fetches itself. */
export interface RemoteJwkSet extends KeySet<PublicKey> {
  readonly generation: number
  /** Fetches now, at start for example. @throws {JoseError} `keys_unavailable` */
  reload(): Promise<void>
  /** How the keys stand, for a health check or a metric. */
  status(): RemoteJwkSetStatus
  /** The keys at hand as JSON, for the next process to begin with; undefined before the first answer. */
  snapshot(): JwkSetSnapshot | undefined
  /**
   * Begins with the keys of a snapshot, which are as old as they are: no lifetime begins anew. One of another URL, a
   * broken one, or one from the future is passed over with a warning; one that is no newer than the keys at hand, without.
   *
   * @returns whether its keys were taken
   */
  hydrate(snapshot: unknown): boolean
}

/**
 * A key set published at a URL.
 *
 * @param source - the URL of the JWK Set, or `{ issuer }` to find it through the issuer's metadata (RFC 8414)
 * @throws {JoseError} `option_invalid` for a URL that is not https (http only on this machine)
 */
export function createRemoteJwkSet<const O extends RemoteJwkSetOptions = RemoteJwkSetOptions>(
  source: string | URL | { readonly issuer: string },
  options?: O & OnlyOptions<O, RemoteJwkSetOptions>,
): RemoteJwkSet {
  const settings = readRemoteOptions(options ?? {})
  const keeper = createKeyKeeper(openKeySource(source, settings), settings)
  const { flights, hydrate, snapshot, status } = keeper
  return {
    algorithms: asymmetricAlgorithms,
    get generation() {
      return keeper.generation
    },
    selectKeys: keySelection(keeper, settings),
    reload: () => flights.join(false),
    status,
    snapshot,
    hydrate,
  }
}

type Keys = readonly PublicKey[]

/** How keys are chosen: at once from those at hand, and otherwise on the word of a fetch. */
function keySelection(
  { flights, usable }: KeyKeeper,
  { now, cooldownSeconds, onWarning, waitUntil }: RemoteSettings,
): (selector: KeySelector) => Awaitable<Keys> {
  const misses = createMisses(now, cooldownSeconds)

  /** When the fetch began that the keys at hand are from; those of another process say nothing of keys that are not there. */
  const lookedAt = (): number => {
    const keys = usable()
    return keys?.isFirstHand === true ? keys.fetchedAt : -Infinity
  }

  const refreshAhead = (): void => {
    const keys = usable()
    if (keys === undefined || isFresh(keys, now()) || flights.isUnderWay || flights.isResting()) return
    waitUntil(flights.join(true).catch((error: JoseError) => onWarning(error.message)))
  }

  const selectKeys = (selector: KeySelector): Awaitable<Keys> => {
    const keys = usable()
    if (keys === undefined) return onEmpty(selector)
    refreshAhead()
    return chain(keys.set.selectKeys(selector), (found) => (found.length > 0 ? found : onMiss(selector)))
  }

  const onEmpty = (selector: KeySelector): Promise<Keys> => {
    if (!flights.isUnderWay && flights.isResting()) return Promise.reject(unavailable())
    // Before the flight begins: its keys are then no older than the question.
    const askedAt = now()
    return selectAfter(flights.join(true), selector, askedAt)
  }

  /** An unknown key ID is refused only on the word of a fetch that began after it was first missed. */
  const onMiss = (selector: KeySelector): Promise<Keys> => {
    if (misses.isKnown(selector, lookedAt())) throw notFound()
    if (!flights.isUnderWay && flights.isResting()) throw unavailable()
    const askedAt = now()
    const keys = selectAfter(flights.join(false), selector, askedAt)
    flights.rest(cooldownSeconds)
    return keys
  }

  const selectAfter = async (
    flight: Promise<void>,
    selector: KeySelector,
    askedAt: number,
  ): Promise<Keys> => {
    await flight
    const found = await selectNow(selector)
    if (found.length > 0) return found
    if (lookedAt() >= askedAt) throw notFound()
    // A flight that had begun before the question may have missed a key published in between; the next one waits for the
    // cool-down, or a stream of unknown key IDs would chain one fetch to another.
    if (flights.isResting()) throw unavailable()
    flights.rest(cooldownSeconds)
    await flights.join(false)
    const again = await selectNow(selector)
    if (again.length > 0) return again
    throw lookedAt() >= askedAt ? notFound() : unavailable()
  }

  const selectNow = async (selector: KeySelector): Promise<Keys> => {
    refreshAhead()
    return (await usable()?.set.selectKeys(selector)) ?? []
  }

  return selectKeys
}

function notFound(): JoseError {
  return new JoseError('key_not_found', 'no key of the issuer has the "kid" and "alg" of the token')
}

function unavailable(): JoseError {
  return new JoseError(
    'keys_unavailable',
    'keys of the issuer could not be fetched: try again in a few seconds',
  )
}
