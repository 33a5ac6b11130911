/** The algorithm of a key for encryption, resolved: what its keys look like. */
import { contentEncryptionAlgorithms, contentEncryptionRow } from './content-encryption-algorithms.ts'
import type { EncryptionAlgorithm, KeyManagementRow } from './encryption-algorithm.ts'
import { keyManagementAlgorithms, keyManagementRow } from './key-management-algorithms.ts'

/** What is known of the keys of one algorithm. */
export interface EncryptionKeyRow {
  readonly algorithm: EncryptionAlgorithm
  /** How they manage content keys; for a key of a content encryption this is the row of `dir`. */
  readonly management: KeyManagementRow
  /** Octets of an AES key, exactly. Absent for passwords and public keys. */
  readonly keyBytes?: number
}

/** The row of a key's algorithm; undefined for `dir`, which does not say what its keys look like, and for other names. */
export function encryptionKeyRow(name: unknown): EncryptionKeyRow | undefined {
  const content = contentEncryptionRow(name)
  if (content !== undefined) {
    const { algorithm, keyBytes } = content
    return { algorithm, management: keyManagementRow('dir')!, keyBytes }
  }
  const management = keyManagementRow(name)
  if (management === undefined || management.scheme.kind === 'direct') return undefined
  const { scheme } = management
  const isWrap = scheme.kind === 'aes-kw' || scheme.kind === 'aes-gcm-kw'
  const algorithm = management.algorithm as EncryptionAlgorithm
  return { algorithm, management, ...(isWrap ? { keyBytes: scheme.keyBytes } : {}) }
}

/** The names of the algorithms whose keys have this type, for messages. */
export function encryptionAlgorithmsFor(kty: string): readonly string[] {
  return [...contentEncryptionAlgorithms, ...keyManagementAlgorithms].filter((name) => {
    const types: readonly string[] = encryptionKeyRow(name)?.management.kty ?? []
    return types.includes(kty)
  })
}
