/**
 * Base64url where the runtime has Node's Buffer: its native copies, and loops of our own over buffers that are made once.
 * Bundles for browsers go without (`browser` in package.json).
 */
import { createTextBuffer, hasNodeBuffer } from './ascii.ts'
import { decodeUtf8 } from './utf8.ts'

/** What the fast way does; the portable one in `base64url.ts` gives the same. */
export interface NodeBase64url {
  encode(bytes: Uint8Array): string
  /** The base64url text of the UTF-8 octets of a text that has them. */
  encodeText(text: string): string
  /** Undefined when the text is not canonical. */
  decode(text: string): Uint8Array | undefined
  /** Undefined when the text is not canonical. @throws {JoseError} `malformed` for octets that are not UTF-8 */
  decodeText(text: string, where: string): string | undefined
  isCanonical(text: string): boolean
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Value of each character code; bit 7 is set where the character is not of the alphabet. */
const values = new Uint8Array(256).fill(0x80)
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value

/** Characters that are decoded without making a buffer: more than a token may have. */
const scratchLength = 65_536
let source = createTextBuffer(0)
let target = createTextBuffer(0)

/** Undefined where there is no Buffer. */
export const nodeBase64url: NodeBase64url | undefined = hasNodeBuffer
  ? { encode, encodeText, decode, decodeText, isCanonical: (text) => decodeToScratch(text) !== undefined }
  : undefined

function encode(bytes: Uint8Array): string {
  if (bytes.length > source.bytes.length) growScratch(bytes.length)
  source.bytes.set(bytes)
  return source.readBase64url(bytes.length)!
}

function encodeText(text: string): string {
  if (text.length * 3 > source.bytes.length) growScratch(text.length * 3)
  return source.readBase64url(source.writeUtf8(text))!
}

function decode(text: string): Uint8Array | undefined {
  if (text.length > longText) {
    const decoded = decodeToScratch(text)
    return decoded === undefined ? undefined : new Uint8Array(target.bytes.subarray(0, decoded.length))
  }
  if (source.bytes.length === 0) growScratch(scratchLength)
  const bytes = new Uint8Array((text.length * 3) >> 2)
  return source.writeAscii(text, 0) && decodeAscii(source.bytes, text.length, bytes) ? bytes : undefined
}

function decodeText(text: string, where: string): string | undefined {
  const decoded = decodeToScratch(text)
  if (decoded === undefined) return undefined
  const { length, isAscii } = decoded
  return isAscii ? target.readAscii(length) : decodeUtf8(target.bytes.subarray(0, length), where)
}

interface Decoded {
  readonly length: number
  /** Known to be ASCII; where it is not known the octets are read as UTF-8. */
  readonly isAscii: boolean
}

/** Measured on Node 20: from here on the runtime's decoder is cheaper than ours. */
const longText = 700

function decodeToScratch(text: string): Decoded | undefined {
  if (text.length > source.bytes.length) growScratch(text.length)
  if (!source.writeAscii(text, 0)) return undefined
  const native = text.length > longText ? target.decodeBase64url(text) : undefined
  if (native !== undefined) return native < 0 ? undefined : { length: native, isAscii: false }
  return decodeAscii(source.bytes, text.length, target.bytes)
}

/** Decodes ASCII codes; undefined when the text is not canonical base64url. */
function decodeAscii(from: Uint8Array, length: number, to: Uint8Array): Decoded | undefined {
  const rest = length & 3
  const whole = length - rest
  let at = 0
  let seen = 0
  let high = 0
  for (let index = 0; index < whole; index += 4) {
    const a = values[from[index]!]!
    const b = values[from[index + 1]!]!
    const c = values[from[index + 2]!]!
    const d = values[from[index + 3]!]!
    seen |= a | b | c | d
    const word = (a << 18) | (b << 12) | (c << 6) | d
    high |= word
    to[at] = word >> 16
    to[at + 1] = word >> 8
    to[at + 2] = word
    at += 3
  }
  if (rest === 1) return undefined
  if (rest > 1) {
    const a = values[from[whole]!]!
    const b = values[from[whole + 1]!]!
    const c = rest === 3 ? values[from[whole + 2]!]! : 0
    seen |= a | b | c
    const word = (a << 18) | (b << 12) | (c << 6)
    high |= word
    // RFC 4648 §3.5: bits that carry nothing must be zero, or two texts would mean the same bytes.
    if ((word & (rest === 2 ? 0xffff : 0xff)) !== 0) return undefined
    to[at++] = word >> 16
    if (rest === 3) to[at++] = word >> 8
  }
  return seen < 64 ? { length: at, isAscii: (high & 0x808080) === 0 } : undefined
}

function growScratch(length: number): void {
  const size = Math.max(length, scratchLength)
  source = createTextBuffer(size)
  target = createTextBuffer(size)
}
