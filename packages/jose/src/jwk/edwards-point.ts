/**
 * Public keys of the Edwards curves that prove nothing. Under a key of small order one signature fits many messages, or
 * every message; the runtimes take such keys without a word (RFC 8032 leaves the check to the caller).
 */
import { primeOf, yOf } from '../crypto/edwards.ts'
import type { EdwardsCurveName } from '../crypto/scheme.ts'

/** The y of the two points of order eight that Ed25519 has, up to sign; all others of small order have y of 0, 1 or −1. */
const order8 = [
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]

/** What is wrong with an encoded point, or undefined. Its length is that of its curve. */
export function edwardsFault(curve: EdwardsCurveName, encoded: Uint8Array): string | undefined {
  const prime = primeOf(curve)
  const y = yOf(encoded)
  if (y >= prime) return 'one that is not canonical'
  const isSmall = y <= 1n || y === prime - 1n || (curve === 'Ed25519' && order8.includes(y))
  return isSmall ? 'one of small order' : undefined
}
