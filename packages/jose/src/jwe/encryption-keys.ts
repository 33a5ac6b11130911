/** Which keys encrypt and which decrypt, and under which `alg`. */
import { JoseError } from '../errors.ts'
import { contentEncryptionRow, contentEncryptionAlgorithms } from '../jwa/content-encryption-algorithms.ts'
import type {
  ContentEncryptionAlgorithm,
  EncryptionAlgorithm,
  KeyManagementAlgorithm,
} from '../jwa/encryption-algorithm.ts'
import { keyManagementAlgorithms, keyManagementRow } from '../jwa/key-management-algorithms.ts'
import {
  type DecryptionKeySelector,
  type DecryptionKeySet,
  isDecryptionKeySet,
} from '../jwk/decryption-key-set.ts'
import { encryptionMaterialOf } from '../jwk/encryption-materials.ts'
import { type DecryptionKey, type EncryptionKey, isSignatureKey, type Key } from '../jwk/key.ts'
import type { DecryptPlan } from './decrypt-options.ts'

/** All that a token can be decrypted with. */
export type DecryptionInput = DecryptionKey | DecryptionKeySet

/** The prepared answer to "which keys, for this header?". */
export interface DecryptionKeys {
  /** The values of `alg` and `enc` that are allowed at all; the token never widens them. */
  readonly management: ReadonlySet<KeyManagementAlgorithm>
  readonly content: ReadonlySet<ContentEncryptionAlgorithm>
  /** The one key, or undefined for a set. */
  readonly single: DecryptionKey | undefined
  selectKeys(selector: DecryptionKeySelector): Promise<readonly DecryptionKey[]>
}

/** The `alg` of tokens that a key of this algorithm encrypts: `dir` for a key of a content encryption. */
export function managementOf(algorithm: EncryptionAlgorithm): KeyManagementAlgorithm {
  return keyManagementRow(algorithm)?.algorithm ?? 'dir'
}

/**
 * A key that content can be encrypted to.
 *
 * @throws {JoseError} `key_invalid` for a private key, a key for signatures, and anything that is no key of this library
 */
export function requireEncryptionKey(key: unknown, where: string): EncryptionKey {
  const known = requireKeyOfRoom(key, where)
  if (known.type === 'private') {
    throw new JoseError(
      'key_invalid',
      `${where}: expected a public key or a secret, got a private key: encrypt with its publicKey`,
    )
  }
  return known as EncryptionKey
}

/**
 * Prepares keys for decryption.
 *
 * @throws {JoseError} `key_invalid` for a public key, a key for signatures or no key at all; `alg_not_allowed` for a list
 *   that leaves out the key's own algorithm, and for a password that no list names
 */
export function prepareDecryptionKeys(input: unknown, plan: DecryptPlan, where: string): DecryptionKeys {
  if (isDecryptionKeySet(input)) return keysOfSet(input, plan)
  const key = requireKeyOfRoom(input, where)
  if (key.type === 'public')
    throw new JoseError(
      'key_invalid',
      `${where}: expected a private key or a secret, got a public key, which cannot decrypt`,
    )
  return keysOfOne(key as DecryptionKey, plan)
}

function keysOfSet(set: DecryptionKeySet, plan: DecryptPlan): DecryptionKeys {
  const usual = keyManagementAlgorithms.filter((name) => !isPassword(name))
  return {
    management: new Set(plan.keyManagementAlgorithms ?? usual),
    content: new Set(plan.contentEncryptionAlgorithms ?? contentEncryptionAlgorithms),
    single: undefined,
    selectKeys: async (selector) => set.selectDecryptionKeys(selector),
  }
}

function keysOfOne(key: DecryptionKey, plan: DecryptPlan): DecryptionKeys {
  const management = managementOf(key.algorithm)
  const listed = plan.keyManagementAlgorithms
  if (listed === undefined ? isPassword(management) : !listed.includes(management)) {
    throw new JoseError(
      'alg_not_allowed',
      listed === undefined
        ? `keyManagementAlgorithms: expected ${management} to be named: with passwords each token says how much work it is`
        : `keyManagementAlgorithms: expected ${management}, the key's own algorithm, in the list, got others`,
    )
  }
  const own = contentEncryptionRow(key.algorithm)?.algorithm
  const allowed = plan.contentEncryptionAlgorithms ?? contentEncryptionAlgorithms
  if (own !== undefined && !allowed.includes(own)) {
    throw new JoseError(
      'alg_not_allowed',
      `contentEncryptionAlgorithms: expected ${own}, the key's own algorithm, in the list, got others`,
    )
  }
  const keys = [key]
  return {
    management: new Set([management]),
    content: new Set(own === undefined ? allowed : [own]),
    single: key,
    selectKeys: async () => keys,
  }
}

/** A key set of the application may hand in anything. @throws {JoseError} `key_invalid` */
export function requireFit(key: unknown, { alg, enc }: DecryptionKeySelector): DecryptionKey {
  const material = encryptionMaterialOf(key)
  if (material === undefined || material.kind === 'public')
    throw new JoseError(
      'key_invalid',
      'key set: expected private keys or secrets for encryption of this library',
    )
  const { algorithm } = key as DecryptionKey
  if (algorithm !== (alg === 'dir' ? enc : alg)) {
    throw new JoseError(
      'alg_not_allowed',
      `header: expected ${algorithm}, the key's own algorithm, got ${alg} with ${enc}`,
    )
  }
  return key as DecryptionKey
}

function requireKeyOfRoom(key: unknown, where: string): Key {
  if (encryptionMaterialOf(key) !== undefined) return key as Key
  const got = isSignatureKey(key)
    ? `one for ${key.algorithm}, which signs`
    : key === undefined
      ? 'undefined: is the variable set?'
      : 'something else'
  throw new JoseError(
    'key_invalid',
    `${where}: expected a key for encryption from encryptionSecret, generateKey or importKey, got ${got}`,
  )
}

function isPassword(name: KeyManagementAlgorithm): boolean {
  return keyManagementRow(name)?.scheme.kind === 'pbes2'
}
