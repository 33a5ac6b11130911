// @ts-check
/**
 * What of `@tessera/jose` a process on Node loads when it first calls it, and not before
 * (docs/decisions/0048-what-node-loads-late.md): modules that no verification with a secret needs, by the beginnings of their
 * paths in `src`. What only these import is late with them.
 *
 * @type {readonly string[]}
 */
export const lateModules = [
  // Encrypted tokens.
  'jwe/',
  'jwk/encryption-generate.ts',
  'jwk/encryption-import.ts',
  'jwk/encryption-key.ts',
  'jwk/encryption-secret.ts',
  'jwt/decrypt.ts',
  'jwt/encrypt.ts',
  'jwt/seal.ts',
  // Keys that come from outside, are made, or go out.
  'jwk/asn1/',
  'jwk/export.ts',
  'jwk/external-signer.ts',
  'jwk/generate.ts',
  'jwk/import.ts',
  'jwk/import-jwk.ts',
  'jwk/thumbprint.ts',
  // Sets of keys.
  'jwks/encryption-set.ts',
  'jwks/key-ring.ts',
  'jwks/shared-store.ts',
  // Verifiers of several issuers, definitions of tokens.
  'jwt/define-token.ts',
  'jwt/issuer-directory.ts',
  'jwt/issuer-router.ts',
  // What `node:crypto` is asked for in their place.
  'crypto/sha2.ts',
]
