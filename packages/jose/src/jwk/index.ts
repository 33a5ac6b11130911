/** JSON Web Keys (RFC 7517): making, reading, writing and naming them. */
export { calculateThumbprint, calculateThumbprintUri, type ThumbprintHash } from './thumbprint.ts'
export { encryptionSecret, type EncryptionSecretSource } from './encryption-secret.ts'
export { exportJwk, exportPem } from './export.ts'
export { externalSigner, type ExternalSignerOptions } from './external-signer.ts'
export { generateKey, type GeneratedKey, type GenerateKeyOptions } from './generate.ts'
export { importKey, type ImportedKey, type ImportKeyOptions, type KeySource } from './import.ts'
export type { Jwk, JwkSet } from './jwk.ts'
export {
  type DecryptionKey,
  type EncryptionKey,
  isKey,
  isSignatureKey,
  type Key,
  type PrivateKey,
  type PublicKey,
  type SecretKey,
  type SignatureKey,
  type SigningKey,
  type VerificationKey,
} from './key.ts'
export type { KeySelector, KeySet } from './key-set.ts'
export type { SigningKeySet } from './signing-key-set.ts'
export { secret, type SecretOptions, type SecretSource } from './secret.ts'
