/** JWK Sets for encryption (RFC 7517 §5): others' public keys to encrypt to, and one's own keys to decrypt with. */
import { readList, readMember } from '../encoding/foreign-value.ts'
import { kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { PublicKeyManagementAlgorithm } from '../jwa/encryption-algorithm.ts'
import { encryptionAlgorithmsFor, encryptionKeyRow, type EncryptionKeyRow } from '../jwa/encryption-rows.ts'
import type { DecryptionKeySet } from '../jwk/decryption-key-set.ts'
import { checkEncryptionUse, importEncryptionJwk } from '../jwk/encryption-import.ts'
import { type Jwk, type JwkSet, parseJwk } from '../jwk/jwk.ts'
import type { DecryptionKey, EncryptionKey, PublicKey } from '../jwk/key.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import type { OnWarning } from './jwk-set.ts'

export interface EncryptionJwkSetOptions {
  /** Told of each entry that cannot be used, with the reason; never key material. Default: silence, unless none can. */
  readonly onWarning?: OnWarning
}

/** Public keys that somebody publishes to be written to. */
export interface EncryptionKeySet {
  /**
   * The keys for an algorithm (without one, those that name their own), in the order of the set.
   *
   * @throws {JoseError} `key_not_found` when there is none
   */
  selectEncryptionKeys(selector?: {
    readonly alg?: PublicKeyManagementAlgorithm
    readonly kid?: string
  }): Promise<readonly PublicKey<PublicKeyManagementAlgorithm>[]>
}

/** Keys of a set at most. */
const maximumKeys = 100

interface Entry {
  readonly jwk: Jwk
  /** The algorithms that the key can be for: its own `alg`, or all that its type, curve and size allow. */
  readonly rows: readonly EncryptionKeyRow[]
  readonly imported: Map<EncryptionKeyRow, Promise<EncryptionKey | DecryptionKey | undefined>>
}

/**
 * The public keys of a set that content can be encrypted to.
 *
 * @param jwkSet - a JWK Set, as somebody else publishes it
 * @throws {JoseError} `key_invalid` when none of its keys can be used, saying why; `option_invalid`
 */
export function createEncryptionJwkSet<const O extends EncryptionJwkSetOptions = EncryptionJwkSetOptions>(
  jwkSet: JwkSet,
  options?: O & OnlyOptions<O, EncryptionJwkSetOptions>,
): EncryptionKeySet {
  const warn = readWarning(options, 'createEncryptionJwkSet')
  const entries = readEntries(jwkSet, 'public', warn)
  return Object.freeze({
    selectEncryptionKeys: async (selector = {}) => {
      const { alg, kid } = selector
      const keys = await select(entries, { algorithm: alg, kid }, warn)
      return keys as unknown as readonly PublicKey<PublicKeyManagementAlgorithm>[]
    },
  } satisfies EncryptionKeySet)
}

/**
 * A set of one's own private keys and secrets to decrypt with, chosen by the token's `kid` and algorithms.
 *
 * @param jwkSet - a JWK Set of private keys and secrets; public ones are left out
 * @throws {JoseError} `key_invalid` when none of its keys can be used, saying why; `option_invalid`
 */
export function createDecryptionJwkSet<const O extends EncryptionJwkSetOptions = EncryptionJwkSetOptions>(
  jwkSet: JwkSet,
  options?: O & OnlyOptions<O, EncryptionJwkSetOptions>,
): DecryptionKeySet {
  const warn = readWarning(options, 'createDecryptionJwkSet')
  const entries = readEntries(jwkSet, 'private', warn)
  return Object.freeze({
    selectDecryptionKeys: async ({ alg, enc, kid }) => {
      const keys = await select(entries, { algorithm: alg === 'dir' ? enc : alg, kid }, warn)
      return keys as readonly DecryptionKey[]
    },
  } satisfies DecryptionKeySet)
}

function readWarning(options: unknown, where: string): OnWarning {
  const { onWarning } = readOptions<EncryptionJwkSetOptions>(options ?? {}, ['onWarning'], where)
  if (onWarning !== undefined && typeof onWarning !== 'function')
    throw badOption(where, 'onWarning', 'a function', onWarning)
  return onWarning ?? (() => undefined)
}

function readEntries(value: unknown, half: 'public' | 'private', warn: OnWarning): readonly Entry[] {
  const list = readList(readMember(value, 'keys'), maximumKeys)
  if (list === undefined || list.length > maximumKeys) {
    throw new JoseError(
      'key_invalid',
      `JWK Set: expected an object with an array "keys" of at most ${maximumKeys}, got ${list === undefined ? kindOf(value) : 'more'}`,
    )
  }
  const reasons: string[] = []
  const entries = list.flatMap((item: unknown, index) => {
    try {
      return [readEntry(item, half)]
    } catch (error) {
      reasons.push(`key ${index}: ${error instanceof JoseError ? error.message : 'unusable'}`)
      return []
    }
  })
  for (const reason of reasons) warn(`JWK Set: ${reason}`)
  if (entries.length > 0) return entries
  throw new JoseError(
    'key_invalid',
    `JWK Set: none of its ${list.length} keys can ${half === 'public' ? 'be encrypted to' : 'decrypt'} (${reasons.slice(0, 3).join('; ') || 'it is empty'})`,
  )
}

function readEntry(value: unknown, half: 'public' | 'private'): Entry {
  const jwk = parseJwk(value)
  const isSecret = jwk.kty === 'oct' || jwk.d !== undefined
  if (half === 'public' && isSecret)
    throw new JoseError('key_invalid', 'a secret or private key has no place in a set of public keys')
  if (half === 'private' && !isSecret) throw new JoseError('key_invalid', 'a public key cannot decrypt')
  const rows = rowsOf(jwk)
  const [first] = rows
  if (first === undefined) throw new JoseError('unsupported', 'no encryption of this version fits it')
  checkEncryptionUse(jwk, first)
  return { jwk, rows, imported: new Map() }
}

function rowsOf(jwk: Jwk): readonly EncryptionKeyRow[] {
  const isOpen = jwk.alg === undefined || jwk.alg === 'dir'
  const names = isOpen ? encryptionAlgorithmsFor(jwk.kty) : [jwk.alg]
  return names.flatMap((name) => encryptionKeyRow(name) ?? [])
}

async function select(
  entries: readonly Entry[],
  { algorithm, kid }: { algorithm: string | undefined; kid: string | undefined },
  warn: OnWarning,
): Promise<readonly (EncryptionKey | DecryptionKey)[]> {
  const fitting = entries.flatMap((entry) => {
    if (kid !== undefined && entry.jwk.kid !== kid) return []
    const row =
      algorithm === undefined
        ? encryptionKeyRow(entry.jwk.alg)
        : entry.rows.find((one) => one.algorithm === algorithm)
    return row === undefined ? [] : [importOnce(entry, row, warn)]
  })
  const keys = (await Promise.all(fitting)).filter((key) => key !== undefined)
  if (keys.length > 0) return keys
  throw new JoseError('key_not_found', 'JWK Set: no key has the "kid" and the algorithm that are asked for')
}

/** The entry's key; undefined when it turns out to be broken, weak or of another size. */
function importOnce(
  entry: Entry,
  row: EncryptionKeyRow,
  warn: OnWarning,
): Promise<EncryptionKey | DecryptionKey | undefined> {
  const known = entry.imported.get(row)
  if (known !== undefined) return known
  const imported = importEncryptionJwk(entry.jwk, { algorithm: row.algorithm }).catch((error: unknown) => {
    // An open secret is tried under every algorithm; only a key that names its own is worth a word.
    const reason = error instanceof JoseError ? error.message : 'unusable'
    if (entry.rows.length === 1) warn(`JWK Set: ${reason}`)
    return undefined
  })
  entry.imported.set(row, imported)
  return imported
}
