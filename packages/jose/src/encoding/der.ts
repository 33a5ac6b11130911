/** The elements of DER (ITU-T X.690): where one begins and ends. */

export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTET_STRING = 0x04
export const NULL = 0x05
export const OBJECT_IDENTIFIER = 0x06
export const SEQUENCE = 0x30

/** One element: its tag, and where its content begins and ends. */
export interface DerElement {
  readonly tag: number
  readonly start: number
  readonly end: number
}

/**
 * The element at a place, or undefined when it breaks off. A length may be written longer than it need be: who guards
 * against keys wants to see those too; `createDerReader` is stricter.
 */
export function findElement(bytes: Uint8Array, at: number): DerElement | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) return undefined
  let length = first
  let start = at + 2
  if (first & 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 3) return undefined
    length = 0
    for (let index = 0; index < count; index += 1)
      length = length * 256 + (bytes[start + index] ?? Number.NaN)
    start += count
  }
  const end = start + length
  return end <= bytes.length ? { tag, start, end } : undefined
}
