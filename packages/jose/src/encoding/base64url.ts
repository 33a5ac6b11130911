/**
 * Base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text for one byte sequence. Decoders of the
 * runtimes differ in what they forgive (padding, white space, `+/`, trailing bits), and whatever is forgiven lets one
 * signed token have many spellings (CVE-2026-102269). This one forgives nothing and is the same on every runtime.
 */
import { Refusal } from '../errors.ts'
import { malformed } from './malformed.ts'
import { nodeBase64url } from './node-base64url.ts'
import * as portable from './portable-base64url.ts'
import { requireWellFormed } from './utf8.ts'

/** The base64url text of bytes, without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return nodeBase64url === undefined ? portable.encodeBase64url(bytes) : nodeBase64url.encode(bytes)
}

/**
 * The base64url text of the UTF-8 octets of a text.
 *
 * @throws {JoseError} `malformed` for a lone surrogate, which has no UTF-8 form
 */
export function encodeBase64urlText(text: string, where: string): string {
  if (nodeBase64url === undefined) return portable.encodeBase64urlText(text, where)
  requireWellFormed(text, where)
  return nodeBase64url.encodeText(text)
}

/** The bytes of a base64url text; undefined when it is not canonical. */
export function decodeCanonical(text: string): Uint8Array | undefined {
  return nodeBase64url === undefined ? portable.decodeCanonical(text) : nodeBase64url.decode(text)
}

/**
 * The bytes of a base64url text.
 *
 * @param where - what the text is, for the message (`protected header`)
 * @throws {JoseError} `malformed` for padding, other characters, an impossible length, or trailing bits that are not zero
 */
export function decodeBase64url(text: string, where: string): Uint8Array {
  return nodeBase64url === undefined
    ? portable.decodeBase64url(text, where)
    : (nodeBase64url.decode(text) ?? refuse(text, where))
}

/**
 * The text whose UTF-8 octets a base64url text carries.
 *
 * @throws {JoseError} `malformed`, also for octets that are not UTF-8
 */
export function decodeBase64urlText(text: string, where: string): string {
  if (nodeBase64url === undefined) return portable.decodeBase64urlText(text, where)
  return nodeBase64url.decodeText(text, where) ?? refuse(text, where)
}

/** What is wrong with a text that should be canonical base64url; undefined when nothing is. */
export function base64urlFault(text: string, where: string): Refusal | undefined {
  if (nodeBase64url === undefined) return portable.base64urlFault(text, where)
  if (nodeBase64url.isCanonical(text)) return undefined
  return new Refusal('malformed', `${where}: expected base64url, got ${portable.found(text)}`)
}

function refuse(text: string, where: string): never {
  throw malformed(where, 'base64url', portable.found(text))
}
