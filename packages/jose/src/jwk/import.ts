/** Keys from outside: JWK, PEM text, DER bytes. */
import { copyBytes, isBytes } from '../encoding/bytes.ts'
import { kindOf } from '../encoding/json.ts'
import { parsePem } from '../encoding/pem.ts'
import { JoseError } from '../errors.ts'
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from '../jwa/algorithm.ts'
import type {
  EncryptionAlgorithm,
  PublicKeyManagementAlgorithm,
  SecretEncryptionAlgorithm,
} from '../jwa/encryption-algorithm.ts'
import { encryptionKeyRow } from '../jwa/encryption-rows.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { readDerKey, readPemKey } from './asn1/key-file.ts'
import { refuseOtherText } from './asn1/other-forms.ts'
import { completeJwk } from './asn1/public-half.ts'
import { importJwk } from './import-jwk.ts'
import { type Jwk, parseJwk } from './jwk.ts'
import type { Key, PrivateKey, PublicKey, SecretKey, SignatureKey } from './key.ts'

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
  /** What opens an encrypted private key: text (its UTF-8) or bytes. Other keys have no use for it. */
  readonly passphrase?: string | Uint8Array
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

const optionNames = ['algorithm', 'type', 'extractable', 'allowWeakKey', 'passphrase'] as const

/**
 * A key from a JWK, PEM text or DER bytes, bound to one algorithm.
 *
 * The form is told by the value's type, never guessed from content: an object is a JWK, text is PEM, bytes are DER. In both
 * of the latter: SPKI, PKCS #8, PKCS #1, SEC 1, encrypted PKCS #8 (PBES2), and X.509, whose public key is taken out:
 * whether the certificate is valid, and who issued it, is not judged.
 *
 * @throws {JoseError} `key_invalid` for a broken key, one of another kind and a wrong passphrase, `weak_key` for one that is
 *   too small, `unsupported` for a form that is not read, `option_invalid` when the algorithm or the passphrase is not told
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
  if (isBytes(source)) return importDer(source, options)
  if (typeof source === 'object' && source !== null) return importJwk(parseJwk(source), options)
  throw new JoseError(
    'key_invalid',
    `importKey: expected a JWK, PEM text or DER bytes, got ${kindOf(source)}`,
  )
}

async function importPem(text: string, options: ImportKeyOptions): Promise<Key> {
  checkSize(text.length)
  refuseOtherText(text)
  return importJwk(await completeJwk(await readPemKey(parsePem(text), options.passphrase)), options)
}

async function importDer(der: Uint8Array, options: ImportKeyOptions): Promise<Key> {
  checkSize(der.length)
  const own = copyBytes(der) ?? new Uint8Array(0)
  return importJwk(await completeJwk(await readDerKey(own, options.passphrase)), options)
}

/** The longest keys, of ML-DSA and in certificates, have some thousand. */
function checkSize(length: number): void {
  if (length > 65_536)
    throw new JoseError(
      'key_invalid',
      'importKey: expected a key of at most 65536 characters or octets, got more',
    )
}
