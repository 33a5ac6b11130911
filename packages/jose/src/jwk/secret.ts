/** Shared secrets (RFC 7518 §3.2, `kty: oct`). */
import { makeSecretMaterial } from '../crypto/hmac-material.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { decodeHex } from '../encoding/bytes.ts'
import { readMember } from '../encoding/foreign-value.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { HmacAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm } from '../jwa/signature-algorithms.ts'
import { type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { makeKey, type SecretKey } from './key.ts'
import { checkSecret, notSecret, readRawSecret } from './secret-octets.ts'

/** Where the bytes of a secret come from: text (its UTF-8), bytes, or text in a named encoding. */
export type SecretSource = string | Uint8Array | { readonly base64url: string } | { readonly hex: string }

export interface SecretOptions {
  /** Takes a secret that is too short for its algorithm, as in a tutorial. Default: false. */
  readonly allowWeakKey?: boolean
}

/**
 * A secret that signs and verifies with one HMAC algorithm.
 *
 * @param algorithm - `HS256`, `HS384` or `HS512`: at least 32, 48 or 64 octets (RFC 7518 §3.2)
 * @param source - text (taken as UTF-8, so that a missing environment variable is caught), bytes, `{ base64url }` or `{ hex }`
 * @throws {JoseError} `weak_key` when it is too short; `key_invalid` when it is missing, empty, or a public key, JWK or
 *   certificate in any dress; `option_invalid`
 */
export function secret<A extends HmacAlgorithm, const O extends SecretOptions = SecretOptions>(
  algorithm: A,
  source: SecretSource | undefined,
  options?: O & OnlyOptions<O, SecretOptions>,
): SecretKey<A> {
  const { allowWeakKey = false } = readOptions<SecretOptions>(options ?? {}, ['allowWeakKey'], 'secret')
  return makeSecret(algorithm, source, { allowWeakKey: readFlag(allowWeakKey, 'allowWeakKey', 'secret') })
}

/** `secret` without its options, and with a key ID. */
export function makeSecret<A extends HmacAlgorithm>(
  algorithm: A,
  source: unknown,
  { allowWeakKey, kid }: { allowWeakKey: boolean; kid?: string | undefined },
): SecretKey<A> {
  if (!isHmacAlgorithm(algorithm)) {
    throw new JoseError(
      'option_invalid',
      'secret: expected the algorithm HS256, HS384 or HS512, got another; encryption keys come from encryptionSecret, and public keys from importKey or generateKey',
    )
  }
  const octets = readSecret(source)
  const hash = checkSecret(algorithm, octets, allowWeakKey)
  const fields = { type: 'secret' as const, algorithm, ...(kid === undefined ? {} : { kid }) }
  return makeKey<SecretKey<A>>(fields, makeSecretMaterial(hash, octets))
}

/** The octets of a secret from wherever they come. @throws {JoseError} `key_invalid` when there are none */
export function readSecret(source: unknown): Uint8Array {
  const raw = readRawSecret(source)
  if (raw !== undefined) return raw
  if (kindOf(source) === 'an object') {
    const [base64url, hex] = [readMember(source, 'base64url'), readMember(source, 'hex')]
    if (typeof base64url === 'string' && hex === undefined) return readRawSecret(decodeText(base64url))!
    const bytes = typeof hex === 'string' && base64url === undefined ? decodeHex(hex) : undefined
    if (bytes !== undefined) return readRawSecret(bytes)!
  }
  if (source === undefined) throw notSecret('text, got undefined: is the variable set?')
  throw notSecret(`text, bytes, { base64url } or { hex }, got ${kindOf(source)}`)
}

function decodeText(text: string): Uint8Array {
  try {
    return decodeBase64url(text, 'secret')
  } catch (cause) {
    throw notSecret('canonical base64url, got other text', { cause })
  }
}
