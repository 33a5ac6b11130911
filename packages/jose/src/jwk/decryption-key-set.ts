/**
 * The interface through which a reader of encrypted tokens asks for keys. `jwks/` implements it for JWK Sets; an
 * application may bring its own. It is handed parameters of a header that passed its checks and never the token.
 */
import type { ContentEncryptionAlgorithm, KeyManagementAlgorithm } from '../jwa/encryption-algorithm.ts'
import { readMember } from '../encoding/foreign-value.ts'
import type { DecryptionKey } from './key.ts'

/** What of a header may choose a key. `jku`, `x5u`, `jwk` and `x5c` never do. */
export interface DecryptionKeySelector {
  readonly alg: KeyManagementAlgorithm
  readonly enc: ContentEncryptionAlgorithm
  readonly kid?: string
}

export interface DecryptionKeySet {
  /**
   * The keys that may decrypt a token with this header, best first; usually one. Four are tried at most.
   *
   * @throws {JoseError} `key_not_found` when there is none; `keys_unavailable` when they could not be loaded
   */
  selectDecryptionKeys(
    selector: DecryptionKeySelector,
  ): readonly DecryptionKey[] | Promise<readonly DecryptionKey[]>
}

/** Whether a value has the shape of a set of decryption keys. */
export function isDecryptionKeySet(value: unknown): value is DecryptionKeySet {
  return typeof readMember(value, 'selectDecryptionKeys') === 'function'
}
