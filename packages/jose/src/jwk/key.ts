/**
 * Keys. A key knows its one algorithm, in its type and at run time. The material itself lives in a WeakMap that only
 * this library reads, so that a key can be logged, cloned or put in an error without leaking.
 */
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { KeyMaterial } from '../crypto/material.ts'
import { JoseError } from '../errors.ts'
import { readsAlgorithm, requireRow } from '../jwa/signature-algorithms.ts'

declare const brand: unique symbol

interface KeyBase<Kind extends string, A extends SignatureAlgorithm> {
  readonly type: Kind
  /** The one `alg` that this key is for. */
  readonly algorithm: A
  /** Key ID (RFC 7515 §4.1.4), where the key has one. */
  readonly kid?: string
  readonly [brand]: readonly [Kind, A]
}

/** A shared secret: signs and verifies with one HMAC algorithm. */
export interface SecretKey<A extends HmacAlgorithm = HmacAlgorithm> extends KeyBase<'secret', A> {}

/** A public key: verifies, and cannot sign. */
export interface PublicKey<A extends AsymmetricAlgorithm = AsymmetricAlgorithm> extends KeyBase<
  'public',
  A
> {}

/** A private key: signs, and cannot verify; its `publicKey` does. */
export interface PrivateKey<A extends AsymmetricAlgorithm = AsymmetricAlgorithm> extends KeyBase<
  'private',
  A
> {
  readonly publicKey: PublicKey<A>
  /** Whether `exportJwk` and `exportPem` may give the private members out. */
  readonly extractable: boolean
}

export type Key = SecretKey | PublicKey | PrivateKey
export type SigningKey = SecretKey | PrivateKey
export type VerificationKey = SecretKey | PublicKey

const materials = new WeakMap<object, KeyMaterial>()

/** Makes the frozen key object for checked material. Private to the library. */
export function makeKey<K extends Key>(fields: Omit<K, typeof brand>, material: KeyMaterial): K {
  const key = Object.freeze({ ...fields }) as K
  materials.set(key, material)
  return key
}

/** The material of a key that this library made, or undefined for any other value. */
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
  return materialOf(value) !== undefined
}

/** The material of a key that must be there. @throws {JoseError} `key_invalid` */
export function requireMaterial(key: Key): KeyMaterial {
  const material = materialOf(key)
  if (material === undefined) throw new JoseError('key_invalid', 'expected a key made by this library')
  return material
}
