/**
 * The two spellings of an ECDSA signature: r ‖ s of fixed size, as JOSE has it (RFC 7518 §3.4), and the DER sequence of two
 * integers (RFC 3279 §2.2.3), as `node:crypto` has it. It would convert by itself, but only for a key in an options object,
 * which costs 20 µs a call on Node 24; this costs 40 ns.
 */

const SEQUENCE = 0x30
const INTEGER = 0x02

/** Octets of the longest DER signature, that of P-521. */
export const longestDer: number = 3 + 2 * (2 + 1 + 66)

/** Writes r ‖ s as DER; the octets written. */
export function writeDer(raw: Uint8Array, der: Uint8Array): number {
  const half = raw.length >> 1
  // Long form of the length from 128 on: P-521 alone.
  const start = half > 60 ? 3 : 2
  const middle = writeInteger(raw, { from: 0, to: half }, { der, at: start })
  const end = writeInteger(raw, { from: half, to: raw.length }, { der, at: middle })
  der[0] = SEQUENCE
  if (end - start < 128) {
    der[1] = end - start
    if (start === 2) return end
    der.copyWithin(2, start, end)
    return end - 1
  }
  der[1] = 0x81
  der[2] = end - start
  return end
}

/** An unsigned integer in as few octets as DER allows; where it ends. */
function writeInteger(
  raw: Uint8Array,
  { from, to }: { from: number; to: number },
  { der, at }: { der: Uint8Array; at: number },
): number {
  let first = from
  while (first < to - 1 && raw[first] === 0) first += 1
  // A first bit of one would make it negative.
  const sign = raw[first]! >> 7
  der[at] = INTEGER
  der[at + 1] = to - first + sign
  der[at + 2] = 0
  let end = at + 2 + sign
  for (let index = first; index < to; index += 1) der[end++] = raw[index]!
  return end
}

/** The r ‖ s of a DER signature that the runtime made, each half of `half` octets. */
export function readDer(der: Uint8Array, half: number): Uint8Array {
  const raw = new Uint8Array(half * 2)
  const start = der[1]! & 0x80 ? 3 : 2
  const middle = start + 2 + der[start + 1]!
  const end = middle + 2 + der[middle + 1]!
  readInteger(der, { from: start + 2, to: middle }, { raw, end: half })
  readInteger(der, { from: middle + 2, to: end }, { raw, end: half * 2 })
  return raw
}

/** An integer to the right edge of its half, without the octet that keeps it positive. */
function readInteger(
  der: Uint8Array,
  { from, to }: { from: number; to: number },
  { raw, end }: { raw: Uint8Array; end: number },
): void {
  const first = der[from] === 0 ? from + 1 : from
  const start = end - (to - first)
  for (let index = first; index < to; index += 1) raw[start + index - first] = der[index]!
}
