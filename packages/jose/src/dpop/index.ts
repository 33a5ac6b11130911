/** Proof of possession for requests (DPoP, RFC 9449): a token that a thief cannot use. */
export { boundThumbprint, checkDpopBinding } from './binding.ts'
export { createDpopProof, type CreateDpopProofOptions } from './create-proof.ts'
export type { DpopProofClaims } from './proof-claims.ts'
export {
  createMemoryReplayStore,
  type MemoryReplayStore,
  type MemoryReplayStoreOptions,
  type ReplayStore,
} from './replay-store.ts'
export type { VerifyDpopProofOptions } from './verify-options.ts'
export { type VerifiedDpopProof, verifyDpopProof } from './verify-proof.ts'
