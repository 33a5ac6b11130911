/** Keys from outside: JWK, SPKI and PKCS #8 (PEM text or DER bytes). */
import { derToJwk } from '../crypto/asymmetric-key.ts'
import type { AsymmetricScheme } from '../crypto/scheme.ts'
import { copyBytes, isBytes } from '../encoding/bytes.ts'
import { readDerKeyInfo } from '../encoding/der.ts'
import { kindOf } from '../encoding/json.ts'
import { parsePem } from '../encoding/pem.ts'
import { JoseError } from '../errors.ts'
import type {
  AsymmetricAlgorithm,
  HmacAlgorithm,
  SignatureAlgorithm,
  SignatureRow,
} from '../jwa/algorithm.ts'
import { readsAlgorithm, rowsForKey, signatureRow } from '../jwa/signature-algorithms.ts'
import type {
  EncryptionAlgorithm,
  PublicKeyManagementAlgorithm,
  SecretEncryptionAlgorithm,
} from '../jwa/encryption-algorithm.ts'
import { encryptionKeyRow } from '../jwa/encryption-rows.ts'
import {
  importEncryptionJwk,
  isEncryptionDer,
  isEncryptionJwk,
  readEncryptionDer,
} from './encryption-import.ts'
import { checkUse, isPrivateJwk, type Jwk, member, parseJwk } from './jwk.ts'
import type { Key, PrivateKey, PublicKey, SecretKey, SignatureKey } from './key.ts'
import { makePrivateKey, makePublicKey } from './material.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { makeSecret } from './secret.ts'

/** A key from outside: a JWK, PEM text, or DER bytes. */
export type KeySource = Jwk | string | Uint8Array

export interface ImportKeyOptions {
  /** The one algorithm of the key. Needed where the key does not say it (RSA in PEM); must agree where it does. */
  readonly algorithm?: SignatureAlgorithm | EncryptionAlgorithm
  /** What the key must be; it shapes the type of the result. Default: whatever the source holds. */
  readonly type?: 'secret' | 'public' | 'private'
  /** Whether `exportJwk` and `exportPem` may give the private members out again. Default: false. */
  readonly extractable?: boolean
  /** Takes an HMAC key that is too short for its algorithm. Default: false. */
  readonly allowWeakKey?: boolean
}

/** The type of an imported key, as far as the options say it. */
export type ImportedKey<O extends ImportKeyOptions> = O extends { type: 'private' }
  ? PrivateKey<AsymmetricOf<O>>
  : O extends { type: 'public' }
    ? PublicKey<AsymmetricOf<O>>
    : O extends { type: 'secret' }
      ? SecretKey<SecretAlgorithmOf<O>>
      : O extends { algorithm: infer A extends SecretEncryptionAlgorithm }
        ? SecretKey<A>
        : O extends { algorithm: infer A extends PublicKeyManagementAlgorithm }
          ? PublicKey<A> | PrivateKey<A>
          : O extends { algorithm: SignatureAlgorithm }
            ? SignatureKey
            : Key

type AsymmetricOf<O> = O extends {
  algorithm: infer A extends AsymmetricAlgorithm | PublicKeyManagementAlgorithm
}
  ? A
  : AsymmetricAlgorithm

type SecretAlgorithmOf<O> = O extends { algorithm: infer A extends HmacAlgorithm | SecretEncryptionAlgorithm }
  ? A
  : HmacAlgorithm

const optionNames = ['algorithm', 'type', 'extractable', 'allowWeakKey'] as const

/**
 * A key from a JWK, PEM text or DER bytes, bound to one algorithm.
 *
 * The form is told by the value's type, never guessed from content: an object is a JWK, text is PEM, bytes are DER.
 *
 * @throws {JoseError} `key_invalid` for a broken key or one of another kind, `weak_key` for one that is too small,
 *   `unsupported` for a form that is not read, `option_invalid` when the algorithm is not told
 */
