/** The numbers of the Edwards curves (RFC 8032 §5.1, §5.2). */
import { toBigInt } from '../encoding/bytes.ts'
import type { EdwardsCurveName } from './scheme.ts'

interface Edwards {
  /** The prime of the field: a coordinate is below it. */
  readonly prime: bigint
  /** The order of the base point: the S of a signature is below it. */
  readonly order: bigint
}

const curves: Readonly<Record<EdwardsCurveName, Edwards>> = {
  Ed25519: { prime: 2n ** 255n - 19n, order: 2n ** 252n + 27742317777372353535851937790883648493n },
  Ed448: {
    prime: 2n ** 448n - 2n ** 224n - 1n,
    order: 2n ** 446n - 0x8335dc163bb124b65129c96fde933d8d723a70aadc873d6d54a7bb0dn,
  },
}

/** The prime of a curve's field. */
export function primeOf(curve: EdwardsCurveName): bigint {
  return curves[curve].prime
}

/** The y of the points of Ed25519 whose order is one, two, four or eight. */
export const smallOrderYs: readonly bigint[] = [
  0n,
  1n,
  2n ** 255n - 20n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]

/** The y of an encoded point: its octets from the last, without the highest bit, which is the sign of its x. */
export function yOf(encoded: Uint8Array): bigint {
  return littleEndian(encoded) & ((1n << BigInt(encoded.length * 8 - 1)) - 1n)
}

/**
 * Whether R and S are written in their one way, without which a signature is invalid (RFC 8032 §5.1.7, §5.2.7).
 * WebKitGTK 2.50 takes an S that is too large, Deno 2.9 an R of Ed448 with bits that mean nothing.
 */
export function isCanonicalEdwards(curve: EdwardsCurveName, signature: Uint8Array): boolean {
  // What nearly every signature of Ed25519 is told by: the highest octets of both numbers.
  if (curve === 'Ed25519' && (signature[31]! & 0x7f) < 0x7f && signature[63]! < 0x10) return true
  const { prime, order } = curves[curve]
  const half = signature.length / 2
  return yOf(signature.subarray(0, half)) < prime && littleEndian(signature.subarray(half)) < order
}

function littleEndian(octets: Uint8Array): bigint {
  return toBigInt(Uint8Array.from(octets).reverse())
}
