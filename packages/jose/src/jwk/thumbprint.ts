/** JWK thumbprints (RFC 7638): a name that every holder of a key computes alike. */
import { digest } from '../crypto/hmac.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { type Jwk, member, parseJwk } from './jwk.ts'
import { encryptionMaterialOf } from './encryption-materials.ts'
import { type Key, materialOf } from './key.ts'

/** The required members of each key type, in the order of RFC 7638 §3.3 (RFC 8037 §2 for OKP, RFC 9964 for AKP). */
const requiredMembers: ReadonlyMap<string, readonly string[]> = new Map([
  ['AKP', ['alg', 'kty', 'pub']],
  ['EC', ['crv', 'kty', 'x', 'y']],
  ['OKP', ['crv', 'kty', 'x']],
  ['RSA', ['e', 'kty', 'n']],
  ['oct', ['k', 'kty']],
])

/**
 * The SHA-256 thumbprint of a key, as base64url text of 43 characters.
 *
 * @param key - a JWK, or a public or private key of this library
 * @throws {JoseError} `key_invalid` when a required member is missing, `unsupported` for another key type
 */
export async function calculateThumbprint(key: Jwk | Key): Promise<string> {
  return thumbprint(jwkOf(key))
}

/** `calculateThumbprint`, at once. */
export function thumbprint(jwk: Jwk): string {
  const names = requiredMembers.get(jwk.kty)
  if (names === undefined)
    throw new JoseError('unsupported', 'thumbprint: no rule for this key type (RFC 7638 §3.2)')
  const members = names.map((name) => {
    if (name === 'crv' || name === 'alg') requireName(jwk, name)
    else if (name !== 'kty') member(jwk, name)
    return [name, jwk[name]]
  })
  // The members are base64url or registered names: JSON needs no escapes, and no white space is written.
  return encodeBase64url(digest('SHA-256', encodeAscii(JSON.stringify(Object.fromEntries(members)))))
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
