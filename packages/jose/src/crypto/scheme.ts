/** How a signature is made, in the words of cryptography. This room knows no JOSE names. */

export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512'
export type CurveName = 'P-256' | 'P-384' | 'P-521' | 'secp256k1'
export type EdwardsCurveName = 'Ed25519' | 'Ed448'
/** The parameter sets of FIPS 204 §4. */
export type MlDsaSet = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'

export type SignatureScheme =
  | { readonly kind: 'hmac'; readonly hash: HashName }
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName }
  /** The salt is as long as the hash (RFC 7518 §3.5). */
  | { readonly kind: 'rsa-pss'; readonly hash: HashName; readonly saltBytes: number }
  /** Signatures are r ‖ s, each as long as the order of the curve (RFC 7518 §3.4). */
  | { readonly kind: 'ecdsa'; readonly hash: HashName; readonly curve: CurveName }
  /** The pure forms, with no context (RFC 8032 §5.1, §5.2). */
  | { readonly kind: 'eddsa'; readonly curve: EdwardsCurveName }
  /** The pure form, with an empty context (FIPS 204 §5.2). */
  | { readonly kind: 'ml-dsa'; readonly set: MlDsaSet }

export type AsymmetricScheme = Exclude<SignatureScheme, { kind: 'hmac' }>
