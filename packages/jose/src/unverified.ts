/**
 * Looking inside a token without verifying it. What comes out is anybody's word: the signature was not checked. It is
 * handed out in a box that has to be opened on purpose, so that it cannot flow to code that wants verified claims.
 */
import { parseHeader, parseParts, splitSegments } from './crypto/encoded-object.ts'
import type { JsonObject } from './encoding/json.ts'
import { malformed } from './encoding/malformed.ts'
import { maximumLengthFor, maximumLongTokenLength } from './jwa/token-length.ts'

/** The parts of a token that nobody has verified. */
export interface UnverifiedToken {
  /** The protected header as parsed; its algorithm and types were not judged. */
  readonly header: JsonObject
  /** The claims set as parsed. */
  readonly claims: JsonObject
  /** The octets of the signature. */
  readonly signature: Uint8Array
}

/** The box around unverified parts. */
export interface Unverified {
  readonly unverified: UnverifiedToken
}

/**
 * What a token says, without any proof that it is true.
 *
 * @throws {JoseError} `malformed` for what is not a compact JWS of two JSON objects, `too_large`
 */
export function decodeUnverified(token: string): Unverified {
  if (typeof token !== 'string') throw malformed('token', 'text')
  checkLength(token, maximumLongTokenLength)
  const parts = splitSegments(token)
  if (parts.length !== 3) throw malformed('token', 'two dots')
  const header = parseHeader(parts[0]!)
  checkLength(token, maximumLengthFor(header['alg']))
  return { unverified: parseParts(token, parts, header) }
}

function checkLength({ length }: string, most: number): void {
  if (length > most) throw malformed('token', `at most ${most} characters`, length, 'too_large')
}
