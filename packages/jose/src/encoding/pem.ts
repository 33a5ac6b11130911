/** PEM text (RFC 7468). */
import { JoseError } from '../errors.ts'

/** One PEM block: its label (`PUBLIC KEY`) and the DER inside. */
export interface PemBlock {
  readonly label: string
  readonly der: Uint8Array
  /** The DER of the block `EC PARAMETERS` that openssl writes before an `EC PRIVATE KEY`. */
  readonly parameters?: Uint8Array
}

/**
 * The one block of a PEM text. A literal `\n`, as environment variables carry it, counts as a line end.
 *
 * @throws {JoseError} `key_invalid` when there is no block, more than one, text around it, or its body is not base64;
 *   `unsupported` for a body that openssl encrypted in its old way
 */
export function parsePem(text: string): PemBlock {
  const lines = text.replaceAll(/\\r|\\n/g, '\n').trim()
  const { rest, ...block } = parseBlock(lines)
  if (rest === '') return block
  if (block.label === 'EC PARAMETERS' && rest.startsWith('-----BEGIN EC PRIVATE KEY-----')) {
    const { rest: behind, ...key } = parseBlock(rest)
    if (behind === '') return { ...key, parameters: block.der }
  }
  throw notOneBlock(rest.startsWith('-----BEGIN ') ? 'more than one' : 'one with text behind it')
}

function parseBlock(text: string): PemBlock & { readonly rest: string } {
  const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text)?.[1]
  if (label === undefined) throw notOneBlock(describeText(text))
  const start = label.length + 16
  const end = text.indexOf(`-----END ${label}-----`, start)
  if (end === -1) throw notOneBlock('one that does not end')
  const body = text.slice(start, end)
  if (body.includes(':')) throw encryptedBody()
  const der = decodeBase64(body.replaceAll(/\s+/g, ''))
  if (der === undefined) throw new JoseError('key_invalid', 'key: the body of the PEM block is not base64')
  return { label, der, rest: text.slice(end + label.length + 14).trim() }
}

/** What a text without a PEM block in front is; never the text itself. */
function describeText(text: string): string {
  if (text === '') return 'empty text: is the variable set?'
  if (/^[[{"]/.test(text)) return 'JSON text: parse it first'
  return /-----BEGIN [A-Z0-9 ]{1,40}-----/.test(text)
    ? 'one with text in front of it'
    : 'text in another form'
}

function notOneBlock(got: string): JoseError {
  return new JoseError('key_invalid', `key: expected one PEM block (-----BEGIN … KEY-----), got ${got}`)
}

/** RFC 1421 §4.6.1.1. The key of that encryption comes from MD5 of the passphrase, once. */
function encryptedBody(): JoseError {
  return new JoseError(
    'unsupported',
    'key: expected PEM without header lines, got a key as old openssl encrypts it (Proc-Type): openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem',
  )
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
