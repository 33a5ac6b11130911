/** The content encryption algorithms: one row each (RFC 7518 §5). */
import type { HashName } from '../crypto/scheme.ts'
import type { ContentEncryptionAlgorithm, ContentEncryptionRow } from './encryption-algorithm.ts'

const gcm = (algorithm: ContentEncryptionAlgorithm, keyBytes: number): ContentEncryptionRow => ({
  algorithm,
  scheme: { kind: 'gcm' },
  keyBytes,
  ivBytes: 12, // RFC 7518 §5.3
  tagBytes: 16,
})

const cbcHmac = (
  algorithm: ContentEncryptionAlgorithm,
  hash: HashName,
  keyBytes: number,
): ContentEncryptionRow => ({
  algorithm,
  scheme: { kind: 'cbc-hmac', hash },
  keyBytes,
  ivBytes: 16,
  tagBytes: keyBytes / 2, // RFC 7518 §5.2.3–5.2.5
})

const rows: readonly ContentEncryptionRow[] = [
  gcm('A128GCM', 16),
  gcm('A192GCM', 24),
  gcm('A256GCM', 32),
  cbcHmac('A128CBC-HS256', 'SHA-256', 32),
  cbcHmac('A192CBC-HS384', 'SHA-384', 48),
  cbcHmac('A256CBC-HS512', 'SHA-512', 64),
]

const byName: ReadonlyMap<unknown, ContentEncryptionRow> = new Map(rows.map((row) => [row.algorithm, row]))

/** Every name of a content encryption algorithm, in the order of the table. */
export const contentEncryptionAlgorithms: readonly ContentEncryptionAlgorithm[] = rows.map(
  (row) => row.algorithm,
)

/** What content is encrypted with unless the caller says otherwise. */
export const defaultContentEncryption: ContentEncryptionAlgorithm = 'A256GCM'

/** The row of a name, exact case; undefined for every other name. */
export function contentEncryptionRow(name: unknown): ContentEncryptionRow | undefined {
  return byName.get(name)
}
