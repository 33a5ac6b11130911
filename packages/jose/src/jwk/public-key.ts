/** Public keys for signatures, from JWKs. What verifies with published keys imports no other way of making a key. */
import { importRuntimeKey } from '../crypto/asymmetric-key.ts'
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import type { AsymmetricScheme } from '../crypto/scheme.ts'
import { prepareVerify } from '../crypto/signature.ts'
import type { AsymmetricAlgorithm, SignatureRow } from '../jwa/algorithm.ts'
import type { Jwk } from './jwk.ts'
import { makeKey, type PublicKey } from './key.ts'
import { type CheckedMembers, checkPublicMembers } from './public-members.ts'

/**
 * The public key of a JWK for one algorithm; other members than those of the public key are ignored.
 *
 * @throws {JoseError} `key_invalid`, `weak_key`; what the runtime throws when it refuses the key (a point that is not on its
 *   curve, for example)
 */
export function importPublicKey(jwk: Jwk, row: SignatureRow): Awaitable<PublicKey> {
  const checked = checkPublicMembers(jwk, row)
  const scheme = row.scheme as AsymmetricScheme
  return chain(importRuntimeKey('public', scheme, checked.members), (key) => {
    const fields = { type: 'public' as const, algorithm: row.algorithm as AsymmetricAlgorithm, ...kidOf(jwk) }
    return makeKey<PublicKey>(fields, {
      kind: 'public',
      scheme,
      key,
      signatureBytes: signatureBytes(checked, row),
      jwk: Object.freeze(checked.members),
      verify: prepareVerify(scheme, key, checked.members),
    })
  })
}

/** Octets that every signature of a key has. */
export function signatureBytes({ modulusBits }: CheckedMembers, row: SignatureRow): number {
  return row.signatureBytes ?? Math.ceil(modulusBits / 8)
}

/** The key ID, where there is one. */
export function kidOf({ kid }: Jwk): { readonly kid?: string } {
  return kid === undefined ? {} : { kid }
}
