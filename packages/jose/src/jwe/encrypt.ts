/** The encryption engine (RFC 7516 §5.1), whatever the serialization. */
import type { Sealed } from '../crypto/aes-gcm.ts'
import { encryptContent } from '../crypto/content-cipher.ts'
import { deflate } from '../crypto/deflate.ts'
import { encodeBase64urlText } from '../encoding/base64url.ts'
import { copyBytes, isBytes } from '../encoding/bytes.ts'
import { type JsonObject, kindOf } from '../encoding/json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { ContentEncryptionRow } from '../jwa/encryption-algorithm.ts'
import type { EncryptionKey } from '../jwk/key.ts'
import { contentRowFor, type EncryptPlan } from './encrypt-options.ts'
import { managementOf } from './encryption-keys.ts'
import { type HeaderParts, isTextList, joinHeaders } from './header.ts'
import { provideContentKey } from './key-management.ts'
import { authenticatedData } from './parsed.ts'

/** Content to encrypt: octets, or text (its UTF-8). */
export type Plaintext = Uint8Array | string

/** Encrypted content. */
export interface SealedContent extends Sealed {
  readonly iv: Uint8Array
}

/** An encrypted message for one recipient. */
export interface SealedMessage extends SealedContent {
  readonly protectedSegment: string
  readonly encryptedKey: Uint8Array
}

/** What is beside the protected header: in the flattened serialization alone. */
export interface UnprotectedParts {
  readonly unprotectedHeader?: JsonObject
  readonly recipientHeader?: JsonObject
  readonly aad?: Uint8Array | undefined
}

/** The octets of a plaintext, copied. @throws {JoseError} `option_invalid` */
export function readPlaintext(plaintext: unknown, name: string, where: string): Uint8Array {
  if (typeof plaintext === 'string') return encodeUtf8(plaintext, name)
  const bytes = isBytes(plaintext) ? copyBytes(plaintext) : undefined
  if (bytes !== undefined) return bytes
  throw new JoseError('option_invalid', `${where}: ${name}: expected bytes or text, got ${kindOf(plaintext)}`)
}

/** Encrypts to one recipient, whose parameters go into the protected header. @throws {JoseError} `option_invalid`, `unsupported` */
export async function encryptToOne(
  plaintext: Uint8Array,
  key: EncryptionKey,
  { plan, where, ...parts }: { plan: EncryptPlan; where: string } & UnprotectedParts,
): Promise<SealedMessage> {
  const enc = contentRowFor(key, plan, where)
  const base = {
    ...keyHeader(key, plan.header, where),
    enc: enc.algorithm,
    ...zipHeader(plan),
    ...plan.header,
  }
  checkHeader({ ...parts, protectedHeader: base }, where)
  const { pbes2Iterations } = plan
  // `apu` and `apv` count wherever they stand.
  const header = { ...base, ...parts.unprotectedHeader, ...parts.recipientHeader }
  const { cek, encryptedKey, parameters } = await provideContentKey(key, {
    enc,
    header,
    cek: undefined,
    pbes2Iterations,
  })
  const protectedSegment = encodeHeader({ ...base, ...parameters })
  const aad = authenticatedData(protectedSegment, parts.aad)
  return { protectedSegment, encryptedKey, ...(await sealContent(plaintext, { enc, cek, aad }, plan)) }
}

/** Encrypts content under a key, with a fresh initialization vector. @throws {JoseError} `too_large`, `unsupported` */
export async function sealContent(
  plaintext: Uint8Array,
  { enc, cek, aad }: { enc: ContentEncryptionRow; cek: Uint8Array; aad: Uint8Array },
  { zip, maxPlaintextBytes }: EncryptPlan,
): Promise<SealedContent> {
  if (zip && plaintext.length > maxPlaintextBytes) {
    throw new JoseError(
      'too_large',
      `plaintext: expected at most ${maxPlaintextBytes} octets to compress, got ${plaintext.length}`,
    )
  }
  const iv = crypto.getRandomValues(new Uint8Array(enc.ivBytes))
  const content = zip ? await deflate(plaintext) : plaintext
  return { iv, ...(await encryptContent(enc.scheme, { key: cek, iv, aad }, content)) }
}

/** The encoded form of a protected header, which is never empty here: it holds `enc` at least. */
export function encodeHeader(header: JsonObject): string {
  return encodeBase64urlText(JSON.stringify(header), 'protected header')
}

/** `alg` and `kid` of a key. @throws {JoseError} `option_invalid` when the caller names another `kid` */
export function keyHeader(key: EncryptionKey, given: JsonObject, where: string): JsonObject {
  const { kid, algorithm } = key
  if (kid !== undefined && given['kid'] !== undefined && given['kid'] !== kid) {
    throw new JoseError(
      'option_invalid',
      `${where}: header "kid": expected the key's own, got another: leave it out`,
    )
  }
  return { alg: managementOf(algorithm), ...(kid === undefined ? {} : { kid }) }
}

/** `zip`, where the plan asks for it. */
export function zipHeader({ zip }: EncryptPlan): JsonObject {
  return zip ? { zip: 'DEF' } : {}
}

/** Holds a header against the rules of its readers. @throws {JoseError} `option_invalid` */
export function checkHeader(parts: HeaderParts, where: string): void {
  const crit = parts.protectedHeader['crit']
  try {
    joinHeaders(parts, new Set(isTextList(crit) ? crit : []))
  } catch (cause) {
    if (!isJoseError(cause)) throw cause
    throw new JoseError('option_invalid', `${where}: ${cause.message}`, { cause })
  }
}
