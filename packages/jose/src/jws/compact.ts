/** The compact serialization of a JWS (RFC 7515 §7.1): `header.payload.signature`, each base64url. */
import { checkBase64url } from '../encoding/base64url.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { parseProtectedHeader, type ProtectedHeader } from './header.ts'

/** Characters of a token at most, checked before anything else looks at it. */
const maximumTokenLength = 16_384

/** The same for a token with a post-quantum signature, which alone takes up to 6170 characters (FIPS 204 §4). */
export const maximumLongTokenLength = 65_536

/** Characters that a token of this algorithm may have. */
export function maximumLengthFor(algorithm: unknown): number {
  return signatureRow(algorithm)?.scheme.kind === 'ml-dsa' ? maximumLongTokenLength : maximumTokenLength
}

/** Checks the length of a token whose algorithm is known by now. @throws {JoseError} `too_large` */
export function checkLength(length: number, most: number): void {
  if (length <= most) return
  throw new JoseError('too_large', `token: expected at most ${most} characters, got ${length}`)
}

/** A text of three segments with two dots between them; nothing is decoded yet. */
export interface CompactText {
  readonly text: string
  /** Where the dots are. */
  readonly firstDot: number
  readonly secondDot: number
}

/** A token whose shape and header passed; nothing of it is authentic yet. */
export interface ParsedCompact {
  readonly token: CompactText
  readonly header: ProtectedHeader
}

/** The encoded payload. */
export function payloadOf({ text, firstDot, secondDot }: CompactText): string {
  return text.slice(firstDot + 1, secondDot)
}

/** The encoded signature. */
export function signatureOf({ text, secondDot }: CompactText): string {
  return text.slice(secondDot + 1)
}

/**
 * Headers that passed their checks, by their encoded text. An issuer's tokens share a handful of headers, and a header's
 * checks look at nothing but its text. Bounded; one of its own for each verifier.
 */
export interface HeaderMemory {
  /** Characters of a token at most. */
  readonly maximumLength: number
  /** The last one is compared first: hashing a text for a map costs more than comparing it. */
  lastText: string
  last: ProtectedHeader | undefined
  readonly others: Map<string, ProtectedHeader>
}

const rememberedHeaders = 16

/** An empty memory, for tokens of these algorithms. */
export function createHeaderMemory(algorithms: Iterable<SignatureAlgorithm>): HeaderMemory {
  const maximumLength = Math.max(...Array.from(algorithms, maximumLengthFor))
  return { maximumLength, lastText: '', last: undefined, others: new Map() }
}

/**
 * The first two checks on a token: shape, then header. The encoding of payload and signature is judged where they are
 * read, and a token that fails before is looked at for it too (`checkEncoding`).
 *
 * @throws {JoseError} `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`
 */
export function parseCompact(value: unknown, memory: HeaderMemory): ParsedCompact {
  const token = splitCompact(value, memory.maximumLength)
  const header = readHeader(token, memory)
  if (token.text.length > maximumTokenLength) checkLongToken(token, header, memory)
  return { token, header }
}

function checkLongToken(token: CompactText, { alg }: ProtectedHeader, { maximumLength }: HeaderMemory): void {
  const most = Math.min(maximumLength, maximumLengthFor(alg))
  if (token.text.length <= most) return
  // As in front of a header that is seen for the first time, or the verdict would tell which tokens came before.
  checkEncoding(token)
  requireSignature(token)
  checkLength(token.text.length, most)
}

function readHeader(token: CompactText, memory: HeaderMemory): ProtectedHeader {
  const { lastText, last } = memory
  if (last !== undefined && lastText.length === token.firstDot && token.text.startsWith(lastText)) return last
  const text = token.text.slice(0, token.firstDot)
  let header = memory.others.get(text)
  if (header === undefined) {
    if (/^\s|\s$|^Bearer /i.test(token.text)) throw misshapen(token.text)
    checkEncoding(token)
    header = parseProtectedHeader(text)
    // After the header, which says more about a token without a signature when it names "none".
    requireSignature(token)
    if (memory.others.size >= rememberedHeaders) memory.others.clear()
    memory.others.set(text, header)
  }
  memory.lastText = text
  memory.last = header
  return header
}

/**
 * Checks the encoding of payload and signature.
 *
 * @throws {JoseError} `malformed`
 */
export function checkEncoding(token: CompactText): void {
  checkBase64url(signatureOf(token), 'signature')
  checkBase64url(payloadOf(token), 'payload')
}

/** RFC 7515 has no unsigned tokens but those of `none`. @throws {JoseError} `malformed` */
export function requireSignature(token: CompactText): void {
  if (token.secondDot + 1 < token.text.length) return
  throw new JoseError('malformed', 'token: expected a signature after the second dot, got none')
}

/**
 * Where the segments of a token are.
 *
 * @throws {JoseError} `malformed`, saying what it is that came, or `too_large`
 */
export function splitCompact(token: unknown, maximumLength: number): CompactText {
  if (typeof token !== 'string')
    throw new JoseError('malformed', `token: expected text, got ${kindOf(token)}`)
  checkLength(token.length, maximumLength)
  const firstDot = token.indexOf('.')
  const secondDot = firstDot < 1 ? -1 : token.indexOf('.', firstDot + 1)
  if (secondDot === -1 || token.indexOf('.', secondDot + 1) !== -1) throw misshapen(token)
  return { text: token, firstDot, secondDot }
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
