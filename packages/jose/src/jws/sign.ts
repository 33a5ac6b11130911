/** Signing: protected header and payload to the compact serialization (RFC 7515 §5.1). */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { signText } from '../crypto/signature.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { isKey, requireMaterial, type SigningKey } from '../jwk/key.ts'
import { maximumTokenLength } from './compact.ts'

/**
 * The compact JWS of a payload.
 *
 * @param header - the whole protected header; its `alg` is the key's
 * @throws {JoseError} `too_large` for a token that no verifier would take
 */
export function signCompact(header: JsonObject, payload: Uint8Array, key: SigningKey): Awaitable<string> {
  const encodedHeader = encodeBase64url(encodeUtf8(JSON.stringify(header), 'protected header'))
  const signingInput = `${encodedHeader}.${encodeBase64url(payload)}`
  return chain(signText(requireMaterial(key), signingInput), (signature) => {
    const token = `${signingInput}.${signature}`
    if (token.length <= maximumTokenLength) return token
    throw new JoseError(
      'too_large',
      `token: expected at most ${maximumTokenLength} characters, got ${token.length}: keep large data behind an identifier`,
    )
  })
}

/**
 * A key that signs.
 *
 * @throws {JoseError} `key_invalid` for a public key and for anything that is no key of this library
 */
export function requireSigningKey(key: unknown): SigningKey {
  if (!isKey(key))
    throw new JoseError('key_invalid', 'key: expected a key from secret, generateKey or importKey')
  if (key.type === 'public')
    throw new JoseError(
      'key_invalid',
      'key: expected a private key or a secret, got a public key, which cannot sign',
    )
  return key
}
