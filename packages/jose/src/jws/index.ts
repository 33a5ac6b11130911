/** JSON Web Signature (RFC 7515): what a JWT is signed as. */
export type { ProtectedHeader } from './header.ts'
export type { RawSecret, VerificationInput } from './verification-keys.ts'
