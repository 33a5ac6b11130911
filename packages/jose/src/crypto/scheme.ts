/** How a signature is made, in the words of cryptography. This room knows no JOSE names. */

export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512'
export type CurveName = 'P-256' | 'P-384' | 'P-521'

export type SignatureScheme =
  | { readonly kind: 'hmac'; readonly hash: HashName }
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName }
  /** The salt is as long as the hash (RFC 7518 §3.5). */
  | { readonly kind: 'rsa-pss'; readonly hash: HashName; readonly saltBytes: number }
  /** Signatures are r ‖ s, each as long as the order of the curve (RFC 7518 §3.4). */
  | { readonly kind: 'ecdsa'; readonly hash: HashName; readonly curve: CurveName }
  | { readonly kind: 'eddsa'; readonly curve: 'Ed25519' }

export type AsymmetricScheme = Exclude<SignatureScheme, { kind: 'hmac' }>
