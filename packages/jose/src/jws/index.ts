/** JSON Web Signature (RFC 7515, RFC 7797): every serialization, over any octets. What a JWT is signed as. */
export { signCompact, type VerifiedCompact, verifyCompact } from './compact-jws.ts'
export {
  type FlattenedJws,
  signFlattened,
  type SignJsonJwsOptions,
  type VerifiedFlattened,
  verifyFlattened,
} from './flattened.ts'
export {
  type GeneralJws,
  type SignaturePolicy,
  type Signer,
  signGeneral,
  type SignGeneralOptions,
  type VerifiedGeneral,
  type VerifiedSignature,
  verifyGeneral,
  type VerifyGeneralOptions,
} from './general.ts'
export type { ProtectedHeader } from './header.ts'
export type { SignJwsOptions, VerifyJwsOptions } from './jws-options.ts'
export type { JwsPayload } from './payload.ts'
export type { RawSecret, VerificationInput } from './verification-keys.ts'
