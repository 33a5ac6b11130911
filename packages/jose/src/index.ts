/** The everyday verbs; every room is a subpath too (`@tessera/jose/jwk`, …). */
export {
  type AnyJoseError,
  type AuthenticErrorCode,
  type CallerErrorCode,
  isJoseError,
  JoseError,
  type TokenErrorCode,
  tokenErrorCodes,
} from './errors.ts'
export type { AsymmetricAlgorithm, HmacAlgorithm, SignatureAlgorithm } from './jwa/algorithm.ts'
export { supports } from './jwa/supports.ts'

export type {
  ContentEncryptionAlgorithm,
  EncryptionAlgorithm,
  KeyManagementAlgorithm,
  PublicKeyManagementAlgorithm,
  SecretEncryptionAlgorithm,
} from './jwa/encryption-algorithm.ts'

export type { DecryptionKeySelector, DecryptionKeySet } from './jwk/decryption-key-set.ts'
export { encryptionSecret, type EncryptionSecretSource } from './jwk/encryption-secret.ts'
export { exportJwk, exportPem } from './jwk/export.ts'
export { externalSigner, type ExternalSignerOptions } from './jwk/external-signer.ts'
export { generateKey, type GeneratedKey, type GenerateKeyOptions } from './jwk/generate.ts'
export { importKey, type ImportedKey, type ImportKeyOptions, type KeySource } from './jwk/import.ts'
export type { Jwk, JwkSet } from './jwk/jwk.ts'
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
} from './jwk/key.ts'
export type { KeySelector, KeySet } from './jwk/key-set.ts'
export type { SigningKeySet } from './jwk/signing-key-set.ts'
export { secret, type SecretOptions, type SecretSource } from './jwk/secret.ts'
export { calculateThumbprint, calculateThumbprintUri, type ThumbprintHash } from './jwk/thumbprint.ts'

export {
  createDecryptionJwkSet,
  createEncryptionJwkSet,
  type EncryptionJwkSetOptions,
  type EncryptionKeySet,
} from './jwks/encryption-set.ts'
export { createLocalJwkSet } from './jwks/local.ts'
export { createKeyRing, type KeyRing, type RingVerificationKey } from './jwks/key-ring.ts'
export type { KeyRingOptions } from './jwks/key-ring-options.ts'
export type { KeyRingState, KeyRingStore, StoredRingKey } from './jwks/ring-state.ts'
export type { RemoteJwkSetStatus } from './jwks/key-keeper.ts'
export { createRemoteJwkSet, type RemoteJwkSet } from './jwks/remote.ts'
export type { KeyFetchReport, RemoteJwkSetOptions } from './jwks/remote-options.ts'
export type { JwkSetStore } from './jwks/shared-store.ts'
export type { JwkSetSnapshot } from './jwks/snapshot.ts'

export type { DecryptionInput } from './jwe/encryption-keys.ts'
export type { JweHeader } from './jwe/header.ts'

export type { ProtectedHeader } from './jws/header.ts'
export type { RawSecret, VerificationInput } from './jws/verification-keys.ts'

export type { ClaimsSet, NumericDate, RegisteredClaims } from './jwt/claims-set.ts'
export { decode, type DecodeOptions } from './jwt/decode.ts'
export { type DecryptedJwt, decryptJwt, type DecryptJwtOptions } from './jwt/decrypt.ts'
export { defineToken } from './jwt/define-token.ts'
export { encode, type EncodeOptions, type SignableClaims } from './jwt/encode.ts'
export { encryptJwt, type EncryptJwtOptions } from './jwt/encrypt.ts'
export type { Clock, Duration } from './jwt/numeric-date.ts'
export type {
  AccessTokenClaims,
  IdTokenClaims,
  LogoutTokenClaims,
  ProfileClaims,
  SecurityEventClaims,
} from './jwt/profile-claims.ts'
export type { ProfileOptions } from './jwt/profile-options.ts'
export type { ProfileName } from './jwt/profiles.ts'
export type { StandardSchema } from './jwt/schema.ts'
export { type OpenedJwt, openJwt, type OpenJwtOptions, sealJwt, type SealJwtOptions } from './jwt/seal.ts'
export { signJwt, type SignJwtOptions } from './jwt/sign.ts'
export type {
  CheckTokenOptions,
  DefinedToken,
  IssueTokenOptions,
  TokenDefinition,
} from './jwt/token-definition.ts'
export type { IssuerDirectoryOptions } from './jwt/issuer-directory.ts'
export {
  type AskedPolicy,
  createVerifier,
  type CreateVerifierOptions,
  type IssuerPolicy,
  type SignatureEngine,
  type TokenVerifier,
  type Verifier,
} from './jwt/verifier.ts'
export type { TokenCacheOptions } from './jwt/cached-verify.ts'
export { type RefusedJwt, safeVerifyJwt, type SafeVerifyResult, verifyJwt } from './jwt/verify.ts'
export type { Decrypted, DecryptedClaims, Verified, VerifiedClaims, VerifiedJwt } from './jwt/verified.ts'
export type { VerifyJwtOptions } from './jwt/verify-options.ts'
