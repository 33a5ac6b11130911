/** The members of an asymmetric JWK, held against its algorithm (RFC 7518 §6, RFC 8037 §2, RFC 9964). */
import type { SignatureRow } from '../jwa/algorithm.ts'
import { edwardsFault } from './edwards-point.ts'
import { isPrivateJwk, type Jwk, member, pick, wrong } from './jwk.ts'
import { checkRsaMembers } from './rsa-members.ts'

/** Octets of a coordinate of each curve (RFC 7518 §6.2.1.2: the full size, leading zeros kept). */
const coordinateBytes: ReadonlyMap<unknown, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
  ['secp256k1', 32],
  ['Ed25519', 32],
  ['Ed448', 57],
  ['X25519', 32],
  ['X448', 56],
])

/** Octets of `d` or `priv` of a private key that is not RSA. */
export function privateBytes({ crv }: Jwk): number {
  return coordinateBytes.get(crv) ?? seedBytes
}

/** Octets of the seed that an ML-DSA private key is made from (FIPS 204 §5.1), its only private form in a JWK. */
const seedBytes = 32

/** What the members of a key are held against: the row of its algorithm, and the curve where the row leaves it open. */
export type JwkRule = Omit<SignatureRow, 'algorithm' | 'scheme'> & { readonly algorithm: string }

/** The members of an asymmetric key that passed its checks. */
export interface CheckedJwk {
  readonly kind: 'public' | 'private'
  /** `kty`, `crv` and the key's own members, nothing else. */
  readonly members: Readonly<Record<string, string>>
  /** RSA: bits of the modulus. */
  readonly modulusBits: number
}

/**
 * The key members of an asymmetric JWK for one algorithm.
 *
 * @throws {JoseError} `key_invalid` for another `kty` or `crv`, a missing or badly encoded member, a wrong length;
 *   `weak_key` for an RSA modulus below 2048 bits
 */
export function checkJwk(jwk: Jwk, row: JwkRule): CheckedJwk {
  if (jwk.kty !== row.kty) throw wrong('kty', `${row.kty} for ${row.algorithm}`, 'another key type')
  if (row.crv !== undefined && jwk.crv !== row.crv)
    throw wrong('crv', `${row.crv} for ${row.algorithm}`, 'another curve')
  const kind = isPrivateJwk(jwk) ? 'private' : 'public'
  if (row.kty === 'RSA') return { kind, ...checkRsaMembers(jwk, kind, row.minimumKey!) }
  if (row.kty === 'AKP') return checkAkp(jwk, kind, row)
  const size = coordinateBytes.get(jwk.crv)!
  const names = [...(row.kty === 'EC' ? ['x', 'y'] : ['x']), ...(kind === 'private' ? ['d'] : [])]
  for (const name of names) {
    const { length } = member(jwk, name)
    if (length !== size) throw wrong(name, `${size} octets for ${String(row.crv)}`, `${length}`)
  }
  if (row.crv === 'Ed25519' || row.crv === 'Ed448') {
    const fault = edwardsFault(row.crv, member(jwk, 'x'))
    if (fault !== undefined) throw wrong('x', 'a point of large order, canonically encoded', fault)
  }
  return { kind, members: { kty: row.kty, crv: row.crv!, ...pick(jwk, names) }, modulusBits: 0 }
}

/** RFC 9964: the key type does not say for which parameters a key is; `alg` does, and must be there. */
function checkAkp(jwk: Jwk, kind: 'public' | 'private', row: JwkRule): CheckedJwk {
  if (jwk.alg !== row.algorithm) throw wrong('alg', row.algorithm, jwk.alg === undefined ? 'none' : 'another')
  const sizes = { pub: row.publicKeyBytes!, ...(kind === 'private' ? { priv: seedBytes } : {}) }
  for (const [name, size] of Object.entries(sizes)) {
    const { length } = member(jwk, name)
    if (length !== size) throw wrong(name, `${size} octets for ${row.algorithm}`, `${length}`)
  }
  const members = { kty: row.kty, alg: row.algorithm, ...pick(jwk, Object.keys(sizes)) }
  return { kind, members, modulusBits: 0 }
}
