/** JWK thumbprints (RFC 7638) and their URIs (RFC 9278): a name that every holder of a key computes alike. */
import { digest } from '../crypto/hmac.ts'
import type { HashName } from '../crypto/scheme.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { type Jwk, member, parseJwk } from './jwk.ts'
import { encryptionMaterialOf } from './encryption-materials.ts'
import { type Key, materialOf } from './key.ts'
import { badOption } from '../options.ts'

/** The required members of each key type, in the order of RFC 7638 §3.3 (RFC 8037 §2 for OKP, RFC 9964 for AKP). */
const requiredMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['AKP', ['alg', 'kty', 'pub']],
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
  ['oct', ['k', 'kty']],
])

/** The hash of a thumbprint. */
export type ThumbprintHash = HashName

/** Their names in URIs: those of the Named Information registry (RFC 9278 §4). */
const hashNames: ReadonlyMap<unknown, string> = new Map<ThumbprintHash, string>([
  ['SHA-256', 'sha-256'],
  ['SHA-384', 'sha-384'],
  ['SHA-512', 'sha-512'],
])

/**
 * The thumbprint of a key (RFC 7638), as base64url text: 43 characters with SHA-256.
 *
 * @param key - a JWK, or a key of this library
 * @param hash - default: `SHA-256`, which nearly everybody uses
 * @throws {JoseError} `key_invalid` when a required member is missing, `unsupported` for another key type, `option_invalid`
 */
export async function calculateThumbprint(key: Jwk | Key, hash: ThumbprintHash = 'SHA-256'): Promise<string> {
  nameOf(hash, 'calculateThumbprint')
  return thumbprint(jwkOf(key), hash)
}

/**
 * The thumbprint of a key as a URI (RFC 9278): `urn:ietf:params:oauth:jwk-thumbprint:sha-256:…`.
 *
 * @param key - a JWK, or a key of this library
 * @param hash - default: `SHA-256`, which every reader has to know (RFC 9278 §5)
 * @throws {JoseError} as `calculateThumbprint`
 */
export async function calculateThumbprintUri(
  key: Jwk | Key,
  hash: ThumbprintHash = 'SHA-256',
): Promise<string> {
  const name = nameOf(hash, 'calculateThumbprintUri')
  return `urn:ietf:params:oauth:jwk-thumbprint:${name}:${thumbprint(jwkOf(key), hash)}`
}

function nameOf(hash: ThumbprintHash, where: string): string {
  const name = hashNames.get(hash)
  if (name === undefined) throw badOption(where, 'hash', 'SHA-256, SHA-384 or SHA-512', hash)
  return name
}

/** `calculateThumbprint`, at once. */
export function thumbprint(jwk: Jwk, hash: ThumbprintHash = 'SHA-256'): string {
  const names = requiredMembers.get(jwk.kty)
  if (names === undefined)
    throw new JoseError('unsupported', 'thumbprint: no rule for this key type (RFC 7638 §3.2)')
  const members = names.map((name) => {
    if (name === 'crv' || name === 'alg') requireName(jwk, name)
    else if (name !== 'kty') member(jwk, name)
    return [name, jwk[name]]
  })
  // The members are base64url or registered names: JSON needs no escapes, and no white space is written.
  return encodeBase64url(digest(hash, encodeAscii(JSON.stringify(Object.fromEntries(members)))))
}

function jwkOf(key: Jwk | Key): Jwk {
  const material = materialOf(key) ?? encryptionMaterialOf(key)
  if (material === undefined) return parseJwk(key)
  return material.kind === 'secret'
    ? { kty: 'oct', k: encodeBase64url(material.bytes) }
    : (material.jwk as unknown as Jwk)
}

/** A registered name: it needs no escapes in JSON. */
function requireName(jwk: Jwk, name: 'alg' | 'crv'): void {
  if (jwk[name] !== undefined && /^[A-Za-z0-9-]+$/.test(jwk[name])) return
  const what = name === 'crv' ? 'a curve' : 'an algorithm'
  throw new JoseError('key_invalid', `JWK "${name}": expected the name of ${what}, got none`)
}
