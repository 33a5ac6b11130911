/** How content is encrypted and keys are managed, in the words of cryptography. No JOSE names here either. */
import type { HashName } from './scheme.ts'

export type NistCurve = 'P-256' | 'P-384' | 'P-521'

/** The curves on which keys are agreed. */
export type AgreementCurve = NistCurve | 'X25519' | 'X448'

/** RSA-OAEP still knows SHA-1, which is no weakness there (RFC 8017 §B.1). */
export type OaepHash = 'SHA-1' | HashName

/** Authenticated encryption of content. */
export type ContentScheme =
  | { readonly kind: 'gcm' }
  /** The key is MAC key ‖ encryption key, the tag the first half of the MAC (RFC 7518 §5.2). */
  | { readonly kind: 'cbc-hmac'; readonly hash: HashName }

/** How a content encryption key reaches its recipient. */
export type KeyManagementScheme =
  | { readonly kind: 'direct' }
  | { readonly kind: 'aes-kw'; readonly keyBytes: number }
  | { readonly kind: 'aes-gcm-kw'; readonly keyBytes: number }
  /** Without `keyBytes` the agreed key is the content key itself. */
  | { readonly kind: 'ecdh'; readonly keyBytes?: number }
  | { readonly kind: 'rsa-oaep'; readonly hash: OaepHash }
  | { readonly kind: 'pbes2'; readonly hash: HashName; readonly keyBytes: number }

/** The part of a scheme that an asymmetric key is bound to. */
export type AsymmetricKeyScheme =
  | { readonly kind: 'rsa-oaep'; readonly hash: OaepHash }
  | { readonly kind: 'ecdh'; readonly curve: AgreementCurve }
