/**
 * Base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text for one byte sequence. Decoders of the
 * runtimes differ in what they forgive (padding, white space, `+/`, trailing bits), and whatever is forgiven lets one
 * signed token have many spellings (CVE-2026-102269). This one forgives nothing and is the same on every runtime.
 */
import { JoseError } from '../errors.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const characterCodes = Uint8Array.from(alphabet, (character) => character.charCodeAt(0))

/** Value of each character code below 128; 64 where the character is not of the alphabet. */
const values = new Uint8Array(128).fill(64)
for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value

/** The base64url text of bytes, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  let at = 0
  let bits = 0
  let count = 0
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff
    count += 8
    while (count >= 6) {
      count -= 6
      text[at++] = characterCodes[(bits >> count) & 63]!
    }
  }
  if (count > 0) text[at] = characterCodes[(bits << (6 - count)) & 63]!
  return asciiText(text)
}

/**
 * The bytes of a base64url text.
 *
 * @param where - what the text is, for the message (`protected header`)
 * @throws {JoseError} `malformed` for padding, other characters, an impossible length, or trailing bits that are not zero
 */
export function decodeBase64url(text: string, where: string): Uint8Array {
  const rest = text.length & 3
  if (rest === 1) throw new JoseError('malformed', `${where}: not base64url, its length is impossible`)
  const bytes = new Uint8Array((text.length * 3) >> 2)
  let at = 0
  let bits = 0
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const value = values[text.charCodeAt(index)] ?? 64
    if (value === 64) throw badCharacter(text.charCodeAt(index), where)
    bits = ((bits << 6) | value) & 0xfff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[at++] = (bits >> count) & 255
    }
  }
  // RFC 4648 §3.5: bits that carry nothing must be zero, or two texts would mean the same bytes.
  if ((bits & ((1 << count) - 1)) !== 0) {
    throw new JoseError(
      'malformed',
      `${where}: not canonical base64url, its last character carries stray bits`,
    )
  }
  return bytes
}

/** Whether a text is canonical base64url, without decoding it. */
export function isBase64url(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if ((values[text.charCodeAt(index)] ?? 64) === 64) return false
  }
  const rest = text.length & 3
  if (rest === 0) return true
  if (rest === 1) return false
  return (values[text.charCodeAt(text.length - 1)]! & (rest === 2 ? 15 : 3)) === 0
}

function badCharacter(code: number, where: string): JoseError {
  const kind =
    code === 61
      ? 'padding (=)'
      : code <= 32
        ? 'white space'
        : code === 43 || code === 47
          ? 'plain base64 (+ or /)'
          : 'another character'
  return new JoseError('malformed', `${where}: expected base64url characters (A–Z a–z 0–9 - _), got ${kind}`)
}

/** Text of ASCII codes, in pieces because arguments have a limit. */
function asciiText(codes: Uint8Array): string {
  if (codes.length < 4096) return String.fromCharCode(...codes)
  let text = ''
  for (let at = 0; at < codes.length; at += 4096)
    text += String.fromCharCode(...codes.subarray(at, at + 4096))
  return text
}
