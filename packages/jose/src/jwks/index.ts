/** JWK Sets (RFC 7517 §5): at hand, or published by an issuer. */
export {
  createDecryptionJwkSet,
  createEncryptionJwkSet,
  type EncryptionJwkSetOptions,
  type EncryptionKeySet,
} from './encryption-set.ts'
export { createLocalJwkSet, type LocalJwkSetOptions } from './local.ts'
export { createRemoteJwkSet, type RemoteJwkSet, type RemoteJwkSetOptions } from './remote.ts'
export type { OnWarning } from './jwk-set.ts'
