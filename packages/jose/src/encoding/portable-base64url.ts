/**
 * Base64url in few lines, for runtimes without Node's Buffer. Bundles for browsers have it in place of `base64url.ts`
 * (`browser` in package.json), which says what each function does.
 */
import { Refusal } from '../errors.ts'
import { malformed } from './malformed.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Octets that are made into text at once: arguments have a limit. */
const piece = 4096

export function encodeBase64url(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += piece)
    binary += String.fromCharCode(...bytes.subarray(at, at + piece))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function encodeBase64urlText(text: string, where: string): string {
  return encodeBase64url(encodeUtf8(text, where))
}

export function decodeCanonical(text: string): Uint8Array | undefined {
  // `atob` forgives; the text is judged before.
  if (!isCanonical(text)) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (octet) => octet.charCodeAt(0))
}

export function decodeBase64url(text: string, where: string): Uint8Array {
  const bytes = decodeCanonical(text)
  if (bytes === undefined) throw malformed(where, base64url, found(text))
  return bytes
}

export function decodeBase64urlText(text: string, where: string): string {
  return decodeUtf8(decodeBase64url(text, where), where)
}

export function base64urlFault(text: string, where: string): Refusal | undefined {
  return isCanonical(text) ? undefined : Refusal.of(malformed(where, base64url, found(text)))
}

/** What a message says was expected. */
export const base64url = 'base64url (A–Z a–z 0–9 - _)'

/** What a message says of a text that is not canonical. */
export function found(text: string): string {
  const [odd] = /[^\w-]/.exec(text) ?? []
  if (odd === undefined) return 'stray bits at its end'
  return odd === '=' ? 'padding' : odd <= ' ' ? 'white space' : 'other characters'
}

function isCanonical(text: string): boolean {
  const rest = text.length % 4
  if (rest === 1 || !/^[\w-]*$/.test(text)) return false
  // RFC 4648 §3.5: bits that carry nothing must be zero, or two texts would mean the same bytes.
  return rest === 0 || (rest === 2 ? /[AQgw]$/ : /[AEIMQUYcgkosw048]$/).test(text)
}
