/** Keys that the issuer is known not to have: for a while, and a bounded number of them (T24, CVE-2026-48524). */
import type { KeySelector } from '../jwk/key-set.ts'

/** Unknown keys remembered at most. */
const maximumMisses = 256

export interface Misses {
  /**
   * Whether a key is known to be missing: on the word of a fetch that began after it was first missed, and not for longer
   * than the cool-down. Notes the miss otherwise.
   *
   * @param lookedAt - when the fetch began whose keys do not have it
   */
  isKnown(selector: KeySelector, lookedAt: number): boolean
}

export function createMisses(now: () => number, cooldownSeconds: number): Misses {
  const missedAt = new Map<string, number>()
  return {
    isKnown: ({ alg, kid = '' }, lookedAt) => {
      const name = `${alg} ${kid}`
      const first = missedAt.get(name)
      if (first !== undefined && lookedAt >= first) {
        if (now() < first + cooldownSeconds) return true
        missedAt.delete(name)
      }
      if (missedAt.size >= maximumMisses) missedAt.delete(missedAt.keys().next().value!)
      if (!missedAt.has(name)) missedAt.set(name, now())
      return false
    },
  }
}
