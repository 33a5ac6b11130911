/** The key management algorithms: one row each (RFC 7518 §4, RFC 8037 §3.2). */
import type { OaepHash } from '../crypto/cipher-scheme.ts'
import type { HashName } from '../crypto/scheme.ts'
import type {
  KeyManagementAlgorithm,
  KeyManagementRow,
  KeyWrapAlgorithm,
  PasswordAlgorithm,
  PublicKeyManagementAlgorithm,
} from './encryption-algorithm.ts'

const keyWrap = (
  algorithm: KeyWrapAlgorithm,
  kind: 'aes-kw' | 'aes-gcm-kw',
  keyBytes: number,
): KeyManagementRow => ({ algorithm, scheme: { kind, keyBytes }, kty: ['oct'] })

const oaep = (algorithm: PublicKeyManagementAlgorithm, hash: OaepHash): KeyManagementRow => ({
  algorithm,
  scheme: { kind: 'rsa-oaep', hash },
  kty: ['RSA'],
  minimumKey: 2048, // RFC 7518 §4.3
})

const agreement = (algorithm: PublicKeyManagementAlgorithm, keyBytes?: number): KeyManagementRow => ({
  algorithm,
  scheme: { kind: 'ecdh', ...(keyBytes === undefined ? {} : { keyBytes }) },
  kty: ['EC', 'OKP'],
})

const password = (
  algorithm: PasswordAlgorithm,
  hash: HashName,
  keyBytes: number,
  iterations: number,
): KeyManagementRow => ({
  algorithm,
  scheme: { kind: 'pbes2', hash, keyBytes },
  kty: ['oct'],
  minimumKey: keyBytes, // RFC 7518 §8.8: a password is no shorter than the key that it gives
  iterations,
})

const rows: readonly KeyManagementRow[] = [
  { algorithm: 'dir', scheme: { kind: 'direct' }, kty: ['oct'] },
  keyWrap('A128KW', 'aes-kw', 16),
  keyWrap('A192KW', 'aes-kw', 24),
  keyWrap('A256KW', 'aes-kw', 32),
  keyWrap('A128GCMKW', 'aes-gcm-kw', 16),
  keyWrap('A192GCMKW', 'aes-gcm-kw', 24),
  keyWrap('A256GCMKW', 'aes-gcm-kw', 32),
  agreement('ECDH-ES'),
  agreement('ECDH-ES+A128KW', 16),
  agreement('ECDH-ES+A192KW', 24),
  agreement('ECDH-ES+A256KW', 32),
  oaep('RSA-OAEP', 'SHA-1'),
  oaep('RSA-OAEP-256', 'SHA-256'),
  oaep('RSA-OAEP-384', 'SHA-384'),
  oaep('RSA-OAEP-512', 'SHA-512'),
  // Iterations as OWASP's Password Storage Cheat Sheet asks for PBKDF2 with each hash.
  password('PBES2-HS256+A128KW', 'SHA-256', 16, 600_000),
  password('PBES2-HS384+A192KW', 'SHA-384', 24, 210_000),
  password('PBES2-HS512+A256KW', 'SHA-512', 32, 210_000),
]

const byName: ReadonlyMap<unknown, KeyManagementRow> = new Map(rows.map((row) => [row.algorithm, row]))

/** Every name of a key management algorithm, in the order of the table. */
export const keyManagementAlgorithms: readonly KeyManagementAlgorithm[] = rows.map((row) => row.algorithm)

/** The row of a name, exact case; undefined for `RSA1_5` and every other name. */
export function keyManagementRow(name: unknown): KeyManagementRow | undefined {
  return byName.get(name)
}

/** Why a value of `alg` has no row, for messages. */
export function whyNoKeyManagement(name: unknown): string {
  return name === 'RSA1_5'
    ? 'RSA1_5 is never accepted: its padding tells an attacker the key, question by question (RFC 8725 §3.2)'
    : 'not a key management algorithm that this version knows'
}
