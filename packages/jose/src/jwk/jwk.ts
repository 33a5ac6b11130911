/** JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 9964): their shape, checked member by member. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { type JsonObject, kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { SignatureRow } from '../jwa/algorithm.ts'
import { edwardsFault } from './edwards-point.ts'

/** A JSON Web Key. Members of big integers and coordinates are base64url text. */
export interface Jwk {
  readonly kty: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly d?: string
  readonly n?: string
  readonly e?: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
  readonly k?: string
  readonly pub?: string
  readonly priv?: string
  readonly [member: string]: unknown
}

/** A JWK Set (RFC 7517 §5). */
export interface JwkSet {
  readonly keys: readonly Jwk[]
}

/** Members that only a private key has. */
export const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'priv'] as const

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

/** Octets of the seed that an ML-DSA private key is made from (FIPS 204 §5.1), its only private form in a JWK. */
const seedBytes = 32

/** Whether a JWK of an asymmetric key has private members. */
export function isPrivateJwk(jwk: Jwk): boolean {
  return jwk.d !== undefined || jwk.priv !== undefined
}

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
  if (row.kty === 'RSA') return checkRsa(jwk, kind, row)
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

function checkRsa(jwk: Jwk, kind: 'public' | 'private', row: JwkRule): CheckedJwk {
  if (jwk['oth'] !== undefined) throw wrong('oth', 'a key of two primes', 'more')
  const names = kind === 'public' ? ['n', 'e'] : ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']
  for (const name of names) {
    // RFC 7518 §2: Base64urlUInt is minimal. A second spelling of n would be a second thumbprint of one key.
    if (member(jwk, name)[0] === 0) throw wrong(name, 'no leading zero octets', 'one')
  }
  const modulus = member(jwk, 'n')
  const modulusBits = modulus.length * 8 - Math.clz32(modulus[0]!) + 24
  if (modulusBits < row.minimumKey!) {
    throw new JoseError(
      'weak_key',
      `JWK "n": expected at least ${row.minimumKey} bits (RFC 7518 §3.3), got ${modulusBits}`,
    )
  }
  if (modulusBits > 16_384) throw wrong('n', 'at most 16384 bits', 'more')
  checkExponent(member(jwk, 'e'))
  if (kind === 'private') checkRsaPrivate(jwk)
  return { kind, members: { kty: 'RSA', ...pick(jwk, names) }, modulusBits }
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
function checkRsaPrivate(jwk: Jwk): void {
  const number = (name: string): bigint =>
    member(jwk, name).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const [n, e, d, p, q] = [number('n'), number('e'), number('d'), number('p'), number('q')]
  const [dp, dq, qi] = [number('dp'), number('dq'), number('qi')]
  const fits =
    p > 1n &&
    q > 1n &&
    p * q === n &&
    dp === d % (p - 1n) &&
    dq === d % (q - 1n) &&
    (e * dp) % (p - 1n) === 1n &&
    (e * dq) % (q - 1n) === 1n &&
    (qi * q) % p === 1n
  if (!fits) throw new JoseError('key_invalid', 'JWK: the members of this RSA key belong to different keys')
}

/** The octets of a member that must be there. */
export function member(jwk: Jwk, name: string): Uint8Array {
  const value = jwk[name]
  if (typeof value !== 'string' || value === '') throw wrong(name, 'base64url text', kindOf(value))
  try {
    return decodeBase64url(value, `JWK "${name}"`)
  } catch (cause) {
    throw new JoseError('key_invalid', `JWK "${name}": not canonical base64url`, { cause })
  }
}

function pick(jwk: Jwk, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, jwk[name] as string]))
}

function wrong(name: string, expected: string, got: string): JoseError {
  return new JoseError('key_invalid', `JWK "${name}": expected ${expected}, got ${got}`)
}

/**
 * A JWK as an object with the right types of the members that every key may have.
 *
 * @throws {JoseError} `key_invalid`
 */
export function parseJwk(value: unknown): Jwk {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JoseError('key_invalid', `JWK: expected an object, got ${kindOf(value)}`)
  }
  const jwk = { ...(value as JsonObject) }
  if (typeof jwk['kty'] !== 'string') throw wrong('kty', 'text', kindOf(jwk['kty']))
  for (const name of ['kid', 'alg', 'use', 'crv']) {
    if (jwk[name] !== undefined && typeof jwk[name] !== 'string') throw wrong(name, 'text', kindOf(jwk[name]))
  }
  const operations = jwk['key_ops']
  if (operations !== undefined && !isTextList(operations))
    throw wrong('key_ops', 'an array of text', kindOf(operations))
  return jwk as Jwk
}

/** RFC 7517 §4.2, §4.3: a key that says what it is for is used for nothing else. @throws {JoseError} `key_invalid` */
export function checkUse(jwk: Jwk, operations: readonly string[], use: 'sig' | 'enc' = 'sig'): void {
  if (jwk.use !== undefined && jwk.use !== use) throw wrong('use', `"${use}"`, 'another use')
  if (jwk.key_ops === undefined) return
  if (new Set(jwk.key_ops).size !== jwk.key_ops.length)
    throw wrong('key_ops', 'each operation once', 'one twice')
  if (!jwk.key_ops.some((name) => operations.includes(name))) {
    throw wrong('key_ops', `"${operations.join('" or "')}" among them`, 'others')
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
