/** What the two JSON serializations of a JWS share (RFC 7515 §7.2). */
import { decodeBase64url } from '../encoding/base64url.ts'
import { concatBytes } from '../encoding/bytes.ts'
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { parseJsonObject } from '../encoding/json-parser.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { isJoseError, JoseError, orThrow } from '../errors.ts'
import type { VerificationKey } from '../jwk/key.ts'
import { maximumLengthFor } from '../jwa/token-length.ts'
import { checkLength } from './compact.ts'
import { bytesForm, type SignedBytes } from './compact-jws.ts'
import { makeKnownHeader } from './header-memory.ts'
import { checkHeader, checkUnprotected, decodeHeader, type ProtectedHeader } from './header.ts'
import type { VerifyJwsPlan } from './jws-options.ts'
import { type ReadPayload, readPayload } from './payload.ts'
import { verifySignature } from './verify.ts'

/** One signature of a JWS in JSON, whose shape and headers passed. */
export interface ParsedSignature {
  readonly encodedHeader: string
  readonly protectedHeader: JsonObject
  readonly unprotectedHeader: JsonObject
  readonly signature: Uint8Array
  /** Why it cannot count whatever the keys say: its algorithm, or an extension that must be understood and is not. */
  readonly fault: JoseError | undefined
}

/** The members of a JWS in JSON, and how long its text is. */
interface ReadJws {
  readonly members: JsonObject
  readonly length: number
}

/**
 * A JWS in JSON as an object read once: its text is parsed strictly, an object is written and parsed, so that getters,
 * prototypes and odd values are left behind.
 *
 * @throws {JoseError} `malformed`, `too_large`
 */
export function readJsonJws(value: unknown, { keys, maxTokenLength }: VerifyJwsPlan): ReadJws {
  const text = typeof value === 'string' ? value : writeJson(value)
  checkLength(text.length, maxTokenLength ?? keys.headers.maximumLength)
  return { members: parseJsonObject(text, 'JWS'), length: text.length }
}

function writeJson(value: unknown): string {
  let text: unknown
  try {
    text = typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
  } catch {
    // A cycle, a bigint, or a getter that throws.
  }
  if (typeof text === 'string') return text
  throw new JoseError('malformed', `JWS: expected an object or its JSON text, got ${kindOf(value)}`)
}

/**
 * One signature: the object that holds `protected`, `header` and `signature`.
 *
 * @throws {JoseError} `malformed`, `too_large`
 */
export function parseSignature(holder: JsonObject, { rules }: VerifyJwsPlan): ParsedSignature {
  const encodedHeader = textMember(holder, 'protected') ?? ''
  const signature = decodeBase64url(textMember(holder, 'signature') ?? '', 'signature')
  if (signature.length === 0)
    throw new JoseError('malformed', 'JWS: "signature": expected a signature, got none')
  const protectedHeader =
    encodedHeader === '' ? (Object.create(null) as JsonObject) : decodeHeader(encodedHeader)
  const unprotectedHeader = objectMember(holder, 'header')
  const fault = headerFault(protectedHeader, unprotectedHeader, rules)
  checkUnprotected(unprotectedHeader, protectedHeader)
  return {
    encodedHeader,
    protectedHeader: Object.freeze(protectedHeader),
    unprotectedHeader: Object.freeze(unprotectedHeader),
    signature,
    fault,
  }
}

function headerFault(
  protectedHeader: JsonObject,
  unprotectedHeader: JsonObject,
  rules: VerifyJwsPlan['rules'],
): JoseError | undefined {
  // RFC 7515 allows it, and whoever relays the JWS could then choose the algorithm (GHSA-jc38-x7x8-2xc8).
  if (!Object.hasOwn(protectedHeader, 'alg') && Object.hasOwn(unprotectedHeader, 'alg'))
    return new JoseError('malformed', 'JWS: expected "alg" in the protected header, got it in the other')
  try {
    checkHeader(protectedHeader, rules)
    return undefined
  } catch (error) {
    if (isJoseError(error) && error.code !== 'malformed') return error
    throw error
  }
}

/** Whether a signature is over the payload in base64url. RFC 7797 §3: it is so for all signatures of a JWS, or for none. */
export function isEncodedFor(signatures: readonly ParsedSignature[]): boolean {
  const first = signatures[0]?.protectedHeader['b64'] !== false
  for (const { protectedHeader } of signatures) {
    if ((protectedHeader['b64'] !== false) === first) continue
    throw new JoseError('malformed', 'JWS: expected one "b64" for all signatures (RFC 7797 §3), got several')
  }
  return first
}

/** The payload that all signatures share. @throws {JoseError} `malformed` */
export function payloadOfJson(jws: JsonObject, plan: VerifyJwsPlan, isEncoded: boolean): ReadPayload {
  const inside = textMember(jws, 'payload', true)
  return readPayload({ inside, detached: plan.detached, isEncoded, isCompact: false })
}

/** The key under which a signature is good. @throws {JoseError} as `verifySignature`, or the fault of its header */
export async function verifyParsed(
  parsed: ParsedSignature,
  payload: ReadPayload,
  { keys }: VerifyJwsPlan,
): Promise<VerificationKey> {
  if (parsed.fault !== undefined) throw parsed.fault
  const header = parsed.protectedHeader as ProtectedHeader
  const kid = (header.kid ?? parsed.unprotectedHeader['kid']) as string | undefined
  const input = concatBytes([encodeAscii(`${parsed.encodedHeader}.`), payload.signed])
  const signed: SignedBytes = { input, signature: parsed.signature }
  const known = makeKnownHeader(parsed.encodedHeader, header, kid)
  return orThrow(await verifySignature({ known, form: bytesForm, signed }, keys)).key
}

/** Once the algorithms are known: 64 KiB are for ML-DSA alone. @throws {JoseError} `too_large` */
export function checkJsonLength(
  length: number,
  signatures: readonly ParsedSignature[],
  { maxTokenLength }: VerifyJwsPlan,
): void {
  if (maxTokenLength !== undefined) return
  const lengths = signatures.map(({ protectedHeader }) => maximumLengthFor(protectedHeader['alg']))
  checkLength(length, Math.max(...lengths))
}

function textMember(holder: JsonObject, name: string, mayBeEmpty = false): string | undefined {
  if (!Object.hasOwn(holder, name)) return undefined
  const value = holder[name]
  if (typeof value === 'string' && (value !== '' || mayBeEmpty)) return value
  throw new JoseError('malformed', `JWS: "${name}": expected text, got ${kindOf(value)}`)
}

function objectMember(holder: JsonObject, name: string): JsonObject {
  const object = Object.create(null) as { [parameter: string]: unknown }
  if (!Object.hasOwn(holder, name)) return object
  const value = holder[name]
  if (isObject(value)) {
    // RFC 7515 §7.2.1: the member is absent rather than empty.
    if (Object.keys(value).length > 0) return Object.assign(object, value)
    throw new JoseError('malformed', `JWS: "${name}": leave it out when it is empty`)
  }
  throw new JoseError('malformed', `JWS: "${name}": expected an object, got ${kindOf(value)}`)
}
