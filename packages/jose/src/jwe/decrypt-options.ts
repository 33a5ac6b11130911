/** The options of decryption, read once and made into a plan. */
import { JoseError } from '../errors.ts'
import { contentEncryptionRow } from '../jwa/content-encryption-algorithms.ts'
import type { ContentEncryptionAlgorithm, KeyManagementAlgorithm } from '../jwa/encryption-algorithm.ts'
import { keyManagementRow, whyNoKeyManagement } from '../jwa/key-management-algorithms.ts'
import { badOption, readFlag, readOptions } from '../options.ts'
import { isTextList } from './header.ts'
import { defaultMaxTokenLength } from './parsed.ts'

/** What may be decrypted at all. */
export interface DecryptOptions {
  /**
   * The `alg` values to allow. Default: the key's own; with a key set, all but passwords. A password (PBES2) has to be
   * named here in any case, because each token says how much work it is.
   */
  readonly keyManagementAlgorithms?: readonly KeyManagementAlgorithm[]
  /** The `enc` values to allow. Default: the key's own when it is used directly, else all. */
  readonly contentEncryptionAlgorithms?: readonly ContentEncryptionAlgorithm[]
  /** Takes compressed plaintext (`zip: DEF`), which tells its size to onlookers (RFC 8725 §3.6). Default: false. */
  readonly allowZip?: boolean
  /** Octets that a compressed plaintext may have once decompressed. Default: 262144 (256 KiB). */
  readonly maxPlaintextBytes?: number
  /** PBES2: iterations (`p2c`) at most, 1000 or more. Default: 1200000, the bound of RFC 8725bis: about half a second. */
  readonly maxPbes2Iterations?: number
  /** Characters of a token at most. Default: 65536. */
  readonly maxTokenLength?: number
  /** Extensions (`crit`) that the caller understands and looks at. Default: none. */
  readonly crit?: readonly string[]
}

/** Options as the engine wants them. */
export interface DecryptPlan {
  readonly keyManagementAlgorithms: readonly KeyManagementAlgorithm[] | undefined
  readonly contentEncryptionAlgorithms: readonly ContentEncryptionAlgorithm[] | undefined
  readonly allowZip: boolean
  readonly maxPlaintextBytes: number
  readonly maxPbes2Iterations: number
  readonly maxTokenLength: number
  readonly understood: ReadonlySet<string>
}

/** The names of `DecryptOptions`. */
export const decryptOptionNames: readonly (keyof DecryptOptions)[] = [
  'keyManagementAlgorithms',
  'contentEncryptionAlgorithms',
  'allowZip',
  'maxPlaintextBytes',
  'maxPbes2Iterations',
  'maxTokenLength',
  'crit',
]

/** RFC 7518 §4.8.1.2: 1000 iterations at least. */
export const minimumPbes2Iterations = 1000

/** The bound of RFC 8725bis on what one token may cost, and of what `encrypt…` makes. */
const defaultMaxPbes2Iterations = 1_200_000

/** Octets of plaintext at most where it is compressed. */
export const defaultMaxPlaintextBytes = 262_144

/** Reads the options of decryption. @throws {JoseError} `option_invalid` */
export function readDecryptOptions(options: unknown, where: string): DecryptPlan {
  return makeDecryptPlan(readOptions<DecryptOptions>(options ?? {}, decryptOptionNames, where), where)
}

/** Makes the plan of options that were read already. @throws {JoseError} `option_invalid` */
export function makeDecryptPlan(given: DecryptOptions, where: string): DecryptPlan {
  const { crit = [] } = given
  if (!isTextList(crit)) throw badOption(where, 'crit', 'an array of extension names', crit)
  return {
    keyManagementAlgorithms: readManagement(given.keyManagementAlgorithms, where),
    contentEncryptionAlgorithms: readContent(given.contentEncryptionAlgorithms, where),
    allowZip: readFlag(given.allowZip ?? false, 'allowZip', where),
    maxPlaintextBytes: readCount(
      given.maxPlaintextBytes ?? defaultMaxPlaintextBytes,
      'maxPlaintextBytes',
      where,
    ),
    maxPbes2Iterations: readIterations(
      given.maxPbes2Iterations ?? defaultMaxPbes2Iterations,
      'maxPbes2Iterations',
      where,
    ),
    maxTokenLength: readCount(given.maxTokenLength ?? defaultMaxTokenLength, 'maxTokenLength', where),
    understood: new Set(crit),
  }
}

/** A positive whole number. @throws {JoseError} `option_invalid` */
export function readCount(value: unknown, name: string, where: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw badOption(where, name, 'a positive whole number', value)
}

/** A number of PBES2 iterations. @throws {JoseError} `option_invalid` */
export function readIterations(value: unknown, name: string, where: string): number {
  const count = readCount(value, name, where)
  // PBKDF2 counts in 32 bits.
  if (count >= minimumPbes2Iterations && count < 2 ** 32) return count
  throw badOption(where, name, `${minimumPbes2Iterations} iterations or more (RFC 7518 §4.8.1.2)`, value)
}

function readManagement(list: unknown, where: string): readonly KeyManagementAlgorithm[] | undefined {
  const names = readNames(list, 'keyManagementAlgorithms', where)
  const unknown = names?.find((name) => keyManagementRow(name) === undefined)
  if (unknown !== undefined) {
    throw new JoseError(
      'option_invalid',
      `${where}: option "keyManagementAlgorithms": expected names such as dir or ECDH-ES, got one that is ${whyNoKeyManagement(unknown)}`,
    )
  }
  return names as readonly KeyManagementAlgorithm[] | undefined
}

function readContent(list: unknown, where: string): readonly ContentEncryptionAlgorithm[] | undefined {
  const option = 'contentEncryptionAlgorithms'
  const names = readNames(list, option, where)
  if (names?.some((name) => contentEncryptionRow(name) === undefined))
    throw badOption(where, option, 'names such as A256GCM', names[0])
  return names as readonly ContentEncryptionAlgorithm[] | undefined
}

function readNames(list: unknown, option: string, where: string): readonly string[] | undefined {
  if (list === undefined) return undefined
  if (!isTextList(list) || list.length === 0)
    throw badOption(where, option, 'names of signature algorithms', list)
  return [...list]
}
