/** UTF-8, fatal in both directions: nothing is replaced by U+FFFD (RFC 8725 §3.7: UTF-8 only). */
import { JoseError } from '../errors.ts'

const encoder = new TextEncoder()
// ignoreBOM keeps a leading U+FEFF as a character, which JSON.parse then refuses.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The UTF-8 octets of a text.
 *
 * @throws {JoseError} `malformed` for a lone surrogate, which has no UTF-8 form
 */
export function encodeUtf8(text: string, where: string): Uint8Array {
  if (hasLoneSurrogate(text))
    throw new JoseError('malformed', `${where}: not well-formed Unicode (a lone surrogate)`)
  return encoder.encode(text)
}

/** The octets of a text that is known to be ASCII, such as a signing input of base64url segments. */
export function encodeAscii(text: string): Uint8Array {
  return encoder.encode(text)
}

/**
 * The text of UTF-8 octets.
 *
 * @throws {JoseError} `malformed` when they are not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, where: string): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new JoseError('malformed', `${where}: not UTF-8`, { cause })
  }
}

/** Whether a text holds half of a surrogate pair. */
export function hasLoneSurrogate(text: string): boolean {
  const { isWellFormed } = text as { isWellFormed?: () => boolean }
  return isWellFormed === undefined ? /\p{Surrogate}/u.test(text) : !isWellFormed.call(text)
}
