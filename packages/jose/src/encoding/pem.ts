/** PEM text (RFC 7468). */
import { JoseError } from '../errors.ts'

/** One PEM block: its label (`PUBLIC KEY`) and the DER inside. */
export interface PemBlock {
  readonly label: string
  readonly der: Uint8Array
}

/**
 * The one block of a PEM text. A literal `\n`, as environment variables carry it, counts as a line end.
 *
 * @throws {JoseError} `key_invalid` when there is no block, more than one, or its body is not base64
 */
export function parsePem(text: string): PemBlock {
  const lines = text.replaceAll('\\n', '\n').trim()
  const match = /^-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]*?)-----END \1-----$/.exec(lines)
  if (match === null || match[2]!.includes('-----')) {
    throw new JoseError(
      'key_invalid',
      'key: expected one PEM block (-----BEGIN … KEY-----), got text in another form',
    )
  }
  const der = decodeBase64(match[2]!.replaceAll(/\s+/g, ''))
  if (der === undefined) throw new JoseError('key_invalid', 'key: the body of the PEM block is not base64')
  return { label: match[1]!, der }
}

/** The PEM text of DER bytes, 64 characters a line. */
export function formatPem(label: string, der: Uint8Array): string {
  const body = btoa(String.fromCharCode(...der)).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${body.join('\n')}\n-----END ${label}-----\n`
}

/** The bytes of padded base64 (RFC 4648 §4), or undefined when the text is something else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
