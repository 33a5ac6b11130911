/**
 * Keys without those that their issuer called back. A token names the key that it wants to be verified with, or none: with
 * none, every key of the set may verify it, the stolen one too, and nothing in the token says which one did (P18).
 */
import type { KeySelector, KeySet, VerificationKey } from '@tessera/jose'
import type { RevocationSource } from './revocations.ts'

/**
 * The keys of a set that are in force. One that a token asks for by its ID stays: its token is refused as revoked, which
 * says more than that there is no such key.
 */
export function keysInForce(keys: KeySet, revocations: RevocationSource): KeySet {
  const withoutRevoked = (list: readonly VerificationKey[], asked: KeySelector): readonly VerificationKey[] =>
    list.filter(({ kid }) => kid === undefined || kid === asked.kid || !revocations.isRevoked({}, kid))
  const inForce: KeySet = {
    selectKeys: (selector) => {
      const found = keys.selectKeys(selector)
      return found instanceof Promise
        ? found.then((list) => withoutRevoked(list, selector))
        : withoutRevoked(found, selector)
    },
    ...(keys.algorithms !== undefined && { algorithms: keys.algorithms }),
  }
  return Object.defineProperty(inForce, 'generation', { get: () => keys.generation, enumerable: true })
}
