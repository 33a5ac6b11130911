/** The interface through which a signer asks for the key of the moment. `createKeyRing` implements it. */
import type { SigningKey } from './key.ts'

/** A set of keys of which one signs, of whatever it says it signs with. */
export interface SigningKeySet<Key extends SigningKey = SigningKey> {
  /** The key that signs now. @throws {JoseError} `keys_unavailable` when there is none to be had */
  signingKey(): Key | Promise<Key>
  /** How long a key verifies after it signed for the last time, in seconds: no token may live longer. */
  readonly retireAfterSeconds: number
}

/** Whether a value has the shape of such a set. */
export function isSigningKeySet(value: unknown): value is SigningKeySet {
  if (typeof value !== 'object' || value === null) return false
  const { signingKey, retireAfterSeconds } = value as Partial<SigningKeySet>
  return typeof signingKey === 'function' && typeof retireAfterSeconds === 'number'
}
