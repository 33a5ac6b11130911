/** What a caller hands in to verify with, made into one question: which keys, for this header? */
import { awaitedHashing } from '../crypto/awaited-hashing.ts'
import type { Hashing } from '../crypto/hashing.ts'
import type { KeyMaterial } from '../crypto/material.ts'
import { isBytes } from '../encoding/bytes.ts'
import { readMember } from '../encoding/foreign-value.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm, signatureAlgorithms, signatureRow } from '../jwa/signature-algorithms.ts'
import {
  bindKey,
  isSignatureKey,
  refuseEncryptionKey,
  type SecretKey,
  type VerificationKey,
  verifiesAs,
} from '../jwk/key.ts'
import { isKeySet, type KeySet } from '../jwk/key-set.ts'
import { checkSecret, readRawSecret } from '../jwk/secret-octets.ts'
import { badOption } from '../options.ts'
import type { KeyChoice } from './candidates.ts'
import { maximumLengthFor } from '../jwa/token-length.ts'
import { createHeaderMemory, type HeaderMemory } from './header-memory.ts'

/** Text or bytes of an HMAC secret; the algorithms must then be named. */
export type RawSecret = string | Uint8Array

/** All that a token can be verified with. */
export type VerificationInput = VerificationKey | KeySet | RawSecret

/** The prepared answer to "which keys, for this header?". */
export interface VerificationKeys extends KeyChoice {
  /** Headers that were judged already. */
  readonly headers: HeaderMemory
  /** Whether a header always has the same keys, as it has where there is no key set. */
  readonly isFixed: boolean
  /** What a key set says of how often its keys changed; undefined where it says nothing. */
  generation(): unknown
}

/** Options that bear on keys. */
export interface VerificationKeyOptions {
  readonly algorithms?: readonly SignatureAlgorithm[]
  readonly allowWeakKey?: boolean
  /** What raw secrets are made with. Default: what may answer later. */
  readonly hashing?: Hashing
}

/**
 * Prepares keys.
 *
 * @throws {JoseError} `key_invalid` for a private key or no key at all, `alg_not_allowed` for a list that leaves out the
 *   key's own algorithm, `option_invalid` for a raw secret without a list of HS* algorithms and for a list that names what
 *   a key set never holds, `weak_key`
 */
export function prepareKeys(
  input: unknown,
  options: VerificationKeyOptions,
  where: string,
): VerificationKeys {
  const { algorithms, allowWeakKey = false, hashing = awaitedHashing } = options
  const listed = readAlgorithms(algorithms, where)
  if (typeof input === 'string' || isBytes(input))
    return rawSecretKeys(input, listed, { allowWeakKey, hashing, where })
  refuseEncryptionKey(input)
  if (isSignatureKey(input)) return singleKey(input as VerificationKey, listed)
  if (isKeySet(input)) {
    checkListOfSet(input, listed, where)
    return {
      ...keysOf(listed ?? signatureAlgorithms, (selector) => input.selectKeys(selector), false),
      generation: () => readMember(input, 'generation'),
    }
  }
  const got = input === undefined ? 'undefined: is the variable set?' : 'something else'
  throw new JoseError('key_invalid', `${where}: expected a key or a key set, got ${got}`)
}

function keysOf(
  algorithms: readonly SignatureAlgorithm[],
  selectKeys: VerificationKeys['selectKeys'],
  isFixed = true,
): VerificationKeys {
  const headers = createHeaderMemory(Math.max(...algorithms.map(maximumLengthFor)), !isFixed)
  return { algorithms: new Set(algorithms), headers, isFixed, generation: () => 0, selectKeys }
}

function readAlgorithms(list: unknown, where: string): readonly SignatureAlgorithm[] | undefined {
  if (list === undefined) return undefined
  if (!Array.isArray(list) || list.length === 0)
    throw badOption(where, 'algorithms', 'names of signature algorithms', list)
  for (const name of list as readonly unknown[]) {
    if (signatureRow(name) === undefined)
      throw badOption(where, 'algorithms', 'names of signature algorithms', name)
  }
  return [...(list as SignatureAlgorithm[])]
}

/** A list that names what the set can never hold is a mistake: `HS256` for a JWK Set invites what RFC 8725 §2.1 tells of. */
function checkListOfSet(
  { algorithms }: KeySet,
  listed: readonly SignatureAlgorithm[] | undefined,
  where: string,
): void {
  const foreign = algorithms && listed?.find((name) => !algorithms.includes(name))
  if (foreign === undefined) return
  throw new JoseError(
    'option_invalid',
    `${where}: option "algorithms": expected those of the key set, got ${foreign}`,
  )
}

function singleKey(
  key: VerificationKey,
  listed: readonly SignatureAlgorithm[] | undefined,
): VerificationKeys {
  if ((key.type as string) === 'private') {
    throw new JoseError(
      'key_invalid',
      'key: expected a public key or a secret, got a private key: take its publicKey',
    )
  }
  // The key's algorithm decides; a list can only narrow it to nothing, which is a mistake worth telling at once.
  const own = signatureAlgorithms.filter((name) => verifiesAs(key, name))
  const algorithms = listed === undefined ? own : own.filter((name) => listed.includes(name))
  if (algorithms.length === 0) {
    throw new JoseError(
      'alg_not_allowed',
      `algorithms: expected the key's own, ${key.algorithm}, in the list, got others`,
    )
  }
  const keys = [key]
  return keysOf(algorithms, () => keys)
}

function rawSecretKeys(
  source: RawSecret,
  listed: readonly SignatureAlgorithm[] | undefined,
  { where, allowWeakKey, hashing }: { where: string; allowWeakKey: boolean; hashing: Hashing },
): VerificationKeys {
  if (listed === undefined || !listed.every(isHmacAlgorithm)) {
    throw new JoseError(
      'option_invalid',
      `${where}: a raw secret needs algorithms: ['HS256'] (HS* only); other keys come from importKey`,
    )
  }
  const octets = readRawSecret(source)!
  const keys = new Map<SignatureAlgorithm, readonly VerificationKey[]>()
  for (const algorithm of listed) {
    const hash = checkSecret(algorithm, octets, allowWeakKey)
    // Nobody but the verifier gets to see this key, so that it need not sign.
    const material = hashing.makeMaterial(hash, octets) as KeyMaterial
    keys.set(algorithm, [bindKey(Object.freeze({ type: 'secret', algorithm }) as SecretKey, material)])
  }
  return keysOf(listed, ({ alg }) => keys.get(alg) ?? [])
}
