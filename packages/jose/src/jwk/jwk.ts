/** JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 9964): their shape, and their members one by one. */
import { decodeBase64url } from '../encoding/base64url.ts'
import { type JsonObject, kindOf } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'

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

/** Whether a JWK of an asymmetric key has private members. */
export function isPrivateJwk(jwk: Jwk): boolean {
  return jwk.d !== undefined || jwk.priv !== undefined
}

/** Characters of a member at most: ten times what the largest keys have. */
const maximumMemberLength = 32_768

/** The octets of a member that must be there. */
export function member(jwk: Jwk, name: string): Uint8Array {
  const value = jwk[name]
  if (typeof value !== 'string' || value === '') throw wrong(name, 'base64url text', kindOf(value))
  if (value.length > maximumMemberLength)
    throw wrong(name, `at most ${maximumMemberLength} characters`, 'more')
  try {
    return decodeBase64url(value, `JWK "${name}"`)
  } catch (cause) {
    throw new JoseError('key_invalid', `JWK "${name}": not canonical base64url`, { cause })
  }
}

/** Some members, as they are. */
export function pick(jwk: Jwk, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, jwk[name] as string]))
}

/** The error for a member. */
export function wrong(name: string, expected: string, got: string): JoseError {
  return new JoseError('key_invalid', `JWK "${name}": expected ${expected}, got ${got}`)
}

/**
 * A JWK as an object with the right types of the members that every key may have.
 *
 * @throws {JoseError} `key_invalid`
 */
export function parseJwk(value: unknown): Jwk {
  if (kindOf(value) !== 'an object')
    throw new JoseError('key_invalid', `JWK: expected an object, got ${kindOf(value)}`)
  const jwk = copyMembers(value as JsonObject)
  if (typeof jwk['kty'] !== 'string') throw wrong('kty', 'text', kindOf(jwk['kty']))
  for (const name of ['kid', 'alg', 'use', 'crv']) {
    if (jwk[name] !== undefined && typeof jwk[name] !== 'string') throw wrong(name, 'text', kindOf(jwk[name]))
  }
  const operations = jwk['key_ops']
  if (operations !== undefined && !isTextList(operations))
    throw wrong('key_ops', 'an array of text', kindOf(operations))
  return jwk as Jwk
}

/** The members, each read once. @throws {JoseError} `key_invalid` when a getter or a proxy of the caller's throws */
function copyMembers(value: JsonObject): { [member: string]: unknown } {
  try {
    return { ...value }
  } catch (cause) {
    throw new JoseError('key_invalid', 'JWK: a member cannot be read: it throws', { cause })
  }
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
  // Not `Array.isArray`, which throws for a proxy that was revoked.
  return kindOf(value) === 'an array' && (value as unknown[]).every((item) => typeof item === 'string')
}
