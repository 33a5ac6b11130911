/** New keys from the runtime's random source. */
import { generateJwk } from '../crypto/asymmetric-key.ts'
import { lacks } from '../crypto/runtime-name.ts'
import type { AsymmetricScheme } from '../crypto/scheme.ts'
import { JoseError } from '../errors.ts'
import type {
  AsymmetricAlgorithm,
  HmacAlgorithm,
  SignatureAlgorithm,
  SignatureRow,
} from '../jwa/algorithm.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import type { Jwk } from './jwk.ts'
import type { AgreementCurve } from '../crypto/cipher-scheme.ts'
import type {
  EncryptionAlgorithm,
  PasswordAlgorithm,
  PublicKeyManagementAlgorithm,
  SecretEncryptionAlgorithm,
} from '../jwa/encryption-algorithm.ts'
import { encryptionKeyRow } from '../jwa/encryption-rows.ts'
import { generateEncryptionKey } from './encryption-generate.ts'
import type { PrivateKey, SecretKey } from './key.ts'
import { makePrivateKey } from './material.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { makeSecret } from './secret.ts'
import { thumbprint } from './thumbprint.ts'

export interface GenerateKeyOptions {
  /** Whether `exportJwk` and `exportPem` may give the private members out. Default: false. */
  readonly extractable?: boolean
  /** ECDH-ES: the curve of the key. Default: P-256. */
  readonly curve?: AgreementCurve
}

/** Passwords are not generated. */
export type GeneratedEncryptionAlgorithm = Exclude<EncryptionAlgorithm, PasswordAlgorithm>

/** What `generateKey` makes for an algorithm: a secret for HMAC and AES, else a private key that carries its public key. */
export type GeneratedKey<A extends SignatureAlgorithm | GeneratedEncryptionAlgorithm> = A extends
  | HmacAlgorithm
  | SecretEncryptionAlgorithm
  ? SecretKey<A>
  : A extends AsymmetricAlgorithm | PublicKeyManagementAlgorithm
    ? PrivateKey<A>
    : never

/**
 * A new key for one algorithm. Its `kid` is its RFC 7638 thumbprint. RSA keys have 2048 bits.
 *
 * @throws {JoseError} `unsupported` for an algorithm that is not known, `option_invalid`
 */
export async function generateKey<
  A extends SignatureAlgorithm | GeneratedEncryptionAlgorithm,
  const O extends GenerateKeyOptions = GenerateKeyOptions,
>(algorithm: A, options?: O & OnlyOptions<O, GenerateKeyOptions>): Promise<GeneratedKey<A>> {
  const { extractable = false, curve } = readOptions<GenerateKeyOptions>(
    options ?? {},
    ['extractable', 'curve'],
    'generateKey',
  )
  readFlag(extractable, 'extractable', 'generateKey')
  const encryptionRow = encryptionKeyRow(algorithm)
  if (encryptionRow !== undefined) {
    return (await generateEncryptionKey(encryptionRow, { extractable, curve })) as unknown as GeneratedKey<A>
  }
  const row = signatureRow(algorithm)
  if (row === undefined)
    throw new JoseError(
      'unsupported',
      'generateKey: expected an algorithm of keys such as ES256, ECDH-ES+A256KW or A256GCM (not dir), got another name',
    )
  if (curve !== undefined) throw badOption('generateKey', 'curve', 'none: the algorithm names it', curve)
  return (
    row.kty === 'oct' ? generateSecret(row) : await generatePrivateKey(row, extractable)
  ) as GeneratedKey<A>
}

function generateSecret(row: SignatureRow): SecretKey {
  const bytes = crypto.getRandomValues(new Uint8Array(row.minimumKey!))
  // The thumbprint of a random 256-bit secret gives nothing away (RFC 7638 §7 warns of guessable ones).
  const kid = thumbprint({ kty: 'oct', k: encodeBase64url(bytes) })
  return makeSecret(row.algorithm as HmacAlgorithm, bytes, { allowWeakKey: false, kid })
}

async function generatePrivateKey(row: SignatureRow, extractable: boolean): Promise<PrivateKey> {
  let jwk: Jwk
  try {
    jwk = (await generateJwk(row.scheme as AsymmetricScheme, row.minimumKey ?? 0)) as unknown as Jwk
  } catch (cause) {
    throw lacks(row.algorithm, cause)
  }
  return makePrivateKey({ ...jwk, kid: thumbprint(jwk) }, row, extractable)
}
