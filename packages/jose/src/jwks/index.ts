/** JWK Sets (RFC 7517 §5): at hand, or published by an issuer; and rings of keys that rotate, to publish. */
export {
  createDecryptionJwkSet,
  createEncryptionJwkSet,
  type EncryptionJwkSetOptions,
  type EncryptionKeySet,
} from './encryption-set.ts'
export { createLocalJwkSet, type LocalJwkSetOptions } from './local.ts'
export { createKeyRing, type KeyRing, type RingVerificationKey } from './key-ring.ts'
export type { KeyRingOptions } from './key-ring-options.ts'
export type { KeyRingState, KeyRingStore, StoredRingKey } from './ring-state.ts'
export type { RemoteJwkSetStatus } from './key-keeper.ts'
export { createRemoteJwkSet, type RemoteJwkSet } from './remote.ts'
export type { KeyFetchReport, RemoteJwkSetOptions } from './remote-options.ts'
export type { JwkSetStore } from './shared-store.ts'
export type { JwkSetSnapshot } from './snapshot.ts'
export type { OnWarning } from './jwk-set.ts'
