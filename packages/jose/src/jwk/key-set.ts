/**
 * The interface through which a verifier asks for keys. `jwks/` implements it for local and remote JWK Sets; an
 * application may bring its own. It is handed a header that passed its checks and never the token.
 */
import { readMember } from '../encoding/foreign-value.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { VerificationKey } from './key.ts'

/** What of a protected header may choose a key. `jku`, `x5u`, `jwk` and `x5c` never do. */
export interface KeySelector {
  readonly alg: SignatureAlgorithm
  readonly kid?: string
}

/** A set of keys, of whatever it says it holds: `KeySet<PublicKey>` never hands out a secret. */
export interface KeySet<Key extends VerificationKey = VerificationKey> {
  /**
   * The keys that may verify a token with this header, best first; usually one. The verifier tries at most four.
   *
   * @throws {JoseError} `key_not_found` when there is none; `key_ambiguous` when there are too many to try;
   *   `keys_unavailable` when they could not be loaded (an outage, never the token's fault).
   */
  selectKeys(selector: KeySelector): readonly Key[] | Promise<readonly Key[]>
  /** Changes whenever the set's keys change, so that a cache of verified tokens can be dropped. */
  readonly generation?: number
  /** The algorithms that its keys can be for, where they are known beforehand. A verifier refuses to list others. */
  readonly algorithms?: readonly SignatureAlgorithm[]
}

/** Whether a value has the shape of a key set. */
export function isKeySet(value: unknown): value is KeySet {
  return typeof readMember(value, 'selectKeys') === 'function'
}
