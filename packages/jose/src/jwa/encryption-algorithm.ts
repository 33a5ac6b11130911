/** The types of the tables of encryption (RFC 7518 §4, §5). As in `algorithm.ts`, identifiers are spelled only in this folder. */
import type { ContentScheme, KeyManagementScheme } from '../crypto/cipher-scheme.ts'

/** Every value of `enc` (RFC 7518 §5.1). */
export type ContentEncryptionAlgorithm =
  | 'A128GCM'
  | 'A192GCM'
  | 'A256GCM'
  | 'A128CBC-HS256'
  | 'A192CBC-HS384'
  | 'A256CBC-HS512'

/** A shared secret wraps the content encryption key (RFC 7518 §4.4, §4.7). */
export type KeyWrapAlgorithm = 'A128KW' | 'A192KW' | 'A256KW' | 'A128GCMKW' | 'A192GCMKW' | 'A256GCMKW'

/** A password does (RFC 7518 §4.8). */
export type PasswordAlgorithm = 'PBES2-HS256+A128KW' | 'PBES2-HS384+A192KW' | 'PBES2-HS512+A256KW'

/** A public key does (RFC 7518 §4.3, §4.6). RSA1_5 is not there, and will not be: padding oracles (RFC 8725 §3.2). */
export type PublicKeyManagementAlgorithm =
  | 'RSA-OAEP'
  | 'RSA-OAEP-256'
  | 'RSA-OAEP-384'
  | 'RSA-OAEP-512'
  | 'ECDH-ES'
  | 'ECDH-ES+A128KW'
  | 'ECDH-ES+A192KW'
  | 'ECDH-ES+A256KW'

/** Every value of `alg` that a JWE of this library can carry (RFC 7518 §4.1). */
export type KeyManagementAlgorithm =
  | 'dir'
  | KeyWrapAlgorithm
  | PasswordAlgorithm
  | PublicKeyManagementAlgorithm

/** The one algorithm of a secret for encryption. A key used directly (`dir`) is one of its content encryption. */
export type SecretEncryptionAlgorithm = ContentEncryptionAlgorithm | KeyWrapAlgorithm | PasswordAlgorithm

/** The one algorithm of any key for encryption. */
export type EncryptionAlgorithm = SecretEncryptionAlgorithm | PublicKeyManagementAlgorithm

/** One row of the content encryption table: all that is known about one `enc`. */
export interface ContentEncryptionRow {
  readonly algorithm: ContentEncryptionAlgorithm
  readonly scheme: ContentScheme
  /** Octets, exactly: of the key, the initialization vector and the tag. */
  readonly keyBytes: number
  readonly ivBytes: number
  readonly tagBytes: number
}

/** One row of the key management table: all that is known about one `alg`. */
export interface KeyManagementRow {
  readonly algorithm: KeyManagementAlgorithm
  readonly scheme: KeyManagementScheme
  /** JWK `kty` of its keys. */
  readonly kty: readonly ('oct' | 'RSA' | 'EC' | 'OKP')[]
  /** The smallest key: octets of a password (RFC 7518 §4.8.1), bits of an RSA modulus (§4.3). */
  readonly minimumKey?: number
  /** PBES2: iterations that `encrypt…` asks for unless told otherwise. */
  readonly iterations?: number
}
