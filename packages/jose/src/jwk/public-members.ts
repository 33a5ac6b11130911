/** The public members of an asymmetric JWK, held against its algorithm (RFC 7518 §6, RFC 8037 §2, RFC 9964). */
import { JoseError } from '../errors.ts'
import type { SignatureRow } from '../jwa/algorithm.ts'
import { edwardsFault } from './edwards-point.ts'
import { type Jwk, member, pick, wrong } from './jwk.ts'

/** Octets of a coordinate of each curve (RFC 7518 §6.2.1.2: the full size, leading zeros kept). */
export const coordinateBytes: ReadonlyMap<unknown, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
  ['secp256k1', 32],
  ['Ed25519', 32],
  ['Ed448', 57],
  ['X25519', 32],
  ['X448', 56],
])

/** What the members of a key are held against: the row of its algorithm, and the curve where the row leaves it open. */
export type JwkRule = Omit<SignatureRow, 'algorithm' | 'scheme'> & { readonly algorithm: string }

/** The members of a key that passed its checks. */
export interface CheckedMembers {
  /** `kty`, what says which curve or parameters it is of, and the key's own members; nothing else. */
  readonly members: Readonly<Record<string, string>>
  /** RSA: bits of the modulus; 0 otherwise. */
  readonly modulusBits: number
}

/**
 * The public members of an asymmetric JWK for one algorithm.
 *
 * @throws {JoseError} `key_invalid` for another `kty` or `crv`, a missing or badly encoded member, a wrong length;
 *   `weak_key` for an RSA modulus below 2048 bits
 */
export function checkPublicMembers(jwk: Jwk, row: JwkRule): CheckedMembers {
  const { kty, crv, algorithm } = row
  if (jwk.kty !== kty) throw wrong('kty', `${kty} for ${algorithm}`, 'another key type')
  if (crv !== undefined && jwk.crv !== crv) throw wrong('crv', `${crv} for ${algorithm}`, 'another curve')
  if (kty === 'RSA')
    return { members: pick(jwk, ['kty', 'n', 'e']), modulusBits: checkRsa(jwk, row.minimumKey!) }
  const isAkp = kty === 'AKP'
  // RFC 9964: the key type does not say for which parameters a key is; `alg` does, and must be there.
  if (isAkp && jwk.alg !== algorithm)
    throw wrong('alg', algorithm, jwk.alg === undefined ? 'none' : 'another')
  const names = isAkp ? ['pub'] : kty === 'EC' ? ['x', 'y'] : ['x']
  checkSize(jwk, names, isAkp ? row.publicKeyBytes! : coordinateBytes.get(crv)!)
  if (crv === 'Ed25519' || crv === 'Ed448') {
    const fault = edwardsFault(crv, member(jwk, 'x'))
    if (fault !== undefined) throw wrong('x', 'a canonical point of large order', fault)
  }
  return { members: pick(jwk, ['kty', isAkp ? 'alg' : 'crv', ...names]), modulusBits: 0 }
}

/** Refuses members of another size. @throws {JoseError} `key_invalid` */
export function checkSize(jwk: Jwk, names: readonly string[], octets: number): void {
  for (const name of names) {
    const { length } = member(jwk, name)
    if (length !== octets) throw wrong(name, `${octets} octets`, `${length}`)
  }
}

/** Above it a hostile key makes every verification slow. */
const maximumBits = 16_384

/** The bits of the modulus, once it and the exponent passed (RFC 7518 §6.3, RFC 8017 §3). */
function checkRsa(jwk: Jwk, minimumBits: number): number {
  if (jwk['oth'] !== undefined) throw wrong('oth', 'a key of two primes', 'more')
  const modulus = readUnsigned(jwk, 'n')
  const exponent = readUnsigned(jwk, 'e')
  const modulusBits = modulus.length * 8 - Math.clz32(modulus[0]!) + 24
  if (modulusBits < minimumBits) {
    throw new JoseError('weak_key', `JWK "n": expected at least ${minimumBits} bits, got ${modulusBits}`)
  }
  if (modulusBits > maximumBits) throw wrong('n', `at most ${maximumBits} bits`, 'more')
  if (modulus.at(-1)! % 2 === 0) throw wrong('n', 'an odd number', 'an even one')
  const value = exponent.reduce((sum, octet) => sum * 256 + octet, 0)
  // FIPS 186-5 §5.1: odd, above 2^16; a bound above keeps verification cheap.
  if (value < 65_537 || exponent.length > 4 || value % 2 === 0)
    throw wrong('e', 'an odd number from 65537 to 2^32', 'another')
  return modulusBits
}

/** RFC 7518 §2: Base64urlUInt is minimal. A second spelling of n would be a second thumbprint of one key. */
export function readUnsigned(jwk: Jwk, name: string): Uint8Array {
  const octets = member(jwk, name)
  if (octets[0] === 0) throw wrong(name, 'no leading zero octets', 'one')
  return octets
}
