/**
 * Headers that were judged already, by their encoded text. An issuer's tokens share a handful of headers, and a header's
 * checks look at nothing but its text. Bounded; each verifier has one of its own.
 */
import { JoseError, Refusal } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { KeySelector } from '../jwk/key-set.ts'
import type { SecretVerification } from '../crypto/material.ts'
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
  /** The only one of them, where it is a secret: the shortest way to it is the way of nearly every token with a MAC. */
  secret: SecretCandidate | undefined
}

/** A secret that may be tried. */
export interface SecretCandidate extends Candidate {
  readonly material: SecretVerification
}

export interface HeaderMemory {
  /** Characters of a token at most. */
  readonly maximumLength: number
  /** The last one is compared first: hashing a text for a map costs more than comparing it. */
  last: KnownHeader | undefined
  readonly known: Map<string, KnownHeader>
  /** How many of them are kept. */
  readonly mostKnown: number
  /** Why others were refused, so that a flood of one bad header is not parsed again and again. */
  readonly refused: Map<string, JoseError>
}

/** Headers that are remembered: a key alone has a few, and those of a set have as many as it has keys with an ID. */
const mostHeaders = { ofKey: 16, ofSet: 128 } as const
/** Characters of a header that is remembered beside the last one. */
const longestRemembered = 512

/** An empty memory. */
export function createHeaderMemory(maximumLength: number, isOfSet: boolean): HeaderMemory {
  const mostKnown = isOfSet ? mostHeaders.ofSet : mostHeaders.ofKey
  return { maximumLength, mostKnown, last: undefined, known: new Map(), refused: new Map() }
}

/** The header of an encoded text, from memory or judged anew. */
export function readHeader(memory: HeaderMemory, text: string): KnownHeader | Refusal {
  const known = memory.known.get(text)
  if (known !== undefined) return known
  const refused = memory.refused.get(text)
  if (refused !== undefined) return new Refusal(refused.code, refused.message, { cause: refused.cause })
  try {
    const header = parseProtectedHeader(text)
    return makeKnownHeader(sharedText(text), header, header.kid)
  } catch (error) {
    if (error instanceof JoseError) remember(memory.refused, text, { value: error, most: mostHeaders.ofKey })
    return Refusal.of(error)
  }
}

let lastText = ''

/**
 * A header's text, as one text for all verifiers that met it one after the other: those of a thousand issuers then compare
 * it in no time. A copy, because a text that is part of a token keeps all of the token; base64url needs no escapes.
 */
function sharedText(text: string): string {
  if (text !== lastText) lastText = JSON.parse(`"${text}"`) as string
  return lastText
}

/** Keeps a header for the tokens to come. */
export function rememberHeader(memory: HeaderMemory, header: KnownHeader): void {
  remember(memory.known, header.text, { value: header, most: memory.mostKnown })
}

function remember<T>(map: Map<string, T>, text: string, { value, most }: { value: T; most: number }): void {
  if (text.length > longestRemembered) return
  if (map.size >= most && !map.has(text)) map.clear()
  map.set(text, value)
}

/** A header that passed its checks. */
export function makeKnownHeader(text: string, header: ProtectedHeader, kid: string | undefined): KnownHeader {
  // Without a prototype, so that a header without `kid` has none in the eyes of a key set either.
  const selector = Object.create(null) as { alg: SignatureAlgorithm; kid?: string }
  selector.alg = header.alg
  if (kid !== undefined) selector.kid = kid
  return { text, header, selector: Object.freeze(selector), candidates: undefined, secret: undefined }
}