export async function importKey<const O extends ImportKeyOptions = ImportKeyOptions>(
  source: KeySource,
  options?: O & OnlyOptions<O, ImportKeyOptions>,
): Promise<ImportedKey<O>> {
  const checked = readOptions<ImportKeyOptions>(options ?? {}, optionNames, 'importKey')
  const { algorithm } = checked
  if (
    algorithm !== undefined &&
    signatureRow(algorithm) === undefined &&
    encryptionKeyRow(algorithm) === undefined
  ) {
    throw badOption(
      'importKey',
      'algorithm',
      'an algorithm of keys such as ES256 or ECDH-ES+A256KW',
      algorithm,
    )
  }
  for (const name of ['extractable', 'allowWeakKey'] as const)
    readFlag(checked[name] ?? false, name, 'importKey')
  if (checked.type !== undefined && !['secret', 'public', 'private'].includes(checked.type)) {
    throw badOption('importKey', 'type', 'secret, public or private', checked.type)
  }
  const key = await importSource(source, checked)
  if (checked.type !== undefined && key.type !== checked.type) {
    throw new JoseError('key_invalid', `importKey: expected a ${checked.type} key, got a ${key.type} one`)
  }
  return key as ImportedKey<O>
}

function importSource(source: unknown, options: ImportKeyOptions): Promise<Key> {
  if (typeof source === 'string') return importPem(source, options)
  if (isBytes(source)) return importDer(copyBytes(source) ?? new Uint8Array(0), options)
  if (typeof source === 'object' && source !== null) return importJwk(parseJwk(source), options)
  throw new JoseError(
    'key_invalid',
    `importKey: expected a JWK, PEM text or DER bytes, got ${kindOf(source)}`,
  )
}

async function importJwk(jwk: Jwk, options: ImportKeyOptions): Promise<Key> {
  if (isEncryptionJwk(jwk, options.algorithm)) return importEncryptionJwk(jwk, options)
  const row = chooseRow(jwk, options.algorithm)
  const isPrivate = isPrivateJwk(jwk)
  checkUse(jwk, jwk.kty === 'oct' ? ['sign', 'verify'] : [isPrivate ? 'sign' : 'verify'])
  if (row.kty === 'oct') {
    const { allowWeakKey = false } = options
    return makeSecret(row.algorithm as HmacAlgorithm, member(jwk, 'k'), { allowWeakKey, kid: jwk.kid })
  }
  return isPrivate ? makePrivateKey(jwk, row, options.extractable ?? false) : makePublicKey(jwk, row)
}

/** The row that the key names or its curve implies; RSA and HMAC keys imply several, and then must be told. */
function chooseRow(jwk: Jwk, wanted: ImportKeyOptions['algorithm']): SignatureRow {
  const named = jwk.alg === undefined ? undefined : signatureRow(jwk.alg, jwk.crv)
  if (jwk.alg !== undefined && named === undefined) {
    throw new JoseError('unsupported', 'JWK "alg": not an algorithm that this version signs or verifies with')
  }
  if (named !== undefined && wanted !== undefined && !readsAlgorithm(named, wanted)) {
    throw new JoseError(
      'key_invalid',
      `importKey: the key says it is for ${named.algorithm}, the option says ${wanted}`,
    )
  }
  const row = signatureRow(wanted, jwk.crv) ?? named ?? impliedRow(jwk)
  if (row.kty !== jwk.kty)
    throw new JoseError(
      'key_invalid',
      `JWK "kty": expected ${row.kty} for ${row.algorithm}, got another key type`,
    )
  return row
}

function impliedRow(jwk: Jwk): SignatureRow {
  const rows = rowsForKey(jwk.kty, jwk.crv)
  const [first] = rows
  if (first === undefined)
    throw new JoseError(
      'unsupported',
      'importKey: no algorithm of this version has keys of this type and curve',
    )
  // An Edwards curve stands there under two names, and the fully-specified one comes first (RFC 9864).
  if (rows.length === 1 || first.alias !== undefined) return first
  const names = rows.map((row) => row.algorithm).join(', ')
  throw new JoseError(
    'option_invalid',
    `importKey: this key could be for ${names}: name one in the option "algorithm"`,
  )
}

