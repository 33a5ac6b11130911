/**
 * What secrets and digests are made with. Which of the two a function takes decides what its bundle weighs: whoever must
 * answer at once carries our own SHA-2 where there is no `node:crypto`; whoever may wait asks WebCrypto there
 * (`awaited-hashing.ts`).
 */
import type { Awaitable } from './awaitable.ts'
import { digest } from './hmac.ts'
import { makeSecretMaterial } from './hmac-material.ts'
import type { SecretVerification } from './material.ts'
import type { HashName } from './scheme.ts'

export interface Hashing {
  /** What a secret verifies with. */
  readonly makeMaterial: (hash: HashName, secret: Uint8Array) => SecretVerification
  readonly digest: (hash: HashName, data: Uint8Array) => Awaitable<Uint8Array>
}

/** At once, on every runtime. */
export const hashing: Hashing = { makeMaterial: makeSecretMaterial, digest }
