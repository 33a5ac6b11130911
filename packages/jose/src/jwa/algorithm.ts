/**
 * The types of the algorithm tables (RFC 7518). Only the files of this folder spell algorithm identifiers;
 * every other file is handed the resolved row.
 */
import type { SignatureScheme } from '../crypto/scheme.ts'

/** HMAC with SHA-2 (RFC 7518 §3.2): one secret signs and verifies. */
export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512'

/**
 * Public-key signatures: RFC 7518 §3.3–3.5, RFC 8812 (`ES256K`), RFC 9864 (`Ed25519`, `Ed448`), RFC 8037 (`EdDSA`, the
 * older name of both), RFC 9964 (`ML-DSA-…`, post-quantum). `supports` tells which of them the runtime has.
 */
export type AsymmetricAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'ES256K'
  | 'Ed25519'
  | 'Ed448'
  | 'EdDSA'
  | 'ML-DSA-44'
  | 'ML-DSA-65'
  | 'ML-DSA-87'

/** Every value of `alg` that a JWS of this library can carry. */
export type SignatureAlgorithm = HmacAlgorithm | AsymmetricAlgorithm

/** The values of `alg` that a key verifies: its own, and for an Edwards curve the other name of it (RFC 8037 §3.1). */
export type ReadAlgorithm<A extends SignatureAlgorithm> = A extends 'Ed25519' | 'Ed448'
  ? A | 'EdDSA'
  : A extends 'EdDSA'
    ? 'EdDSA' | 'Ed25519' | 'Ed448'
    : A

/** One row of the table: all that is known about one `alg`. */
export interface SignatureRow<A extends SignatureAlgorithm = SignatureAlgorithm> {
  readonly algorithm: A
  /** JWK `kty` of its keys (RFC 7517 §4.1). */
  readonly kty: 'oct' | 'RSA' | 'EC' | 'OKP' | 'AKP'
  /** JWK `crv` of its keys, for EC and OKP. */
  readonly crv?: string
  /** How the crypto room signs and verifies it. */
  readonly scheme: SignatureScheme
  /** Octets of a signature; for RSA the modulus decides and this is absent. */
  readonly signatureBytes?: number
  /** The smallest key: octets of an HMAC secret, bits of an RSA modulus. */
  readonly minimumKey?: number
  /** The other name that a key of this row also verifies (`Ed25519` and `EdDSA` are one algorithm). */
  readonly alias?: A
  /** AKP: octets of the public key (FIPS 204 §4, table 2). */
  readonly publicKeyBytes?: number
}
