/** The Concat KDF of NIST SP 800-56A §5.8.1 with SHA-256, as RFC 7518 §4.6.2 fills it in. */
import { concatBytes } from '../encoding/bytes.ts'
import { digest } from './hmac.ts'

/** The OtherInfo of a derivation. */
export interface KdfContext {
  /** AlgorithmID: the name of the algorithm that the key is for, in ASCII. */
  readonly algorithm: Uint8Array
  /** PartyUInfo and PartyVInfo: decoded `apu` and `apv`, empty when absent. */
  readonly partyU: Uint8Array
  readonly partyV: Uint8Array
}

/** A key of this many octets from a shared secret. */
export function deriveConcatKey(secret: Uint8Array, keyBytes: number, context: KdfContext): Uint8Array {
  const otherInfo = concatBytes([
    ...withLength(context.algorithm),
    ...withLength(context.partyU),
    ...withLength(context.partyV),
    uint32(keyBytes * 8),
  ])
  const rounds = Math.ceil(keyBytes / 32)
  const blocks = Array.from({ length: rounds }, (_, index) =>
    digest('SHA-256', concatBytes([uint32(index + 1), secret, otherInfo])),
  )
  return concatBytes(blocks).slice(0, keyBytes)
}

function withLength(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  return [uint32(bytes.length), bytes]
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
