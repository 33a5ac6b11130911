/** The hash by which an ID token names an access token (OpenID Connect Core §3.1.3.6). */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import type { Hashing } from '../crypto/hashing.ts'
import type { HashName } from '../crypto/scheme.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { signatureRow } from '../jwa/signature-algorithms.ts'

/**
 * `at_hash`: the left half of the access token's digest, in base64url. The hash is that of the ID token's algorithm; Ed25519
 * has SHA-512 inside (RFC 8032 §5.1).
 *
 * @throws {JoseError} `unsupported` for an algorithm to which OpenID Connect gives no hash
 */
export function accessTokenHash(
  accessToken: string,
  alg: unknown,
  digest: Hashing['digest'],
): Awaitable<string> {
  const octets = encodeUtf8(accessToken, 'access token')
  return chain(digest(hashOf(alg), octets), (hashed) =>
    encodeBase64url(hashed.subarray(0, hashed.length / 2)),
  )
}

function hashOf(alg: unknown): HashName {
  const scheme = signatureRow(alg)?.scheme
  if (scheme !== undefined && 'hash' in scheme) return scheme.hash
  if (scheme?.kind === 'eddsa' && scheme.curve === 'Ed25519') return 'SHA-512'
  throw new JoseError('unsupported', `claim "at_hash": no hash is defined for ${String(alg)}`)
}
