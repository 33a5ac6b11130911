/** Keys for encryption from outside: the part of `importKey` that signatures have no use for. */
import { encryptionDerToJwk } from '../crypto/encryption-material.ts'
import type { AgreementCurve, AsymmetricKeyScheme } from '../crypto/cipher-scheme.ts'
import type { DerKeyInfo } from '../encoding/der.ts'
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

interface DerKind {
  readonly kty: string
  readonly crv?: AgreementCurve
}

const derKinds: ReadonlyMap<string, DerKind> = new Map<string, DerKind>([
  ['1.2.840.113549.1.1.1', { kty: 'RSA' }],
  ['1.3.101.110', { kty: 'OKP', crv: 'X25519' }],
  ['1.3.101.111', { kty: 'OKP', crv: 'X448' }],
  ['1.2.840.10045.3.1.7', { kty: 'EC', crv: 'P-256' }],
  ['1.3.132.0.34', { kty: 'EC', crv: 'P-384' }],
  ['1.3.132.0.35', { kty: 'EC', crv: 'P-521' }],
])

/** Whether the option, or else the key's own kind, says that a DER key is for encryption. */
export function isEncryptionDer(info: DerKeyInfo, algorithm: string | undefined): boolean {
  if (algorithm !== undefined) return encryptionKeyRow(algorithm) !== undefined
  return info.algorithm === '1.3.101.110' || info.algorithm === '1.3.101.111'
}

/**
 * The JWK of a DER key for encryption, without `alg`.
 *
 * @throws {JoseError} `key_invalid`, `unsupported` for a curve of no algorithm, `option_invalid` without an algorithm
 */
export async function readEncryptionDer(
  info: DerKeyInfo,
  der: Uint8Array,
  algorithm: string | undefined,
): Promise<Jwk> {
  const kind = derKinds.get(info.algorithm) ?? derKinds.get(info.curve ?? '')
  if (kind === undefined)
    throw new JoseError(
      'unsupported',
      'importKey: no encryption of this version has keys of this type and curve',
    )
  const row = encryptionKeyRow(algorithm) ?? refuseToGuess(kind.kty)
  const scheme = derScheme(kind, row)
  try {
    const { kty, crv, n, e, d, p, q, dp, dq, qi, x, y } = await encryptionDerToJwk(info.form, der, scheme)
    const members = { kty, crv, n, e, d, p, q, dp, dq, qi, x, y }
    return Object.fromEntries(
      Object.entries(members).filter(([, value]) => value !== undefined),
    ) as unknown as Jwk
  } catch (cause) {
    if (cause instanceof JoseError) throw cause
    throw new JoseError('key_invalid', 'importKey: the runtime cannot read this key', { cause })
  }
}

function derScheme({ kty, crv }: DerKind, { algorithm, management }: EncryptionKeyRow): AsymmetricKeyScheme {
  const { scheme } = management
  if (kty === 'RSA' && scheme.kind === 'rsa-oaep') return scheme
  if (crv !== undefined && scheme.kind === 'ecdh') return { kind: 'ecdh', curve: crv }
  throw new JoseError(
    'key_invalid',
    `importKey: expected a key of type ${management.kty.join(' or ')} for ${algorithm}, got ${kty}`,
  )
}
