/**
 * The numbers inside signatures that runtimes judge differently. What is decided here has one verdict on all of them:
 * who may change a signature into another good one, and which half of the good ones is good.
 */
import { toBigInt } from '../encoding/bytes.ts'
import { orderOf } from './curve-point.ts'
import type { EdwardsCurveName } from './scheme.ts'

interface Bounds {
  /** The prime of the field: the y of R is below it. */
  readonly prime: Uint8Array
  /** The order of the base point: S is below it. */
  readonly order: Uint8Array
}

/** RFC 8032 §5.1, §5.2. */
const bounds: Readonly<Record<EdwardsCurveName, Bounds>> = {
  Ed25519: {
    prime: littleEndian(2n ** 255n - 19n, 32),
    order: littleEndian(2n ** 252n + 27742317777372353535851937790883648493n, 32),
  },
  Ed448: {
    prime: littleEndian(2n ** 448n - 2n ** 224n - 1n, 57),
    order: littleEndian(2n ** 446n - 0x8335dc163bb124b65129c96fde933d8d723a70aadc873d6d54a7bb0dn, 57),
  },
}

/**
 * Whether R and S are written in their one way, without which a signature is invalid (RFC 8032 §5.1.7, §5.2.7).
 * WebKitGTK 2.50 takes an S that is too large, Deno 2.9 an R of Ed448 with bits that mean nothing.
 */
export function isCanonicalEdwards(curve: EdwardsCurveName, signature: Uint8Array): boolean {
  const { prime, order } = bounds[curve]
  const half = order.length
  // The highest bit of R is the sign of its x.
  return (
    isBelow(signature, half, { bound: prime, mask: 0x7f }) &&
    isBelow(signature, half * 2, { bound: order, mask: 0xff })
  )
}

/** Whether the little-endian number that ends before `end` is below a bound, from its highest octet down. */
function isBelow(
  bytes: Uint8Array,
  end: number,
  { bound, mask }: { bound: Uint8Array; mask: number },
): boolean {
  for (let index = bound.length - 1; index >= 0; index -= 1) {
    const octet = bytes[end - bound.length + index]! & (index === bound.length - 1 ? mask : 0xff)
    if (octet !== bound[index]) return octet < bound[index]!
  }
  return false
}

function littleEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => Number((value >> BigInt(index * 8)) & 0xffn))
}

/**
 * Whether an RSA signature, as long as the modulus, is a number below it (RFC 8017 §5.2.2). Deno 2.9 takes s + n for s in
 * PSS, which gives one token two spellings.
 */
export function isBelowModulus(signature: Uint8Array, modulus: Uint8Array): boolean {
  const index = signature.findIndex((octet, at) => octet !== modulus[at])
  return index >= 0 && signature[index]! < modulus[index]!
}

/**
 * The signature of secp256k1 with the smaller of s and n − s, either of which is as good (SEC 1 §4.1.4; RFC 8812 asks for
 * neither). Deno 2.9 takes the smaller alone, which OpenSSL makes half of the time.
 */
export function withSmallerS(signature: Uint8Array): Uint8Array {
  const n = orderOf('secp256k1')
  const s = toBigInt(signature.subarray(32))
  if (s <= n / 2n || s >= n) return signature
  const smaller = signature.slice()
  smaller.set(littleEndian(n - s, 32).reverse(), 32)
  return smaller
}
