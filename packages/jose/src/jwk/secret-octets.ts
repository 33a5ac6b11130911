/** The octets of a secret, looked at before they are believed to be one (RFC 7518 §3.2). */
import type { HashName } from '../crypto/scheme.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { copyBytes, decodeHex, isBytes } from '../encoding/bytes.ts'
import { readMember } from '../encoding/foreign-value.ts'
import { kindOf } from '../encoding/json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import type { HmacAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm, requireRow } from '../jwa/signature-algorithms.ts'
import { looksLikeKey } from './key-like.ts'

/** The octets of a secret for an algorithm, and the hash of that. @throws {JoseError} as `secret` */
export function checkSecret(
  algorithm: HmacAlgorithm,
  source: unknown,
  allowWeakKey: boolean,
): { readonly hash: HashName; readonly octets: Uint8Array } {
  if (!isHmacAlgorithm(algorithm)) {
    throw new JoseError(
      'option_invalid',
      'secret: expected the algorithm HS256, HS384 or HS512, got another; encryption keys come from encryptionSecret, and public keys from importKey or generateKey',
    )
  }
  const octets = readSecret(source)
  const found = looksLikeKey(octets)
  if (found !== undefined) {
    throw new JoseError(
      'key_invalid',
      `secret: expected a secret, got ${found}: use importKey, which binds it to its own algorithm`,
    )
  }
  if (!allowWeakKey) checkStrength(octets, algorithm)
  return { hash: (requireRow(algorithm).scheme as { hash: HashName }).hash, octets }
}

/** The octets of a secret from wherever they come. @throws {JoseError} `key_invalid` when there are none */
export function readSecret(source: unknown): Uint8Array {
  const bytes = secretBytes(source)
  if (bytes.length === 0)
    throw new JoseError('key_invalid', 'secret: expected a secret, got an empty one: is the variable set?')
  return bytes
}

function secretBytes(source: unknown): Uint8Array {
  if (typeof source === 'string') return encodeUtf8(source, 'secret')
  if (isBytes(source)) return copyOf(source)
  if (kindOf(source) === 'an object') {
    const [base64url, hex] = [readMember(source, 'base64url'), readMember(source, 'hex')]
    if (typeof base64url === 'string' && hex === undefined) return decodeText(base64url)
    const bytes = typeof hex === 'string' && base64url === undefined ? decodeHex(hex) : undefined
    if (bytes !== undefined) return bytes
  }
  if (source === undefined)
    throw new JoseError('key_invalid', 'secret: expected text, got undefined: is the variable set?')
  throw new JoseError(
    'key_invalid',
    `secret: expected text, bytes, { base64url } or { hex }, got ${kindOf(source)}`,
  )
}

function copyOf(source: Uint8Array): Uint8Array {
  const bytes = copyBytes(source)
  if (bytes !== undefined) return bytes
  throw new JoseError('key_invalid', 'secret: expected bytes, got a view whose buffer is gone')
}

function decodeText(text: string): Uint8Array {
  try {
    return decodeBase64url(text, 'secret')
  } catch (cause) {
    throw new JoseError('key_invalid', 'secret: { base64url } is not canonical base64url', { cause })
  }
}

function checkStrength(bytes: Uint8Array, algorithm: HmacAlgorithm): void {
  const least = requireRow(algorithm).minimumKey!
  const advice = `Make one with: npx tessera keygen ${algorithm} (or waive with allowWeakKey: true)`
  if (bytes.length < least) {
    throw new JoseError(
      'weak_key',
      `secret: expected at least ${least} bytes for ${algorithm} (RFC 7518 §3.2), got ${bytes.length}: a shorter one can be guessed from any token. ${advice}`,
    )
  }
  if (bytes.every((byte) => byte === bytes[0])) {
    throw new JoseError('weak_key', `secret: expected random bytes, got one byte repeated. ${advice}`)
  }
}
