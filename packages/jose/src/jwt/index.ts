/** JSON Web Tokens (RFC 7519): sign, verify, encode, decode. */
export type { ClaimsSet, NumericDate, RegisteredClaims } from './claims-set.ts'
export { decode, type DecodeOptions } from './decode.ts'
export { type DecryptedJwt, decryptJwt, type DecryptJwtOptions } from './decrypt.ts'
export { defineToken } from './define-token.ts'
export { encode, type EncodeOptions, type SignableClaims } from './encode.ts'
export { encryptJwt, type EncryptJwtOptions } from './encrypt.ts'
export type { Clock, Duration } from './numeric-date.ts'
export type {
  AccessTokenClaims,
  IdTokenClaims,
  LogoutTokenClaims,
  ProfileClaims,
  SecurityEventClaims,
} from './profile-claims.ts'
export type { ProfileOptions } from './profile-options.ts'
export type { ProfileName } from './profiles.ts'
export type { StandardSchema } from './schema.ts'
export { type OpenedJwt, openJwt, type OpenJwtOptions, sealJwt, type SealJwtOptions } from './seal.ts'
export { signJwt, type SignJwtOptions } from './sign.ts'
export type {
  CheckTokenOptions,
  DefinedToken,
  IssueTokenOptions,
  TokenDefinition,
} from './token-definition.ts'
export type { IssuerDirectoryOptions } from './issuer-directory.ts'
export {
  type AskedPolicy,
  createVerifier,
  type CreateVerifierOptions,
  type IssuerPolicy,
  type SignatureEngine,
  type TokenVerifier,
  type Verifier,
} from './verifier.ts'
export type { TokenCacheOptions } from './cached-verify.ts'
export { type RefusedJwt, safeVerifyJwt, type SafeVerifyResult, verifyJwt } from './verify.ts'
export type { Decrypted, DecryptedClaims, Verified, VerifiedClaims, VerifiedJwt } from './verified.ts'
export type { VerifyJwtOptions } from './verify-options.ts'
