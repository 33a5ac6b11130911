/** The compact serialization of a JWS (RFC 7515 §7.1): `header.payload.signature`, each base64url. */
import { checkBase64url } from '../encoding/base64url.ts'
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
  readonly segments: CompactSegments
  readonly header: ProtectedHeader
}

/**
 * Headers that passed their checks, by their encoded text. An issuer's tokens share a handful of headers, and a header's
 * checks look at nothing but its text. Bounded; one of its own for each verifier.
 */
export interface HeaderMemory {
  /** The last one is compared first: hashing a text for a map costs more than comparing it. */
  lastText: string
  last: ProtectedHeader | undefined
  readonly others: Map<string, ProtectedHeader>
}

const rememberedHeaders = 16

/** An empty memory. */
export function createHeaderMemory(): HeaderMemory {
  return { lastText: '', last: undefined, others: new Map() }
}

/**
 * The first two checks on a token: shape, then header. The encoding of payload and signature is judged where they are
 * read, and a token that fails before is looked at for it too (`checkSegments`).
 *
 * @throws {JoseError} `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`
 */
export function parseCompact(token: unknown, memory: HeaderMemory): ParsedCompact {
  const segments = splitCompact(token)
  return { segments, header: readHeader(segments, memory) }
}

function readHeader(segments: CompactSegments, memory: HeaderMemory): ProtectedHeader {
  const text = segments.header
  if (memory.last !== undefined && memory.lastText === text) return memory.last
  let header = memory.others.get(text)
  if (header === undefined) {
    checkSegments(segments)
    header = parseProtectedHeader(text)
    // After the header, which says more about a token without a signature when it names "none".
    requireSignature(segments)
    if (memory.others.size >= rememberedHeaders) memory.others.clear()
    memory.others.set(text, header)
  }
  memory.lastText = text
  memory.last = header
  return header
}

/**
 * Checks the encoding of payload and signature without decoding them.
 *
 * @throws {JoseError} `malformed`
 */
export function checkSegments({ payload, signature }: CompactSegments): void {
  checkBase64url(signature, 'signature')
  checkBase64url(payload, 'payload')
}

/** RFC 7515 has no unsigned tokens but those of `none`. @throws {JoseError} `malformed` */
export function requireSignature({ signature }: CompactSegments): void {
  if (signature !== '') return
  throw new JoseError('malformed', 'token: expected a signature after the second dot, got none')
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
  const second = first < 1 ? -1 : token.indexOf('.', first + 1)
  if (second === -1 || token.indexOf('.', second + 1) !== -1) throw misshapen(token)
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
