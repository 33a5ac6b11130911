/** ECDSA signatures in DER (RFC 3279 §2.2.3), read strictly: they come from somebody else. */
import { createDerReader, readUnsigned } from '../../encoding/der-reader.ts'
import { JoseError } from '../../errors.ts'

const where = 'externalSigner: signature'

/** r ‖ s (RFC 7518 §3.4), each of `half` octets. @throws {JoseError} `key_invalid` */
export function readSignature(der: Uint8Array, half: number): Uint8Array {
  const file = createDerReader(der, where)
  const reader = file.open()
  file.close()
  const [r, s] = [readUnsigned(reader, where), readUnsigned(reader, where)]
  reader.close()
  if (r.length > half || s.length > half)
    throw new JoseError('key_invalid', `${where}: expected numbers of at most ${half} octets, got more`)
  const raw = new Uint8Array(2 * half)
  raw.set(r, half - r.length)
  raw.set(s, 2 * half - s.length)
  return raw
}
