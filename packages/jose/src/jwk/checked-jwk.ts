/** The members of an asymmetric JWK, private ones included (RFC 7518 §6, RFC 8037 §2, RFC 9964). */
import { isPrivateJwk, type Jwk, pick } from './jwk.ts'
import {
  type CheckedMembers,
  checkPublicMembers,
  checkSize,
  coordinateBytes,
  type JwkRule,
} from './public-members.ts'
import { checkRsaPrivate, rsaPrivateNames } from './rsa-private-members.ts'

/** Octets of `d` or `priv` of a private key that is not RSA. */
export function privateBytes({ crv }: Jwk): number {
  return coordinateBytes.get(crv) ?? seedBytes
}

/** Octets of the seed that an ML-DSA private key is made from (FIPS 204 §5.1), its only private form in a JWK. */
const seedBytes = 32

/** The members of an asymmetric key that passed its checks. */
export interface CheckedJwk extends CheckedMembers {
  readonly kind: 'public' | 'private'
}

/**
 * The key members of an asymmetric JWK for one algorithm.
 *
 * @throws {JoseError} `key_invalid` for another `kty` or `crv`, a missing or badly encoded member, a wrong length, RSA members
 *   of different keys; `weak_key` for an RSA modulus below 2048 bits
 */
export function checkJwk(jwk: Jwk, row: JwkRule): CheckedJwk {
  const checked = checkPublicMembers(jwk, row)
  if (!isPrivateJwk(jwk)) return { kind: 'public', ...checked }
  const names = row.kty === 'RSA' ? rsaPrivateNames : row.kty === 'AKP' ? ['priv'] : ['d']
  if (row.kty === 'RSA') checkRsaPrivate(jwk)
  else checkSize(jwk, names, row.kty === 'AKP' ? seedBytes : privateBytes(jwk))
  return { ...checked, kind: 'private', members: { ...checked.members, ...pick(jwk, names) } }
}
