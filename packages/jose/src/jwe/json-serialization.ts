/** What the two JSON serializations of a JWE share (RFC 7516 §7.2). */
import { decodeBase64url } from '../encoding/base64url.ts'
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { parseJsonObject } from '../encoding/json-parser.ts'
import { JoseError } from '../errors.ts'
import type { DecryptPlan } from './decrypt-options.ts'
import type { Decrypted } from './decrypt.ts'
import { joinHeaders, parseHeaderSegment } from './header.ts'
import { authenticatedData, type ParsedJwe, type ParsedRecipient } from './parsed.ts'

/** What comes out of a JWE in JSON. */
export interface DecryptedJson {
  readonly plaintext: Uint8Array
  /** The parameters that the tag protects; empty where there are none. */
  readonly protectedHeader: JsonObject
  /** The other parameters that the recipient read, shared and its own. Anybody on the way could have changed them. */
  readonly unprotectedHeader: JsonObject
  /** The additional authenticated data, where there is any: protected, and readable by anybody. */
  readonly aad?: Uint8Array
}

/** Members that are not for one recipient. */
export interface SharedMembers {
  readonly protectedHeader: JsonObject
  readonly unprotectedHeader: JsonObject
  readonly aad: Uint8Array | undefined
  readonly content: Omit<ParsedJwe, 'recipients'>
}

/**
 * A JWE in JSON as an object read once: its text is parsed strictly, an object is written and parsed, so that getters,
 * prototypes and odd values are left behind.
 *
 * @throws {JoseError} `malformed`, `too_large`
 */
export function readJsonJwe(value: unknown, { maxTokenLength }: DecryptPlan): JsonObject {
  const text = typeof value === 'string' ? value : writeJson(value)
  if (text.length > maxTokenLength)
    throw new JoseError('too_large', `JWE: expected at most ${maxTokenLength} characters, got ${text.length}`)
  return parseJsonObject(text, 'JWE')
}

function writeJson(value: unknown): string {
  let text: unknown
  try {
    text = typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
  } catch {
    // A cycle, a bigint, or a getter that throws.
  }
  if (typeof text === 'string') return text
  throw new JoseError('malformed', `JWE: expected an object or its JSON text, got ${kindOf(value)}`)
}

/** The members that all recipients share. @throws {JoseError} `malformed` */
export function readShared(jwe: JsonObject): SharedMembers {
  const protectedSegment = textMember(jwe, 'protected')
  const aad = bytesMember(jwe, 'aad')
  const ciphertext = bytesMember(jwe, 'ciphertext', true)
  if (ciphertext === undefined) throw new JoseError('malformed', 'JWE: "ciphertext": expected text, got none')
  return {
    protectedHeader: protectedSegment === undefined ? {} : parseHeaderSegment(protectedSegment),
    unprotectedHeader: objectMember(jwe, 'unprotected'),
    aad,
    content: {
      aad: authenticatedData(protectedSegment ?? '', aad),
      iv: bytesMember(jwe, 'iv') ?? new Uint8Array(),
      ciphertext,
      tag: bytesMember(jwe, 'tag') ?? new Uint8Array(),
    },
  }
}

/** One recipient: the object that holds its `header` and `encrypted_key`. @throws {JoseError} `malformed`, `crit_unsupported` */
export function readRecipient(
  holder: JsonObject,
  { protectedHeader, unprotectedHeader }: SharedMembers,
  { understood }: DecryptPlan,
): ParsedRecipient {
  const recipientHeader = objectMember(holder, 'header')
  const header = joinHeaders({ protectedHeader, unprotectedHeader, recipientHeader }, understood)
  return { header, encryptedKey: bytesMember(holder, 'encrypted_key') ?? new Uint8Array() }
}

/** The result for a decrypted message. */
export function jsonResult(
  { plaintext, recipient }: Decrypted,
  { protectedHeader, aad }: SharedMembers,
): DecryptedJson {
  const others = Object.entries(recipient.header).filter(([name]) => !Object.hasOwn(protectedHeader, name))
  return {
    plaintext,
    protectedHeader,
    unprotectedHeader: Object.freeze(Object.fromEntries(others)),
    ...(aad === undefined ? {} : { aad }),
  }
}

/** RFC 7516 §7.2.1: every member but the ciphertext is absent rather than empty, so that there is one way to say so. */
function textMember(jwe: JsonObject, name: string, mayBeEmpty = false): string | undefined {
  const value = jwe[name]
  if (!Object.hasOwn(jwe, name)) return undefined
  if (typeof value !== 'string')
    throw new JoseError('malformed', `JWE: "${name}": expected text, got ${kindOf(value)}`)
  if (value === '' && !mayBeEmpty) throw emptyMember(name)
  return value
}

function bytesMember(jwe: JsonObject, name: string, mayBeEmpty = false): Uint8Array | undefined {
  const text = textMember(jwe, name, mayBeEmpty)
  return text === undefined ? undefined : decodeBase64url(text, `JWE: "${name}"`)
}

function objectMember(jwe: JsonObject, name: string): JsonObject {
  const value = jwe[name]
  if (!Object.hasOwn(jwe, name)) return {}
  if (!isObject(value))
    throw new JoseError('malformed', `JWE: "${name}": expected an object, got ${kindOf(value)}`)
  if (Object.keys(value).length === 0) throw emptyMember(name)
  return value as JsonObject
}

function emptyMember(name: string): JoseError {
  return new JoseError('malformed', `JWE: "${name}": leave it out when it is empty`)
}
