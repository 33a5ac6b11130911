/** Shared secrets that encrypt: AES keys and passwords (`kty: oct`). */
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { PasswordAlgorithm, SecretEncryptionAlgorithm } from '../jwa/encryption-algorithm.ts'
import { encryptionKeyRow, type EncryptionKeyRow } from '../jwa/encryption-rows.ts'
import { type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { bindEncryptionSecret, type EncryptionSecret } from './encryption-key.ts'
import { looksLikeKey } from './key-like.ts'
import type { SecretKey } from './key.ts'
import { readSecret, type SecretOptions, type SecretSource } from './secret.ts'

/** Where a secret for encryption comes from: an AES key is never text, which is not random; a password is. */
export type EncryptionSecretSource<A> = A extends PasswordAlgorithm
  ? SecretSource
  : Exclude<SecretSource, string>

/**
 * A secret that encrypts and decrypts with one algorithm.
 *
 * @param algorithm - a content encryption such as `A256GCM` (the key is used directly: `alg` is `dir`), a key wrap such
 *   as `A256KW`, or a password's algorithm such as `PBES2-HS256+A128KW` (RFC 7518 §4)
 * @param source - AES: bytes, `{ base64url }` or `{ hex }` of exactly the size of the algorithm; a password: also text,
 *   of 16, 24 or 32 octets at least (RFC 7518 §8.8)
 * @throws {JoseError} `key_invalid` for another size, text in place of an AES key, nothing at all, or a key of another
 *   kind; `weak_key` for a short password or one byte repeated; `option_invalid`
 */
export function encryptionSecret<
  A extends SecretEncryptionAlgorithm,
  const O extends SecretOptions = SecretOptions,
>(
  algorithm: A,
  source: EncryptionSecretSource<NoInfer<A>> | undefined,
  options?: O & OnlyOptions<O, SecretOptions>,
): SecretKey<A> {
  const where = 'encryptionSecret'
  const { allowWeakKey = false } = readOptions<SecretOptions>(options ?? {}, ['allowWeakKey'], where)
  const row = encryptionKeyRow(algorithm)
  if (row?.management.kty[0] !== 'oct') {
    throw new JoseError(
      'option_invalid',
      `${where}: expected an algorithm of secrets such as A256GCM, A256KW or PBES2-HS256+A128KW, got another`,
    )
  }
  if (typeof source === 'string' && row.keyBytes !== undefined) {
    throw new JoseError(
      'key_invalid',
      `${where}: expected bytes, { base64url } or { hex } for ${algorithm}, got ${kindOf(source)}: a passphrase needs an algorithm of passwords, PBES2`,
    )
  }
  const checked = { allowWeakKey: readFlag(allowWeakKey, 'allowWeakKey', where) }
  return makeEncryptionSecret(row, readSecret(source), checked) as unknown as SecretKey<A>
}

/** `encryptionSecret` for a row and octets, and with a key ID. */
export function makeEncryptionSecret(
  row: EncryptionKeyRow,
  bytes: Uint8Array,
  { allowWeakKey, kid }: { allowWeakKey: boolean; kid?: string | undefined },
): EncryptionSecret {
  const found = looksLikeKey(bytes)
  if (found !== undefined)
    throw new JoseError('key_invalid', `secret: expected a secret, got ${found}: use importKey`)
  const { keyBytes, algorithm, management } = row
  if (keyBytes !== undefined && bytes.length !== keyBytes) {
    throw new JoseError(
      'key_invalid',
      `secret: expected exactly ${keyBytes} bytes for ${algorithm}, got ${bytes.length}`,
    )
  }
  if (!allowWeakKey) checkStrength(bytes, management.minimumKey ?? 0, algorithm)
  return bindEncryptionSecret(row, bytes, kid)
}

function checkStrength(bytes: Uint8Array, least: number, algorithm: string): void {
  const advice = '(or waive with allowWeakKey: true)'
  if (bytes.length < least) {
    throw new JoseError(
      'weak_key',
      `secret: expected a password of at least ${least} bytes for ${algorithm} (RFC 7518 §8.8), got ${bytes.length} ${advice}`,
    )
  }
  if (bytes.every((byte) => byte === bytes[0]))
    throw new JoseError('weak_key', `secret: expected random bytes, got one byte repeated ${advice}`)
}
