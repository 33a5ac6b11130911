/**
 * Public keys of the Edwards curves that prove nothing. Under a key of small order one signature fits many messages, or
 * every message; the runtimes take such keys without a word (RFC 8032 leaves the check to the caller).
 */
import { primeOf, smallOrderYs, yOf } from '../crypto/edwards.ts'
import type { EdwardsCurveName } from '../crypto/scheme.ts'

/** What is wrong with an encoded point, or undefined. Its length is that of its curve. */
export function edwardsFault(curve: EdwardsCurveName, encoded: Uint8Array): string | undefined {
  const prime = primeOf(curve)
  const y = yOf(encoded)
  if (y >= prime) return 'one that is not canonical'
  const isSmall = y <= 1n || y === prime - 1n || (curve === 'Ed25519' && smallOrderYs.includes(y))
  return isSmall ? 'one of small order' : undefined
}
