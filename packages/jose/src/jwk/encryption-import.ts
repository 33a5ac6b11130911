/** Keys for encryption from outside: the part of `importKey` that signatures have no use for. */
import { JoseError } from '../errors.ts'
import { encryptionAlgorithmsFor, encryptionKeyRow, type EncryptionKeyRow } from '../jwa/encryption-rows.ts'
import { keyManagementRow, whyNoKeyManagement } from '../jwa/key-management-algorithms.ts'
import { makeEncryptionPrivateKey, makeEncryptionPublicKey } from './encryption-key.ts'
import { makeEncryptionSecret } from './encryption-secret.ts'
import { checkUse, type Jwk, member } from './jwk.ts'
import type { DecryptionKey, EncryptionKey } from './key.ts'

/** The options of `importKey` that bear on keys for encryption, already read. */
export interface EncryptionImportOptions {
  readonly algorithm?: string
  readonly type?: string
  readonly extractable?: boolean
  readonly allowWeakKey?: boolean
}

/** Whether the option, or else the key itself, says that a JWK is for encryption. */
export function isEncryptionJwk(jwk: Jwk, algorithm: string | undefined): boolean {
  if (algorithm !== undefined) return encryptionKeyRow(algorithm) !== undefined
  if (jwk.alg === undefined) return jwk.use === 'enc' || jwk.crv === 'X25519' || jwk.crv === 'X448'
  return (
    encryptionKeyRow(jwk.alg) !== undefined || keyManagementRow(jwk.alg) !== undefined || jwk.alg === 'RSA1_5'
  )
}

/**
 * The key of a JWK for encryption.
 *
 * @throws {JoseError} as `importKey`
 */
export async function importEncryptionJwk(
  jwk: Jwk,
  options: EncryptionImportOptions,
): Promise<EncryptionKey | DecryptionKey> {
  const row = chooseEncryptionRow(jwk, options)
  checkEncryptionUse(jwk, row)
  const { allowWeakKey = false, extractable = false } = options
  if (row.management.kty[0] === 'oct') {
    if (jwk.kty !== 'oct')
      throw new JoseError('key_invalid', `JWK "kty": expected oct for ${row.algorithm}, got another key type`)
    return makeEncryptionSecret(row, member(jwk, 'k'), { allowWeakKey, kid: jwk.kid })
  }
  return jwk.d === undefined
    ? makeEncryptionPublicKey(jwk, row)
    : makeEncryptionPrivateKey(jwk, row, extractable)
}

function chooseEncryptionRow(jwk: Jwk, { algorithm, type }: EncryptionImportOptions): EncryptionKeyRow {
  // A key used directly may say `dir`, which leaves open what it encrypts with.
  const named = jwk.alg === 'dir' ? undefined : jwk.alg
  const own = encryptionKeyRow(named)
  if (named !== undefined && own === undefined)
    throw new JoseError('unsupported', `JWK "alg": ${whyNoKeyManagement(named)}`)
  if (own !== undefined && algorithm !== undefined && own.algorithm !== algorithm) {
    throw new JoseError(
      'key_invalid',
      `importKey: the key says it is for ${own.algorithm}, the option says ${algorithm}`,
    )
  }
  const wanted = encryptionKeyRow(algorithm)
  // The type of the result speaks of signatures unless the algorithm is named.
  if (wanted === undefined && type !== undefined) {
    throw new JoseError(
      'option_invalid',
      `importKey: expected a key for signatures, got one for encryption: name its algorithm in the option "algorithm"`,
    )
  }
  return wanted ?? own ?? refuseToGuess(jwk.kty)
}

function refuseToGuess(kty: string): never {
  const names = encryptionAlgorithmsFor(kty).join(', ')
  throw new JoseError(
    'option_invalid',
    `importKey: this key could be for ${names || 'no algorithm of this version'}: name one in the option "algorithm"`,
  )
}

/** RFC 7517 §4.2, §4.3, and the operations that WebCrypto writes for each kind of key. */
export function checkEncryptionUse(jwk: Jwk, { management: { scheme } }: EncryptionKeyRow): void {
  const isPublicAgreement = scheme.kind === 'ecdh' && jwk.d === undefined
  // WebCrypto gives the public half of an agreement no operations at all.
  const { key_ops: operations, ...rest } = jwk
  checkUse(isPublicAgreement && operations?.length === 0 ? rest : jwk, usesOf(jwk, scheme.kind), 'enc')
}

function usesOf(jwk: Jwk, kind: string): readonly string[] {
  if (kind === 'ecdh' || kind === 'pbes2') return ['deriveKey', 'deriveBits']
  if (kind === 'rsa-oaep') return jwk.d === undefined ? ['encrypt', 'wrapKey'] : ['decrypt', 'unwrapKey']
  if (kind === 'aes-kw') return ['wrapKey', 'unwrapKey']
  return kind === 'direct' ? ['encrypt', 'decrypt'] : ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
}
