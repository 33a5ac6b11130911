/** A JWE whose shape and headers passed: what every serialization is read into. Nothing of it is authentic yet. */
import { encodeBase64url } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { encodeAscii } from '../encoding/utf8.ts'

/** One recipient: its whole header, and the content encryption key in the form that it can open. */
export interface ParsedRecipient {
  readonly header: JsonObject
  readonly encryptedKey: Uint8Array
}

export interface ParsedJwe {
  /** One at least; several in the general serialization alone. */
  readonly recipients: readonly ParsedRecipient[]
  /** What the tag covers beside the ciphertext (RFC 7516 §5.1 step 14). */
  readonly aad: Uint8Array
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

/** Characters of a JWE at most unless the caller says otherwise, checked before anything else looks at it. */
export const defaultMaxTokenLength = 65_536

/**
 * The additional authenticated data: the encoded protected header, and the encoded `aad` after a dot where there is one. An
 * empty one is none (RFC 7516 §5.1 step 14, §7.2.1).
 */
export function authenticatedData(protectedSegment: string, aad: Uint8Array = new Uint8Array()): Uint8Array {
  return encodeAscii(aad.length === 0 ? protectedSegment : `${protectedSegment}.${encodeBase64url(aad)}`)
}
