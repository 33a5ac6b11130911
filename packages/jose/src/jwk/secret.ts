/** Shared secrets (RFC 7518 §3.2, `kty: oct`). */
import { makeSecretMaterial } from '../crypto/hmac-material.ts'
import type { HmacAlgorithm } from '../jwa/algorithm.ts'
import { type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { makeKey, type SecretKey } from './key.ts'
import { checkSecret } from './secret-octets.ts'

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
  const { hash, octets } = checkSecret(algorithm, source, allowWeakKey)
  const fields = { type: 'secret' as const, algorithm, ...(kid === undefined ? {} : { kid }) }
  return makeKey<SecretKey<A>>(fields, makeSecretMaterial(hash, octets))
}
