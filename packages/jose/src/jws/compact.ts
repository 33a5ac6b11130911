/** The compact serialization of a JWS (RFC 7515 §7.1): `header.payload.signature`, each base64url. */
import { base64urlFault } from '../encoding/base64url.ts'
import { kindOf } from '../encoding/json.ts'
import { orThrow, Refusal } from '../errors.ts'
import { maximumLengthFor, maximumTokenLength } from '../jwa/token-length.ts'
import { type HeaderMemory, type KnownHeader, readHeader, rememberHeader } from './header-memory.ts'

/** Checks the length of a token whose algorithm is known by now. @throws {JoseError} `too_large` */
export function checkLength(length: number, most: number): void {
  if (length > most) throw lengthFault(length, most).error
}

function lengthFault(length: number, most: number): Refusal {
  return new Refusal('too_large', `token: expected at most ${most} characters, got ${length}`)
}

/** A text of three segments with two dots between them; nothing is decoded yet. */
export interface CompactText {
  readonly text: string
  /** Where the dots are. */
  readonly firstDot: number
  readonly secondDot: number
}

/** A token whose shape and header passed; nothing of it is authentic yet. */
export interface ParsedCompact extends CompactText {
  readonly known: KnownHeader
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
 * The first two checks on a token: shape, then header. The encoding of payload and signature is judged where they are
 * read, and a token that fails before is looked at for it too (`restFault`): the verdict never tells which tokens came
 * before.
 */
export function parseCompact(value: unknown, memory: HeaderMemory): ParsedCompact | Refusal {
  const token = readCompact(value, memory.maximumLength)
  if (token instanceof Refusal) return token
  const { text, firstDot, secondDot } = token
  const encoded = text.slice(0, firstDot)
  let known: KnownHeader | Refusal | undefined = memory.last
  // Not `startsWith`, which compares a text that is part of another one by one character at a time: 190 ns.
  if (known === undefined || known.text !== encoded) {
    known = readOtherHeader(token, encoded, memory)
    if (known instanceof Refusal) return known
    memory.last = known
  }
  if (text.length > maximumTokenLength) {
    const fault = longTokenFault(token, known, memory)
    if (fault !== undefined) return fault
  }
  return { text, firstDot, secondDot, known }
}

function readOtherHeader(token: CompactText, encoded: string, memory: HeaderMemory): KnownHeader | Refusal {
  const known = memory.known.get(encoded)
  if (known !== undefined) return known
  const fault = encodingFault(token)
  if (fault !== undefined) return fault
  const header = readHeader(memory, encoded)
  if (header instanceof Refusal) return header
  // After the header, which says more about a token without a signature when it names "none".
  const unsigned = signatureFault(token)
  if (unsigned !== undefined) return unsigned
  rememberHeader(memory, header)
  return header
}

/** Once the algorithm is known: only ML-DSA has tokens this long. */
function longTokenFault(
  token: CompactText,
  { header }: KnownHeader,
  { maximumLength }: HeaderMemory,
): Refusal | undefined {
  const most = Math.min(maximumLength, maximumLengthFor(header.alg))
  return token.text.length <= most ? undefined : (restFault(token) ?? lengthFault(token.text.length, most))
}

/** What is wrong with a token behind its header, of which nothing was looked at yet. */
export function restFault(token: CompactText): Refusal | undefined {
  return encodingFault(token) ?? signatureFault(token)
}

function encodingFault(token: CompactText): Refusal | undefined {
  if (/^\s|\s$|^Bearer /i.test(token.text)) return misshapen(token.text)
  return base64urlFault(signatureOf(token), 'signature') ?? base64urlFault(payloadOf(token), 'payload')
}

/** RFC 7515 has no unsigned tokens but those of `none`. */
export function signatureFault(token: CompactText): Refusal | undefined {
  if (token.secondDot + 1 < token.text.length) return undefined
  return new Refusal('malformed', 'token: expected a signature, got none')
}

/** Where the segments of a token are. */
function readCompact(token: unknown, maximumLength: number): CompactText | Refusal {
  if (typeof token !== 'string') return new Refusal('malformed', `token: expected text, got ${kindOf(token)}`)
  if (token.length > maximumLength) return lengthFault(token.length, maximumLength)
  const firstDot = token.indexOf('.')
  const secondDot = firstDot < 1 ? -1 : token.indexOf('.', firstDot + 1)
  if (secondDot === -1 || token.indexOf('.', secondDot + 1) !== -1) return misshapen(token)
  return { text: token, firstDot, secondDot }
}

/** Where the segments of a token are. @throws {JoseError} `malformed`, saying what it is that came, or `too_large` */
export function splitCompact(token: unknown, maximumLength: number): CompactText {
  return orThrow(readCompact(token, maximumLength))
}

/** What came instead of a compact JWS, said as plainly as it can be told. */
function misshapen(token: string): Refusal {
  const dots = token.split('.', 7).length - 1
  const found =
    token === ''
      ? 'empty text'
      : /^\s|\s$/.test(token)
        ? 'text with white space around it'
        : /^Bearer /i.test(token)
          ? 'text with Bearer before it'
          : token.startsWith('{')
            ? 'the JSON serialization'
            : dots === 4
              ? 'a JWE'
              : `${dots > 5 ? 'many' : dots} dots`
  return new Refusal('malformed', `token: expected header.payload.signature (two dots), got ${found}`)
}
