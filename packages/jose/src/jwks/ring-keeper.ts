/** Keeps the entries of a ring in step with the time and with the store, which other processes write too. */
import type { Awaitable } from '../crypto/awaitable.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { SigningKey } from '../jwk/key.ts'
import { activeEntry, advanceEntries, isDue, type RingEntry, type RingRules } from './ring-schedule.ts'
import { type KeyRingStore, readState, writeState } from './ring-state.ts'

export interface RingSettings {
  readonly algorithm: SignatureAlgorithm
  readonly rules: RingRules
  /** The longest lifetime of a token. */
  readonly retireAfterSeconds: number
  readonly store: KeyRingStore | undefined
  /** The present, in seconds. */
  readonly now: () => number
  readonly makeKey: () => Promise<SigningKey>
  /** What a ring begins with that was never saved. */
  readonly begin: (now: number) => readonly RingEntry[]
  readonly onWarning: (message: string) => void
}

/** What a change makes of the entries; the same list when it makes nothing. */
export type Transition = (entries: readonly RingEntry[], now: number) => readonly RingEntry[]

export interface RingKeeper {
  /** The entries as they are now: at once when they were read a moment ago and nothing is due. */
  ready(): Awaitable<readonly RingEntry[]>
  /** The entries as the store has them, unless they were read in this very second. */
  readAgain(): Promise<readonly RingEntry[]>
  /** Makes a change that all processes see. @throws {JoseError} `keys_unavailable` when it could not be saved */
  change(transition: Transition): Promise<void>
  /** The entries that are at hand, however old. */
  readonly entries: readonly RingEntry[]
  /** Counts the changes of the set of keys, as far as they were seen. */
  readonly generation: number
}

/** How long what was read from a store counts as the present, in seconds; also after it could not be read. */
const rereadSeconds = 10
/** While a store fails, what was read stands in for it: for half the time that others need to make it wrong. */
export const staleShare = 0.5
/** How often a change is tried while other processes keep changing the ring. */
const attempts = 8

/** Makes a keeper; nothing is read yet. */
export function createRingKeeper(settings: RingSettings): RingKeeper {
  const { algorithm, rules, store, now, makeKey } = settings
  let entries: readonly RingEntry[] = []
  let version = 0
  let generation = 0
  let readAt: number | undefined
  let triedAt: number | undefined
  let tail: Promise<unknown> = Promise.resolve()
  let inFlight: Promise<readonly RingEntry[]> | undefined

  const adopt = (changed: readonly RingEntry[], counted: number): void => {
    const names = (list: readonly RingEntry[]): string => JSON.stringify(list.map(({ kid }) => kid).sort())
    if (names(changed) !== names(entries)) generation += 1
    entries = changed
    version = counted
  }

  const load = async (): Promise<void> => {
    const state = store === undefined ? undefined : await asked(() => store.load())
    if (state !== undefined) {
      const read = await readState(state, algorithm, entries)
      adopt(read.entries, read.version)
    } else if (version > 0 && store !== undefined) {
      throw new JoseError('keys_unavailable', 'key ring: its store lost what was saved')
    } else if (entries.length === 0) {
      adopt(settings.begin(now()), 0)
    }
    readAt = now()
  }

  const commit = async (changed: readonly RingEntry[]): Promise<boolean> => {
    if (store !== undefined) {
      const state = await writeState(changed, version + 1)
      if ((await asked(() => store.save(state, version))) !== true) return false
    }
    adopt(changed, version + 1)
    return true
  }

  const attempt = async (transition: Transition): Promise<void> => {
    triedAt = now()
    for (let index = 0; index < attempts; index += 1) {
      await load()
      const at = now()
      const changed = await advanceEntries(transition(entries, at), { rules, now: at }, makeKey)
      if (changed === entries || (await commit(changed))) return
    }
    throw new JoseError('keys_unavailable', 'key ring: other processes changed it each time: try again')
  }

  /** One change after the other. */
  const change = (transition: Transition): Promise<void> => {
    const run = (): Promise<void> => attempt(transition)
    const done = tail.then(run, run)
    tail = done.catch(() => undefined)
    return done
  }

  const isUsable = (at: number): boolean =>
    activeEntry(entries, at) !== undefined &&
    (store === undefined || isWithin(at, readAt, rules.publishAheadSeconds * staleShare))

  const follow = (): Promise<readonly RingEntry[]> => {
    inFlight ??= change((same) => same)
      .then(
        () => entries,
        (error: unknown) => {
          if (!isUsable(now())) throw error
          settings.onWarning(error instanceof Error ? error.message : 'key ring: not read')
          return entries
        },
      )
      .finally(() => {
        inFlight = undefined
      })
    return inFlight
  }

  const isFresh = (at: number): boolean =>
    store === undefined ? !isDue(entries, { rules, now: at }) : isWithin(at, triedAt, rereadSeconds)

  return {
    ready: () => {
      const at = now()
      return isFresh(at) && isUsable(at) ? entries : follow()
    },
    readAgain: async () => (store === undefined || isWithin(now(), triedAt, 1) ? entries : follow()),
    change,
    get entries() {
      return entries
    },
    get generation() {
      return generation
    },
  }
}

/** Whether not more than some seconds went by since a moment; never after a clock was set back. */
function isWithin(now: number, since: number | undefined, seconds: number): boolean {
  return since !== undefined && now >= since && now < since + seconds
}

async function asked<T>(action: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (isJoseError(cause)) throw cause
    throw new JoseError('keys_unavailable', 'key ring: its store could not be asked', { cause })
  }
}
