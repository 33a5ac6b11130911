/** The options of encryption, read once and made into a plan. */
import { toJsonObject } from '../encoding/json-value.ts'
import { type JsonObject, isObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import { contentEncryptionRow, defaultContentEncryption } from '../jwa/content-encryption-algorithms.ts'
import type { ContentEncryptionAlgorithm, ContentEncryptionRow } from '../jwa/encryption-algorithm.ts'
import type { EncryptionKey } from '../jwk/key.ts'
import { badOption } from '../options.ts'
import { defaultMaxPlaintextBytes, readCount, readIterations } from './decrypt-options.ts'
import { defaultMaxTokenLength } from './parsed.ts'

/** How content is encrypted. */
export interface EncryptOptions {
  /** The content encryption. Default: `A256GCM`; a key that is used directly has its own. */
  readonly enc?: ContentEncryptionAlgorithm
  /** Further parameters of the protected header, such as `typ`, `cty`, `kid`, `apu` and `apv`. Anybody can read them. */
  readonly header?: { readonly [parameter: string]: unknown }
  /** Compresses first. The size of the token then tells something of its content (RFC 8725 §3.6). Default: not. */
  readonly zip?: 'DEF'
  /** PBES2: iterations. Default: 600000 with SHA-256, 210000 with SHA-384 and SHA-512. */
  readonly pbes2Iterations?: number
  /** Octets that a plaintext may have if it is compressed. Default: 262144 (256 KiB), as readers have it. */
  readonly maxPlaintextBytes?: number
  /** Characters of the token at most. Default: 65536, as readers have it. */
  readonly maxTokenLength?: number
}

/** Options as the engine wants them. */
export interface EncryptPlan {
  readonly enc: ContentEncryptionAlgorithm | undefined
  readonly header: JsonObject
  readonly zip: boolean
  readonly pbes2Iterations: number | undefined
  readonly maxPlaintextBytes: number
  readonly maxTokenLength: number
}

/** The names of `EncryptOptions`. */
export const encryptOptionNames: readonly (keyof EncryptOptions)[] = [
  'enc',
  'header',
  'zip',
  'pbes2Iterations',
  'maxPlaintextBytes',
  'maxTokenLength',
]

/** Makes the plan of options that were read already. @throws {JoseError} `option_invalid` */
export function makeEncryptPlan(given: EncryptOptions, where: string): EncryptPlan {
  const { enc, zip, pbes2Iterations } = given
  if (enc !== undefined && contentEncryptionRow(enc) === undefined)
    throw badOption(where, 'enc', 'a content encryption algorithm such as A256GCM', enc)
  if (zip !== undefined && zip !== 'DEF') throw badOption(where, 'zip', '"DEF"', zip)
  return {
    enc,
    header: readHeaderOption(given.header, 'header', where),
    zip: zip !== undefined,
    pbes2Iterations:
      pbes2Iterations === undefined ? undefined : readIterations(pbes2Iterations, 'pbes2Iterations', where),
    maxPlaintextBytes: readCount(
      given.maxPlaintextBytes ?? defaultMaxPlaintextBytes,
      'maxPlaintextBytes',
      where,
    ),
    maxTokenLength: readCount(given.maxTokenLength ?? defaultMaxTokenLength, 'maxTokenLength', where),
  }
}

/** Parameters that are the library's to write: a caller's value would contradict the key or the content. */
const ownParameters = ['alg', 'enc', 'zip', 'epk', 'iv', 'tag', 'p2s', 'p2c', 'b64'] as const

/** Header parameters of the caller's, copied. @throws {JoseError} `option_invalid` */
export function readHeaderOption(value: unknown, name: string, where: string): JsonObject {
  if (value === undefined) return {}
  if (!isObject(value)) throw badOption(where, name, 'an object', value)
  const header = toJsonObject(value, `option "${name}"`)
  const own = ownParameters.find((parameter) => Object.hasOwn(header, parameter))
  if (own !== undefined)
    throw new JoseError(
      'option_invalid',
      `${where}: option "${name}": leave out "${own}", which is written for you`,
    )
  return header
}

/** The content encryption for a key: its own where it is used directly. @throws {JoseError} `option_invalid` */
export function contentRowFor(key: EncryptionKey, { enc }: EncryptPlan, where: string): ContentEncryptionRow {
  const own = contentEncryptionRow(key.algorithm)
  if (own === undefined) return contentEncryptionRow(enc ?? defaultContentEncryption)!
  if (enc === undefined || enc === own.algorithm) return own
  throw new JoseError(
    'option_invalid',
    `${where}: option "enc": expected ${own.algorithm}, the key's own algorithm, got ${enc}: leave it out`,
  )
}
