/**
 * As much DER (ITU-T X.690) as a key needs: which algorithm a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) or a PKCS #8
 * PrivateKeyInfo (RFC 5208 §5) is for. The runtime reads the key itself.
 */

/** What a DER key says of itself. */
export interface DerKeyInfo {
  readonly form: 'spki' | 'pkcs8'
  /** Dotted object identifier of the algorithm (`1.2.840.113549.1.1.1` is RSA). */
  readonly algorithm: string
  /** Dotted object identifier of the curve, for EC keys. */
  readonly curve?: string
}

interface Element {
  readonly tag: number
  readonly content: Uint8Array
  /** Where the next element begins. */
  readonly end: number
}

const INTEGER = 0x02
const OBJECT_IDENTIFIER = 0x06
const SEQUENCE = 0x30

/** What kind of key these bytes are, or undefined when they are neither SPKI nor PKCS #8. */
export function readDerKeyInfo(der: Uint8Array): DerKeyInfo | undefined {
  const outer = readElement(der, 0)
  if (outer === undefined || outer.tag !== SEQUENCE || outer.end !== der.length) return undefined
  const first = readElement(outer.content, 0)
  if (first === undefined) return undefined
  if (first.tag === SEQUENCE) return identify('spki', first.content)
  if (first.tag !== INTEGER) return undefined
  const second = readElement(outer.content, first.end)
  return second?.tag === SEQUENCE ? identify('pkcs8', second.content) : undefined
}

/** Whether bytes are one whole DER SEQUENCE that begins as keys and certificates do. */
export function isDerSequence(bytes: Uint8Array): boolean {
  const outer = readElement(bytes, 0)
  if (outer === undefined || outer.tag !== SEQUENCE || outer.end !== bytes.length) return false
  const first = readElement(outer.content, 0)
  return (
    first !== undefined &&
    (first.tag === SEQUENCE || first.tag === INTEGER) &&
    first.end < outer.content.length
  )
}

function identify(form: 'spki' | 'pkcs8', content: Uint8Array): DerKeyInfo | undefined {
  const identifier = readElement(content, 0)
  if (identifier?.tag !== OBJECT_IDENTIFIER) return undefined
  const algorithm = dotted(identifier.content)
  const parameters = readElement(content, identifier.end)
  if (parameters?.tag !== OBJECT_IDENTIFIER) return { form, algorithm }
  return { form, algorithm, curve: dotted(parameters.content) }
}

function readElement(bytes: Uint8Array, at: number): Element | undefined {
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
  return end <= bytes.length ? { tag, content: bytes.subarray(start, end), end } : undefined
}

function dotted(content: Uint8Array): string {
  const parts: number[] = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    parts.push(value)
    value = 0
  }
  const [head = 0, ...rest] = parts
  const first = Math.min(2, Math.floor(head / 40))
  return [first, head - first * 40, ...rest].join('.')
}
