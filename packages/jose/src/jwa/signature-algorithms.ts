/** The signature algorithms: one row each (RFC 7518 §3, RFC 8037 §3.1, RFC 8812 §3, RFC 9864 §2.2, RFC 9964). */
import type { CurveName, EdwardsCurveName, HashName, MlDsaSet } from '../crypto/scheme.ts'
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

/** A key of either Edwards curve goes by the name of its curve, and by the name that both had before (RFC 8037 §3.1). */
const eddsa = (curve: EdwardsCurveName, signatureBytes: number): readonly SignatureRow[] => {
  const shared = { kty: 'OKP', crv: curve, scheme: { kind: 'eddsa', curve }, signatureBytes } as const
  return [
    { ...shared, algorithm: curve, alias: 'EdDSA' },
    { ...shared, algorithm: 'EdDSA', alias: curve },
  ]
}

const mlDsa = (set: MlDsaSet, publicKeyBytes: number, signatureBytes: number): SignatureRow => ({
  algorithm: set,
  kty: 'AKP',
  scheme: { kind: 'ml-dsa', set },
  signatureBytes,
  publicKeyBytes,
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
  ecdsa('ES256K', 'secp256k1', 'SHA-256', 64),
  ...eddsa('Ed25519', 64),
  ...eddsa('Ed448', 114),
  mlDsa('ML-DSA-44', 1312, 2420),
  mlDsa('ML-DSA-65', 1952, 3309),
  mlDsa('ML-DSA-87', 2592, 4627),
]

// A Map, so that `constructor` and `__proto__` name no row. `EdDSA` alone means Ed25519, which is what peers mean by it.
const byName: ReadonlyMap<unknown, SignatureRow> = new Map(
  [...rows].reverse().map((row) => [row.algorithm, row]),
)

/** Every name of a signature algorithm, in the order of the table. */
export const signatureAlgorithms: readonly SignatureAlgorithm[] = [
  ...new Set(rows.map((row) => row.algorithm)),
]

/** The names of those with a key pair: all that a published set of keys can hold. */
export const asymmetricAlgorithms: readonly AsymmetricAlgorithm[] = signatureAlgorithms.filter(
  (name): name is AsymmetricAlgorithm => !isHmacAlgorithm(name),
)

/**
 * The row of a name, exact case; undefined for `none` and every other name.
 *
 * @param crv - the curve of the key at hand: `EdDSA` is the name of two rows
 */
export function signatureRow(name: unknown, crv?: string): SignatureRow | undefined {
  const row = byName.get(name)
  if (row?.alias === undefined || row.crv === crv || crv === undefined) return row
  return rows.find((other) => other.algorithm === name && other.crv === crv) ?? row
}

/** Whether a name is that of an HMAC algorithm. */
export function isHmacAlgorithm(name: unknown): name is HmacAlgorithm {
  return byName.get(name)?.kty === 'oct'
}

/** Whether a key of this row verifies tokens of a name: its own, or that of an Edwards curve under its other name. */
export function readsAlgorithm(row: SignatureRow, name: unknown): boolean {
  return row.algorithm === name || (row.alias !== undefined && row.alias === name)
}

/** The rows whose keys have this type and curve. */
export function rowsForKey(kty: string, crv?: string): readonly SignatureRow[] {
  return rows.filter((row) => row.kty === kty && row.crv === crv)
}

/** The row of a row's name, which is always there. @internal */
export function requireRow(name: SignatureAlgorithm, crv?: string): SignatureRow {
  return signatureRow(name, crv)!
}
