/** ECDSA on secp256k1, of whose signatures there are two for each. */
import { decodeHex, toBigInt } from '../encoding/bytes.ts'
import { orderOf } from './curve-point.ts'

/**
 * The signature of secp256k1 with the smaller of s and n − s, either of which is as good (SEC 1 §4.1.4; RFC 8812 asks for
 * neither). Deno 2.9 takes the smaller alone, which OpenSSL makes half of the time.
 */
export function withSmallerS(signature: Uint8Array): Uint8Array {
  const n = orderOf('secp256k1')
  const s = toBigInt(signature.subarray(32))
  if (s <= n / 2n || s >= n) return signature
  const smaller = signature.slice()
  smaller.set(decodeHex((n - s).toString(16).padStart(64, '0'))!, 32)
  return smaller
}
