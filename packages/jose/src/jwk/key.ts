/**
 * Keys. A key knows its one algorithm, in its type and at run time. The material itself lives in a WeakMap that only
 * this library reads, so that a key can be logged, cloned or put in an error without leaking.
 */
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { KeyMaterial } from '../crypto/material.ts'
import { JoseError } from '../errors.ts'
import { readsAlgorithm, requireRow } from '../jwa/signature-algorithms.ts'
import type {
  EncryptionAlgorithm,
  PublicKeyManagementAlgorithm,
  SecretEncryptionAlgorithm,
} from '../jwa/encryption-algorithm.ts'
import { encryptionMaterialOf } from './encryption-materials.ts'

declare const brand: unique symbol

interface KeyBase<Kind extends string, A extends SignatureAlgorithm | EncryptionAlgorithm> {
  readonly type: Kind
  /** The one `alg` that this key is for. */
  readonly algorithm: A
  /** Key ID (RFC 7515 §4.1.4), where the key has one. */
  readonly kid?: string
  readonly [brand]: readonly [Kind, A]
}

/**
 * A shared secret: signs and verifies with one HMAC algorithm. `SecretKey<'A256GCM'>` and its like encrypt and decrypt, and
 * `SecretKey<'PBES2-…'>` is a password that does.
 */
export interface SecretKey<
  A extends HmacAlgorithm | SecretEncryptionAlgorithm = HmacAlgorithm,
> extends KeyBase<'secret', A> {}

/** A public key: verifies, and cannot sign. `PublicKey<'RSA-OAEP-256'>` and its like encrypt, and cannot decrypt. */
export interface PublicKey<
  A extends AsymmetricAlgorithm | PublicKeyManagementAlgorithm = AsymmetricAlgorithm,
> extends KeyBase<'public', A> {}

/** A private key: signs (or decrypts), and cannot verify (or encrypt); its `publicKey` does. */
export interface PrivateKey<
  A extends AsymmetricAlgorithm | PublicKeyManagementAlgorithm = AsymmetricAlgorithm,
> extends KeyBase<'private', A> {
  readonly publicKey: PublicKey<A>
  /** Whether `exportJwk` and `exportPem` may give the private members out. */
  readonly extractable: boolean
}

/** A key that signs or verifies. */
export type SignatureKey = SecretKey | PublicKey | PrivateKey
export type SigningKey = SecretKey | PrivateKey
export type VerificationKey = SecretKey | PublicKey

/** A key that content is encrypted to. */
export type EncryptionKey = SecretKey<SecretEncryptionAlgorithm> | PublicKey<PublicKeyManagementAlgorithm>
/** A key that content is decrypted with. */
export type DecryptionKey = SecretKey<SecretEncryptionAlgorithm> | PrivateKey<PublicKeyManagementAlgorithm>

/** Any key of this library. */
export type Key = SignatureKey | EncryptionKey | DecryptionKey

const materials = new WeakMap<object, KeyMaterial>()

/** Makes the frozen key object for checked material. Private to the library. */
export function makeKey<K extends SignatureKey>(fields: Omit<K, typeof brand>, material: KeyMaterial): K {
  return bindKey(Object.freeze({ ...fields }) as K, material)
}

/** Ties material to a frozen key object. Private to the library. */
export function bindKey<K extends object>(key: K, material: KeyMaterial): K {
  materials.set(key, material)
  return key
}

/** The material of a key for signatures that this library made, or undefined for any other value. */
export function materialOf(key: unknown): KeyMaterial | undefined {
  return typeof key === 'object' && key !== null ? materials.get(key) : undefined
}

/** Whether a key of this library verifies tokens of an `alg`: its own, or that of an Edwards curve under its other name. */
export function verifiesAs(key: VerificationKey, alg: SignatureAlgorithm): boolean {
  if (key.algorithm === alg) return true
  const material = materials.get(key)
  if (material === undefined || material.kind === 'secret') return false
  const { scheme } = material
  return scheme.kind === 'eddsa' && readsAlgorithm(requireRow(key.algorithm, scheme.curve), alg)
}

/** Whether a value is a key that this library made. */
export function isKey(value: unknown): value is Key {
  return isSignatureKey(value) || encryptionMaterialOf(value) !== undefined
}

/** Whether a value is a key of this library that signs or verifies. */
export function isSignatureKey(value: unknown): value is SignatureKey {
  return materialOf(value) !== undefined
}

/**
 * Refuses a key for encryption where one for signatures is expected.
 *
 * @throws {JoseError} `key_invalid`
 */
export function refuseEncryptionKey(value: unknown): void {
  if (encryptionMaterialOf(value) === undefined) return
  const { algorithm } = value as Key
  throw new JoseError('key_invalid', `key: expected one for signatures, got one for ${algorithm}`)
}

/** The material of a key for signatures, which must be there. @throws {JoseError} `key_invalid` */
export function requireMaterial(key: SignatureKey): KeyMaterial {
  const material = materialOf(key)
  if (material === undefined) throw new JoseError('key_invalid', 'expected a key made by this library')
  return material
}
