/** The kinds of keys and the object identifiers that files call them by: one row each. */

/** What an AlgorithmIdentifier (RFC 5280 §4.1.1.2) says of a key, in the words of JWK. */
export interface KeyKind {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP'
  readonly crv?: string
  /** AKP: the key type does not say the parameter set, `alg` does (RFC 9964). */
  readonly alg?: string
  readonly oid: string
  /** EC: the object identifier of the named curve. */
  readonly curveOid?: string
}

const ecPublicKey = '1.2.840.10045.2.1' // RFC 5480 §2.1.1

const rows: readonly KeyKind[] = [
  { kty: 'RSA', oid: '1.2.840.113549.1.1.1' }, // RFC 8017 §A.1
  { kty: 'EC', crv: 'P-256', oid: ecPublicKey, curveOid: '1.2.840.10045.3.1.7' },
  { kty: 'EC', crv: 'P-384', oid: ecPublicKey, curveOid: '1.3.132.0.34' },
  { kty: 'EC', crv: 'P-521', oid: ecPublicKey, curveOid: '1.3.132.0.35' },
  { kty: 'EC', crv: 'secp256k1', oid: ecPublicKey, curveOid: '1.3.132.0.10' },
  { kty: 'OKP', crv: 'X25519', oid: '1.3.101.110' }, // RFC 8410 §3
  { kty: 'OKP', crv: 'X448', oid: '1.3.101.111' },
  { kty: 'OKP', crv: 'Ed25519', oid: '1.3.101.112' },
  { kty: 'OKP', crv: 'Ed448', oid: '1.3.101.113' },
  { kty: 'AKP', alg: 'ML-DSA-44', oid: '2.16.840.1.101.3.4.3.17' }, // RFC 9881 §2
  { kty: 'AKP', alg: 'ML-DSA-65', oid: '2.16.840.1.101.3.4.3.18' },
  { kty: 'AKP', alg: 'ML-DSA-87', oid: '2.16.840.1.101.3.4.3.19' },
]

/** The kind that identifiers mean. */
export function keyKindOf(oid: string, curveOid?: string): KeyKind | undefined {
  return rows.find((row) => row.oid === oid && row.curveOid === curveOid)
}

/** Whether keys of an algorithm name a curve beside it. */
export function namesCurve(oid: string): boolean {
  return oid === ecPublicKey
}

/** The kind of a JWK. */
export function keyKindFor(jwk: { kty: string; crv?: string; alg?: string }): KeyKind | undefined {
  return rows.find(
    (row) => row.kty === jwk.kty && row.crv === jwk.crv && (row.alg === undefined || row.alg === jwk.alg),
  )
}
