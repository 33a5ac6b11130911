/** Keys shared between processes: what one has fetched, the others need not. */
import { type OnWarning } from './jwk-set.ts'
import type { JwkSetSnapshot } from './snapshot.ts'
import { withinTime } from './time-limit.ts'

/**
 * Where snapshots are kept outside the process (KV, Redis, the Cache API). Its failures cost a fetch and nothing else;
 * whoever can write to it can forge tokens.
 */
export interface JwkSetStore {
  /** The snapshot that was saved last, or nothing. */
  load(url: string): unknown
  /** Keeps a snapshot, for as long as it likes: it says itself how old it is. */
  save(url: string, snapshot: JwkSetSnapshot): unknown
}

export interface SharedStore {
  /** What the store has; undefined when it has nothing or does not answer in time. */
  load(): Promise<unknown>
  /** Never rejects. */
  save(snapshot: JwkSetSnapshot): Promise<void>
}

/** A store for one URL, whose failures are warnings. */
export function guardStore(
  store: JwkSetStore,
  {
    url,
    timeoutMs,
    onWarning,
  }: { readonly url: string; readonly timeoutMs: number; readonly onWarning: OnWarning },
): SharedStore {
  const attempt = async (what: string, work: () => unknown): Promise<unknown> => {
    try {
      return await withinTime(timeoutMs, work)
    } catch {
      // What a store throws may hold its credentials.
      onWarning(`store of keys: could not be ${what}`)
      return undefined
    }
  }
  return {
    load: () => attempt('read', () => store.load(url)),
    save: async (snapshot) => {
      await attempt('written', () => store.save(url, snapshot))
    },
  }
}
