/** The signature algorithms: one row each (RFC 7518 §3, RFC 8037 §3.1, RFC 9864 §2.2). */
import type { CurveName, HashName } from '../crypto/scheme.ts'
import type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm, SignatureRow } from './algorithm.ts'

const hmac = (algorithm: HmacAlgorithm, hash: HashName, bytes: number): SignatureRow => ({
  algorithm,
  kty: 'oct',
  scheme: { kind: 'hmac', hash },
  signatureBytes: bytes,
  minimumKey: bytes, // RFC 7518 §3.2: a key of the size of the hash output or larger
})

const rsa = (
  algorithm: AsymmetricAlgorithm,
  kind: 'rsa-pkcs1' | 'rsa-pss',
  hash: HashName,
  saltBytes: number,
): SignatureRow => ({
  algorithm,
  kty: 'RSA',
  scheme: kind === 'rsa-pss' ? { kind, hash, saltBytes } : { kind, hash },
  minimumKey: 2048, // RFC 7518 §3.3, §3.5
})

const ecdsa = (
  algorithm: AsymmetricAlgorithm,
  curve: CurveName,
  hash: HashName,
  bytes: number,
): SignatureRow => ({
  algorithm,
  kty: 'EC',
  crv: curve,
  scheme: { kind: 'ecdsa', hash, curve },
  signatureBytes: bytes,
})

const eddsa = (algorithm: AsymmetricAlgorithm, alias: AsymmetricAlgorithm): SignatureRow => ({
  algorithm,
  kty: 'OKP',
  crv: 'Ed25519',
  scheme: { kind: 'eddsa', curve: 'Ed25519' },
  signatureBytes: 64,
  alias,
})

const rows: readonly SignatureRow[] = [
  hmac('HS256', 'SHA-256', 32),
  hmac('HS384', 'SHA-384', 48),
  hmac('HS512', 'SHA-512', 64),
  rsa('RS256', 'rsa-pkcs1', 'SHA-256', 0),
  rsa('RS384', 'rsa-pkcs1', 'SHA-384', 0),
  rsa('RS512', 'rsa-pkcs1', 'SHA-512', 0),
  rsa('PS256', 'rsa-pss', 'SHA-256', 32),
  rsa('PS384', 'rsa-pss', 'SHA-384', 48),
  rsa('PS512', 'rsa-pss', 'SHA-512', 64),
  ecdsa('ES256', 'P-256', 'SHA-256', 64),
  ecdsa('ES384', 'P-384', 'SHA-384', 96),
  ecdsa('ES512', 'P-521', 'SHA-512', 132),
  eddsa('Ed25519', 'EdDSA'),
  eddsa('EdDSA', 'Ed25519'),
]

// A Map, so that `constructor` and `__proto__` name no row.
const byName: ReadonlyMap<unknown, SignatureRow> = new Map(rows.map((row) => [row.algorithm, row]))

/** Every name of a signature algorithm, in the order of the table. */
export const signatureAlgorithms: readonly SignatureAlgorithm[] = rows.map((row) => row.algorithm)

/** The row of a name, exact case; undefined for `none` and every other name. */
export function signatureRow(name: unknown): SignatureRow | undefined {
  return byName.get(name)
}

/** Whether a name is that of an HMAC algorithm. */
export function isHmacAlgorithm(name: unknown): name is HmacAlgorithm {
  return byName.get(name)?.kty === 'oct'
}

/** Whether a key of one algorithm verifies tokens of another name: the same, or Ed25519 under its older name. */
export function isSameAlgorithm(
  keyAlgorithm: SignatureAlgorithm,
  tokenAlgorithm: SignatureAlgorithm,
): boolean {
  return keyAlgorithm === tokenAlgorithm || byName.get(keyAlgorithm)?.alias === tokenAlgorithm
}

/** The rows whose keys have this type and curve. */
export function rowsForKey(kty: string, crv?: string): readonly SignatureRow[] {
  return rows.filter((row) => row.kty === kty && row.crv === crv)
}

/** The row of a row's name, which is always there. @internal */
export function requireRow(name: SignatureAlgorithm): SignatureRow {
  return byName.get(name)!
}
