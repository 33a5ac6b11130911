/**
 * Base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text for one byte sequence. Decoders of the
 * runtimes differ in what they forgive (padding, white space, `+/`, trailing bits), and whatever is forgiven lets one
 * signed token have many spellings (CVE-2026-102269). This one forgives nothing and is the same on every runtime.
 */
import { JoseError, Refusal } from '../errors.ts'
import { createTextBuffer } from './ascii.ts'
import { decodeUtf8, encodeUtf8, hasLoneSurrogate } from './utf8.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const characterCodes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))

/** Value of each character code; bit 7 is set where the character is not of the alphabet. */
const values = new Uint8Array(256).fill(0x80)
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value

/** Characters that are decoded without making a buffer: more than a token may have. */
const scratchLength = 65_536
let source = createTextBuffer(0)
let target = createTextBuffer(0)

/** The base64url text of bytes, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  const whole = bytes.length - (bytes.length % 3)
  let at = 0
  for (let index = 0; index < whole; index += 3) {
    const bits = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!
    text[at] = characterCodes[bits >> 18]!
    text[at + 1] = characterCodes[(bits >> 12) & 63]!
    text[at + 2] = characterCodes[(bits >> 6) & 63]!
    text[at + 3] = characterCodes[bits & 63]!
    at += 4
  }
  if (whole < bytes.length) {
    const bits = (bytes[whole]! << 16) | ((bytes[whole + 1] ?? 0) << 8)
    text[at] = characterCodes[bits >> 18]!
    text[at + 1] = characterCodes[(bits >> 12) & 63]!
    if (at + 2 < text.length) text[at + 2] = characterCodes[(bits >> 6) & 63]!
  }
  return asciiText(text)
}

/**
 * The base64url text of the UTF-8 octets of a text.
 *
 * @throws {JoseError} `malformed` for a lone surrogate, which has no UTF-8 form
 */
export function encodeBase64urlText(text: string, where: string): string {
  if (text.length * 3 > source.bytes.length) growScratch(text.length * 3)
  if (hasLoneSurrogate(text)) {
    throw new JoseError('malformed', `${where}: not well-formed Unicode (a lone surrogate)`)
  }
  return source.readBase64url(source.writeUtf8(text)) ?? encodeBase64url(encodeUtf8(text, where))
}

/** The bytes of a base64url text; undefined when it is not canonical. */
export function decodeCanonical(text: string): Uint8Array | undefined {
  const decoded = decodeToScratch(text)
  return decoded === undefined ? undefined : new Uint8Array(target.bytes.subarray(0, decoded.length))
}

/**
 * The bytes of a base64url text.
 *
 * @param where - what the text is, for the message (`protected header`)
 * @throws {JoseError} `malformed` for padding, other characters, an impossible length, or trailing bits that are not zero
 */
export function decodeBase64url(text: string, where: string): Uint8Array {
  return decodeCanonical(text) ?? refuse(text, where)
}

/**
 * The text whose UTF-8 octets a base64url text carries.
 *
 * @throws {JoseError} `malformed`, also for octets that are not UTF-8
 */
export function decodeBase64urlText(text: string, where: string): string {
  const { length, isAscii } = decodeToScratch(text) ?? refuse(text, where)
  return isAscii ? target.readAscii(length) : decodeUtf8(target.bytes.subarray(0, length), where)
}

/** What is wrong with a text that should be canonical base64url; undefined when nothing is. */
export function base64urlFault(text: string, where: string): Refusal | undefined {
  return decodeToScratch(text) === undefined ? explain(text, where) : undefined
}

interface Decoded {
  readonly length: number
  /** Known to be ASCII; where it is not known the octets are read as UTF-8. */
  readonly isAscii: boolean
}

/** Measured on Node 20: from here on two native passes are cheaper than one of our own. */
const longText = 700

function decodeToScratch(text: string): Decoded | undefined {
  if (text.length > source.bytes.length) growScratch(text.length)
  const native = text.length > longText ? target.decodeBase64url(text) : undefined
  if (native !== undefined) return native < 0 ? undefined : { length: native, isAscii: false }
  return source.writeAscii(text, 0) ? decodeAscii(source.bytes, text.length, target.bytes) : undefined
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

function refuse(text: string, where: string): never {
  throw explain(text, where).error
}

/** Why a text is not canonical base64url. */
function explain(text: string, where: string): Refusal {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if ((values[code] ?? 0x80) > 63) return badCharacter(code, where)
  }
  const reason = text.length % 4 === 1 ? 'its length is impossible' : 'its last character carries stray bits'
  return new Refusal('malformed', `${where}: not canonical base64url, ${reason}`)
}

function badCharacter(code: number, where: string): Refusal {
  const kind =
    code === 61
      ? 'padding (=)'
      : code <= 32
        ? 'white space'
        : code === 43 || code === 47
          ? 'plain base64 (+ or /)'
          : 'another character'
  return new Refusal('malformed', `${where}: expected base64url characters (A–Z a–z 0–9 - _), got ${kind}`)
}

/** Text of ASCII codes, in pieces because arguments have a limit. */
function asciiText(codes: Uint8Array): string {
  if (codes.length < 4096) return String.fromCharCode(...codes)
  let text = ''
  for (let at = 0; at < codes.length; at += 4096)
    text += String.fromCharCode(...codes.subarray(at, at + 4096))
  return text
}
