/**
 * Looking inside a token without verifying it. What comes out is anybody's word: the signature was not checked. It is
 * handed out in a box that has to be opened on purpose, so that it cannot flow to code that wants verified claims.
 */
import { decodeBase64url, decodeBase64urlText } from './encoding/base64url.ts'
import { type JsonObject, parseJsonObject } from './encoding/json.ts'
import { malformed } from './encoding/malformed.ts'
import { JoseError } from './errors.ts'
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
  const [first = '', payload = '', signature, ...others] = token.split('.', 5)
  if (signature === undefined || others.length > 0) throw malformed('token', 'two dots', 'other text')
  const header = readHeader(first)
  checkLength(token, maximumLengthFor(header['alg']))
  const claims = parseJsonObject(decodeBase64urlText(payload, 'payload'), 'claims set')
  return { unverified: { header, claims, signature: decodeBase64url(signature, 'signature') } }
}

function checkLength({ length }: string, most: number): void {
  if (length > most)
    throw new JoseError('too_large', `token: expected at most ${most} characters, got ${length}`)
}

let lastText = ''
let lastHeader: JsonObject | undefined

/** The tokens that are looked into one after the other mostly share their header. */
function readHeader(text: string): JsonObject {
  if (lastHeader !== undefined && lastText === text) return lastHeader
  const header = parseJsonObject(decodeBase64urlText(text, 'protected header'), 'protected header')
  lastText = text
  lastHeader = header
  return header
}
