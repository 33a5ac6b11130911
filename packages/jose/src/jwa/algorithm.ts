/**
 * The types of the algorithm tables (RFC 7518). Only the files of this folder spell algorithm identifiers;
 * every other file is handed the resolved row.
 */
import type { SignatureScheme } from '../crypto/scheme.ts'

/** HMAC with SHA-2 (RFC 7518 §3.2): one secret signs and verifies. */
export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512'

/** Public-key signatures: RFC 7518 §3.3–3.5, RFC 9864 (`Ed25519`), RFC 8037 (`EdDSA`, its older name). */
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
  | 'Ed25519'
  | 'EdDSA'

/** Every value of `alg` that a JWS of this library can carry. */
export type SignatureAlgorithm = HmacAlgorithm | AsymmetricAlgorithm

/** One row of the table: all that is known about one `alg`. */
export interface SignatureRow<A extends SignatureAlgorithm = SignatureAlgorithm> {
  readonly algorithm: A
  /** JWK `kty` of its keys (RFC 7517 §4.1). */
  readonly kty: 'oct' | 'RSA' | 'EC' | 'OKP'
  /** JWK `crv` of its keys, for EC and OKP. */
  readonly crv?: string
  /** How the crypto room signs and verifies it. */
  readonly scheme: SignatureScheme
  /** Octets of a signature; for RSA the modulus decides and this is absent. */
  readonly signatureBytes?: number
  /** The smallest key: octets of an HMAC secret, bits of an RSA modulus. */
  readonly minimumKey?: number
  /** Other names that a key of this row also verifies (`Ed25519` and `EdDSA` are one algorithm). */
  readonly alias?: A
}
