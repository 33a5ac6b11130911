/** `Internals`: the clock, the store and the hasher, where they are not the machine's own. */
import type { Hasher } from '../accounts/hasher.ts'
import type { CheckedConfig } from '../config/check-config.ts'
import type { Fallback } from '../routes/dispatch.ts'
import type { Store } from '../store/store.ts'

/** What tests put in the place of the machine's own: the clock, the store, the hasher. */
export interface Internals {
  /** Milliseconds since 1970. Default the wall clock. */
  readonly nowMs?: () => number
  /** Milliseconds on a clock that nobody sets. Default `nowMs` where that is given, else the machine's own. */
  readonly monotonicMs?: () => number
  readonly hasher?: Hasher
  readonly openStore?: (config: CheckedConfig) => Promise<Store>
  readonly fallback?: Fallback
}
