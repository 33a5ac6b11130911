/** The members of an RSA key (RFC 7518 §6.3, RFC 8017 §3). */
import { toBigInt } from '../encoding/bytes.ts'
import { JoseError } from '../errors.ts'
import { type Jwk, member, pick, wrong } from './jwk.ts'

/** Above it a hostile key makes every verification slow. */
const maximumBits = 16_384

/**
 * The members of an RSA key that passed its checks.
 *
 * @param minimumBits - of the modulus
 * @throws {JoseError} `key_invalid`, `weak_key` for a modulus that is too short
 */
export function checkRsaMembers(
  jwk: Jwk,
  kind: 'public' | 'private',
  minimumBits: number,
): { readonly members: Readonly<Record<string, string>>; readonly modulusBits: number } {
  if (jwk['oth'] !== undefined) throw wrong('oth', 'a key of two primes', 'more')
  const names = kind === 'public' ? ['n', 'e'] : ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']
  const octets = new Map(names.map((name) => [name, readUnsigned(jwk, name)]))
  const modulus = octets.get('n')!
  const modulusBits = modulus.length * 8 - Math.clz32(modulus[0]!) + 24
  if (modulusBits < minimumBits) {
    throw new JoseError(
      'weak_key',
      `JWK "n": expected at least ${minimumBits} bits (RFC 7518 §3.3), got ${modulusBits}`,
    )
  }
  if (modulusBits > maximumBits) throw wrong('n', `at most ${maximumBits} bits`, 'more')
  if (modulus.at(-1)! % 2 === 0) throw wrong('n', 'the product of two odd primes', 'an even number')
  checkExponent(octets.get('e')!)
  if (kind === 'private') checkPrivate(octets)
  return { members: { kty: 'RSA', ...pick(jwk, names) }, modulusBits }
}

/** RFC 7518 §2: Base64urlUInt is minimal. A second spelling of n would be a second thumbprint of one key. */
function readUnsigned(jwk: Jwk, name: string): Uint8Array {
  const octets = member(jwk, name)
  if (octets[0] === 0) throw wrong(name, 'no leading zero octets', 'one')
  return octets
}

/** FIPS 186-5 §5.1: odd, above 2^16; a bound above keeps verification cheap. */
function checkExponent(exponent: Uint8Array): void {
  const value =
    exponent.length > 4 ? Number.POSITIVE_INFINITY : exponent.reduce((sum, byte) => sum * 256 + byte, 0)
  if (value < 65_537 || value % 2 === 0 || value === Number.POSITIVE_INFINITY) {
    throw wrong('e', 'an odd public exponent from 65537 to 2^32 (FIPS 186-5 §5.1)', 'another')
  }
}

/**
 * RFC 8017 §3.2: the members of a private key of two primes belong together. The runtime signs with some of them and never
 * looks at the others.
 */
function checkPrivate(octets: ReadonlyMap<string, Uint8Array>): void {
  const size = octets.get('n')!.length
  // Before any arithmetic: numbers longer than the modulus would cost as much as their sender likes.
  const isShort = [...octets.values()].every(({ length }) => length <= size)
  const number = (name: string): bigint => toBigInt(octets.get(name)!)
  if (!isShort || !belongTogether(number))
    throw new JoseError('key_invalid', 'JWK: the members of this RSA key belong to different keys')
}

function belongTogether(number: (name: string) => bigint): boolean {
  const [n, e, d, p, q] = [number('n'), number('e'), number('d'), number('p'), number('q')]
  const [dp, dq, qi] = [number('dp'), number('dq'), number('qi')]
  return (
    p > 1n &&
    q > 1n &&
    p * q === n &&
    d < n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    (e * dp) % (p - 1n) === 1n &&
    (e * dq) % (q - 1n) === 1n &&
    qi < p &&
    (qi * q) % p === 1n
  )
}
