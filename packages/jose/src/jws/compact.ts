/** The compact serialization of a JWS (RFC 7515 §7.1): `header.payload.signature`, each base64url. */
import { decodeBase64url, isBase64url } from '../encoding/base64url.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import { parseProtectedHeader, type ProtectedHeader } from './header.ts'

/** Characters of a token at most, checked before anything else looks at it. */
export const maximumTokenLength = 16_384

/** The three segments of a token whose shape is right, still encoded. */
export interface CompactSegments {
  readonly header: string
  readonly payload: string
  readonly signature: string
  /** ASCII of header.payload (RFC 7515 §5.1 step 5). */
  readonly signingInput: string
}

/** A token whose shape and header passed; nothing of it is authentic yet. */
export interface ParsedCompact {
  readonly header: ProtectedHeader
  readonly signingInput: string
  readonly payload: string
  readonly signature: Uint8Array
}

/**
 * The first two checks on a token: shape, then header.
 *
 * @throws {JoseError} `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`
 */
export function parseCompact(token: unknown): ParsedCompact {
  const segments = splitCompact(token)
  const signature = decodeBase64url(segments.signature, 'signature')
  if (!isBase64url(segments.payload)) throw new JoseError('malformed', 'payload: not canonical base64url')
  const header = parseProtectedHeader(segments.header)
  if (signature.length === 0)
    throw new JoseError('malformed', 'token: expected a signature after the second dot, got none')
  return { header, signingInput: segments.signingInput, payload: segments.payload, signature }
}

/**
 * The segments of a token.
 *
 * @throws {JoseError} `malformed`, saying what it is that came, or `too_large`
 */
export function splitCompact(token: unknown): CompactSegments {
  if (typeof token !== 'string')
    throw new JoseError('malformed', `token: expected text, got ${kindOf(token)}`)
  if (token.length > maximumTokenLength) {
    throw new JoseError(
      'too_large',
      `token: expected at most ${maximumTokenLength} characters, got ${token.length}`,
    )
  }
  const first = token.indexOf('.')
  const second = first === -1 ? -1 : token.indexOf('.', first + 1)
  const third = second === -1 ? -1 : token.indexOf('.', second + 1)
  if (second === -1 || third !== -1 || first === 0 || /^\s|\s$|^Bearer /i.test(token)) throw misshapen(token)
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
    signingInput: token.slice(0, second),
  }
}

/** What came instead of a compact JWS, said as plainly as it can be told. */
function misshapen(token: string): JoseError {
  const dots = token.split('.', 7).length - 1
  const found =
    token === ''
      ? 'empty text'
      : /^\s|\s$/.test(token)
        ? 'text with white space around it: trim it where it is read'
        : /^Bearer /i.test(token)
          ? 'a header value: leave out the word Bearer'
          : token.startsWith('{')
            ? 'the JSON serialization: a JWT is always compact (RFC 7519 §3)'
            : dots === 4
              ? 'a JWE (encrypted, five parts)'
              : `${dots > 5 ? 'many' : dots} dots`
  return new JoseError('malformed', `token: expected header.payload.signature (two dots), got ${found}`)
}
