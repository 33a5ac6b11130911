/** The private members of an RSA key (RFC 7518 §6.3.2, RFC 8017 §3.2). */
import { toBigInt } from '../encoding/bytes.ts'
import { JoseError } from '../errors.ts'
import type { Jwk } from './jwk.ts'
import { readUnsigned } from './public-members.ts'

/** Their names. */
export const rsaPrivateNames = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const

/**
 * RFC 8017 §3.2: the members of a private key of two primes belong together. The runtime signs with some of them and never
 * looks at the others.
 *
 * @throws {JoseError} `key_invalid`
 */
export function checkRsaPrivate(jwk: Jwk): void {
  const octets = new Map(['n', 'e', ...rsaPrivateNames].map((name) => [name, readUnsigned(jwk, name)]))
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
