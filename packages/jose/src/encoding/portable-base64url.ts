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
  return found(text) === undefined ? decodeBase64url(text, '') : undefined
}

export function decodeBase64url(text: string, where: string): Uint8Array {
  const fault = found(text)
  if (fault !== undefined) throw malformed(where, 'base64url', fault)
  // `atob` forgives; the text was judged before.
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (octet) => octet.charCodeAt(0))
}

export function decodeBase64urlText(text: string, where: string): string {
  return decodeUtf8(decodeBase64url(text, where), where)
}

export function base64urlFault(text: string, where: string): Refusal | undefined {
  const fault = found(text)
  return fault === undefined ? undefined : Refusal.of(malformed(where, 'base64url', fault))
}

/** What may follow whole groups of four (RFC 4648 §3.5): bits that carry nothing are zero, or two texts would mean the same bytes. */
const ending = /^(.[AQgw]|..[AEIMQUYcgkosw048])?$/

/** What a message says of a text that is not canonical; undefined when nothing is wrong with it. */
export function found(text: string): string | undefined {
  const odd = /[^\w-]/.exec(text)?.[0]
  if (odd) return odd === '=' ? 'padding' : odd <= ' ' ? 'white space' : 'other characters'
  return ending.test(text.slice(text.length & ~3)) ? undefined : 'stray bits'
}
