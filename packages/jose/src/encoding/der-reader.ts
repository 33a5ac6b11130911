/** DER read element by element (ITU-T X.690 §8, §10): whatever is not exactly what was asked for is refused. */
import { JoseError } from '../errors.ts'
import { BIT_STRING, findElement, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE } from './der.ts'

/** A place in a run of elements. Every method moves on, and throws `key_invalid` when the DER is another. */
export interface DerReader {
  /** The tags of the elements that are left. */
  tags(): readonly number[]
  /** Whether the next element has a tag. */
  has(tag: number): boolean
  /** The content of the next element, which must have this tag. */
  read(tag: number): Uint8Array
  /** The next element whole, which must be a SEQUENCE. */
  readWhole(): Uint8Array
  /** A reader of what is inside the next element. Default: a SEQUENCE. */
  open(tag?: number): DerReader
  /** Nothing may be left. */
  close(): void
}

const names: ReadonlyMap<number, string> = new Map([
  [INTEGER, 'INTEGER'],
  [BIT_STRING, 'BIT STRING'],
  [OCTET_STRING, 'OCTET STRING'],
  [NULL, 'NULL'],
  [OBJECT_IDENTIFIER, 'OBJECT IDENTIFIER'],
  [SEQUENCE, 'SEQUENCE'],
])

/**
 * A reader at the first element.
 *
 * @param where - what the bytes are, for the messages (`PKCS #8`)
 */
export function createDerReader(bytes: Uint8Array, where: string): DerReader {
  let at = 0
  const next = (): { tag: number; content: Uint8Array; whole: Uint8Array } => {
    const element = findElement(bytes, at)
    if (element === undefined) throw derFault(where, 'a whole element', 'DER that breaks off')
    const { tag, start, end } = element
    // X.690 §10.1: the shortest length, or one key has many files.
    if (start - at !== headerBytes(end - start))
      throw derFault(where, 'DER', 'a length that is not the shortest')
    const found = { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
    at = end
    return found
  }
  const take = (wanted: number): { content: Uint8Array; whole: Uint8Array } => {
    if (at === bytes.length) throw derFault(where, nameOf(wanted), 'nothing')
    const found = next()
    if (found.tag !== wanted) throw derFault(where, nameOf(wanted), nameOf(found.tag))
    return found
  }
  return {
    tags: () => {
      const before = at
      const list: number[] = []
      while (at < bytes.length) list.push(next().tag)
      at = before
      return list
    },
    has: (tag) => bytes[at] === tag,
    read: (tag) => take(tag).content,
    readWhole: () => take(SEQUENCE).whole,
    open: (tag = SEQUENCE) => createDerReader(take(tag).content, where),
    close: () => {
      if (at < bytes.length) throw derFault(where, 'its end', 'more')
    },
  }
}

/** An object identifier, dotted. */
export function readOid(reader: DerReader): string {
  const parts: number[] = []
  let value = 0
  for (const byte of reader.read(OBJECT_IDENTIFIER)) {
    value = value * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    parts.push(value)
    value = 0
  }
  const [head = 0, ...rest] = parts
  const first = Math.min(2, Math.floor(head / 40))
  return [first, head - first * 40, ...rest].join('.')
}

/** The octets of a non-negative INTEGER, big-endian, without a leading zero; zero is one octet. */
export function readUnsigned(reader: DerReader, where: string): Uint8Array {
  const content = reader.read(INTEGER)
  const [first, second] = content
  if (first === undefined || first & 0x80) throw derFault(where, 'a number that is not negative', 'another')
  if (first !== 0 || second === undefined) return content
  if (second < 0x80) throw derFault(where, 'DER', 'a number that is not the shortest')
  return content.subarray(1)
}

/** A non-negative INTEGER below 2^32. */
export function readCount(reader: DerReader, where: string): number {
  const octets = readUnsigned(reader, where)
  if (octets.length > 4) throw derFault(where, 'a number below 2^32', 'more')
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** The octets of a BIT STRING of whole octets. */
export function readBits(reader: DerReader, where: string, tag: number = BIT_STRING): Uint8Array {
  const [unused, ...octets] = reader.read(tag)
  if (unused !== 0) throw derFault(where, 'a BIT STRING of whole octets', 'another')
  return Uint8Array.from(octets)
}

function headerBytes(length: number): number {
  if (length < 0x80) return 2
  return length < 0x100 ? 3 : length < 0x10000 ? 4 : 5
}

function nameOf(tag: number): string {
  return names.get(tag) ?? `tag 0x${tag.toString(16).padStart(2, '0')}`
}

function derFault(where: string, expected: string, got: string): JoseError {
  return new JoseError('key_invalid', `${where}: expected ${expected}, got ${got}`)
}
