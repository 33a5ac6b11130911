/**
 * Headers that were judged already, by their encoded text. An issuer's tokens share a handful of headers, and a header's
 * checks look at nothing but its text. Bounded; each verifier has one of its own.
 */
import { JoseError, Refusal } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { KeySelector } from '../jwk/key-set.ts'
import type { Candidate } from './candidates.ts'
import { parseProtectedHeader, type ProtectedHeader } from './header.ts'

/** A header that passed its checks, and what follows from it alone. */
export interface KnownHeader {
  /** As it stands in the token. */
  readonly text: string
  readonly header: ProtectedHeader
  /** What a key set is asked with. */
  readonly selector: KeySelector
  /** The keys to try, once they are known and where they cannot change. */
  candidates: readonly Candidate[] | undefined
}

export interface HeaderMemory {
  /** Characters of a token at most. */
  readonly maximumLength: number
  /** The last one is compared first: hashing a text for a map costs more than comparing it. */
  last: KnownHeader | undefined
  readonly known: Map<string, KnownHeader>
  /** Why others were refused, so that a flood of one bad header is not parsed again and again. */
  readonly refused: Map<string, JoseError>
}

const rememberedHeaders = 16
/** Characters of a refused header that is remembered. */
const longestRefused = 512

/** An empty memory. */
export function createHeaderMemory(maximumLength: number): HeaderMemory {
  return { maximumLength, last: undefined, known: new Map(), refused: new Map() }
}

/** The header of an encoded text, from memory or judged anew. */
export function readHeader(memory: HeaderMemory, text: string): KnownHeader | Refusal {
  const known = memory.known.get(text)
  if (known !== undefined) return known
  const refused = memory.refused.get(text)
  if (refused !== undefined) return new Refusal(refused.code, refused.message, { cause: refused.cause })
  try {
    const header = parseProtectedHeader(text)
    return makeKnownHeader(text, header, header.kid)
  } catch (error) {
    if (text.length <= longestRefused && error instanceof JoseError) remember(memory.refused, text, error)
    return Refusal.of(error)
  }
}

/** Keeps a header for the tokens to come. */
export function rememberHeader(memory: HeaderMemory, header: KnownHeader): void {
  remember(memory.known, header.text, header)
}

function remember<T>(map: Map<string, T>, text: string, value: T): void {
  if (map.size >= rememberedHeaders && !map.has(text)) map.clear()
  map.set(text, value)
}

/** A header that passed its checks. */
export function makeKnownHeader(text: string, header: ProtectedHeader, kid: string | undefined): KnownHeader {
  // Without a prototype, so that a header without `kid` has none in the eyes of a key set either.
  const selector = Object.create(null) as { alg: SignatureAlgorithm; kid?: string }
  selector.alg = header.alg
  if (kid !== undefined) selector.kid = kid
  return { text, header, selector: Object.freeze(selector), candidates: undefined }
}
