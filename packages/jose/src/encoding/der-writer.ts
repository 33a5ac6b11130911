/** DER written (ITU-T X.690 §8, §10). */
import { concatBytes } from './bytes.ts'
import { BIT_STRING, INTEGER, OBJECT_IDENTIFIER } from './der.ts'

/** An element: a tag, and its content in parts. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts)
  return concatBytes([Uint8Array.of(tag, ...lengthOctets(content.length)), content])
}

/** The shortest form of a length. */
function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 + octets.length, ...octets]
}

/** An INTEGER of big-endian octets without a leading zero. */
export function writeUnsigned(octets: Uint8Array): Uint8Array {
  return writeDer(INTEGER, ...(octets[0]! & 0x80 ? [Uint8Array.of(0)] : []), octets)
}

/** A BIT STRING of whole octets. */
export function writeBits(octets: Uint8Array, tag: number = BIT_STRING): Uint8Array {
  return writeDer(tag, Uint8Array.of(0), octets)
}

/** An object identifier from its dotted form. */
export function writeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return writeDer(OBJECT_IDENTIFIER, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)))
}

function base128(value: number): readonly number[] {
  const octets = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    octets.unshift((rest % 128) + 0x80)
  return octets
}