const pemForms: ReadonlyMap<string, 'spki' | 'pkcs8'> = new Map([
  ['PUBLIC KEY', 'spki'],
  ['PRIVATE KEY', 'pkcs8'],
])

function importPem(text: string, options: ImportKeyOptions): Promise<Key> {
  const { label, der } = parsePem(text)
  const form = pemForms.get(label)
  if (form === undefined) {
    throw new JoseError(
      'unsupported',
      `importKey: expected PEM of PUBLIC KEY (SPKI) or PRIVATE KEY (PKCS #8), got ${label}: convert it with openssl pkey`,
    )
  }
  return importDer(der, options, form)
}

const curveNames: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
  ['1.3.132.0.10', 'secp256k1'],
])

/** Object identifiers that say all about a key but its members (RFC 8017 §A.1, RFC 8410 §3, RFC 9881 §2). */
const keyAlgorithms: ReadonlyMap<string, Jwk> = new Map([
  ['1.2.840.113549.1.1.1', { kty: 'RSA' }],
  ['1.3.101.112', { kty: 'OKP', crv: 'Ed25519' }],
  ['1.3.101.113', { kty: 'OKP', crv: 'Ed448' }],
  ['2.16.840.1.101.3.4.3.17', { kty: 'AKP', alg: 'ML-DSA-44' }],
  ['2.16.840.1.101.3.4.3.18', { kty: 'AKP', alg: 'ML-DSA-65' }],
  ['2.16.840.1.101.3.4.3.19', { kty: 'AKP', alg: 'ML-DSA-87' }],
])

async function importDer(der: Uint8Array, options: ImportKeyOptions, form?: 'spki' | 'pkcs8'): Promise<Key> {
  const info = readDerKeyInfo(der)
  if (info === undefined || (form !== undefined && info.form !== form)) {
    throw new JoseError(
      'key_invalid',
      'importKey: expected the DER of SubjectPublicKeyInfo or PKCS #8, got other bytes',
    )
  }
  if (isEncryptionDer(info, options.algorithm)) {
    return importJwk(await readEncryptionDer(info, der, options.algorithm), options)
  }
  const described = describeDer(info.algorithm, info.curve)
  const row = chooseRow(described, options.algorithm)
  const { crv } = described
  if (row.crv !== crv)
    throw new JoseError(
      'key_invalid',
      `importKey: expected the curve ${String(row.crv)} for ${row.algorithm}, got ${String(crv)}`,
    )
  const jwk = await readDer(info.form, der, row)
  return importJwk({ ...jwk, ...described }, { ...options, algorithm: row.algorithm })
}

function describeDer(algorithm: string, curve: string | undefined): Jwk {
  const known = keyAlgorithms.get(algorithm)
  if (known !== undefined) return known
  const crv = algorithm === '1.2.840.10045.2.1' ? curveNames.get(curve ?? '') : undefined
  if (crv === undefined)
    throw new JoseError(
      'unsupported',
      'importKey: no algorithm of this version has keys of this type and curve',
    )
  return { kty: 'EC', crv }
}

async function readDer(form: 'spki' | 'pkcs8', der: Uint8Array, row: SignatureRow): Promise<Jwk> {
  try {
    const {
      ext: _ext,
      key_ops: _operations,
      alg: _alg,
      ...jwk
    } = await derToJwk(form, der, row.scheme as AsymmetricScheme)
    return jwk as Jwk
  } catch (cause) {
    throw new JoseError(
      'key_invalid',
      `importKey: the runtime cannot read this ${form === 'spki' ? 'public' : 'private'} key`,
      { cause },
    )
  }
}
