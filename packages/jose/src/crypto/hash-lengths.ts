/** Lengths that belong to the hashes of FIPS 180-4. */
import type { HashName } from './scheme.ts'

/** Octets of a digest. */
export const digestBytes: Readonly<Record<HashName, number>> = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }
/** Octets of a block, as HMAC needs them (RFC 2104 §2). */
export const blockBytes: Readonly<Record<HashName, number>> = {
  'SHA-256': 64,
  'SHA-384': 128,
  'SHA-512': 128,
}
