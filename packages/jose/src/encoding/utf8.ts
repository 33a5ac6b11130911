/** UTF-8, fatal in both directions: nothing is replaced by U+FFFD (RFC 8725 §3.7: UTF-8 only). */
import { malformed } from './malformed.ts'

const encoder = /* @__PURE__ */ new TextEncoder()
// ignoreBOM keeps a leading U+FEFF as a character, which JSON.parse then refuses.
const decoder = /* @__PURE__ */ new TextDecoder('UTF-8', { fatal: true, ignoreBOM: true })

/**
 * The UTF-8 octets of a text.
 *
 * @throws {JoseError} `malformed` for a lone surrogate, which has no UTF-8 form
 */
export function encodeUtf8(text: string, where: string): Uint8Array {
  requireWellFormed(text, where)
  return encoder.encode(text)
}

/** Refuses text that has no UTF-8 form. @throws {JoseError} `malformed` */
export function requireWellFormed(text: string, where: string): void {
  if (hasLoneSurrogate(text)) throw malformed(where, 'no lone surrogate', 'one')
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
  } catch {
    throw malformed(where, 'UTF-8')
  }
}

/** Whether a text holds half of a surrogate pair. */
export function hasLoneSurrogate(text: string): boolean {
  const { isWellFormed } = text as { isWellFormed?: () => boolean }
  return isWellFormed === undefined ? /\p{Surrogate}/u.test(text) : !isWellFormed.call(text)
}
