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
  // Keys from files, private keys, and those that go out.
  'jwk/asn1/',
  'jwk/export.ts',
  'jwk/external-signer.ts',
  'jwk/generate.ts',
  'jwk/import.ts',
  'jwk/import-jwk.ts',
  'jwk/material.ts',
  'jwk/thumbprint.ts',
  'crypto/rsa-pss-key.ts',
  // What an issuer has, and key sets that outlive a process.
  'jwks/encryption-set.ts',
  'jwks/key-ring.ts',
  'jwks/shared-store.ts',
  'jwks/snapshot.ts',
  // Tokens with rules of their own, and verifiers of several issuers.
  'jwt/define-token.ts',
  'jwt/issuer-directory.ts',
  'jwt/issuer-router.ts',
  'jwt/profile-rules.ts',
  // What a runtime has, and what takes the place of that which Node has.
  'jwa/supports.ts',
  'crypto/runtime-name.ts',
  'crypto/sha2.ts',
  'crypto/web-parameters.ts',
]
