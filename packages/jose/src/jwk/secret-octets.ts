/** The octets of a secret, looked at before they are believed to be one (RFC 7518 §3.2). */
import type { HashName } from '../crypto/scheme.ts'
import { copyBytes, isBytes } from '../encoding/bytes.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import type { HmacAlgorithm } from '../jwa/algorithm.ts'
import { requireRow } from '../jwa/signature-algorithms.ts'
import { looksLikeKey } from './key-like.ts'

/** The hash of an HMAC algorithm, once octets are fit to be its secret. @throws {JoseError} `key_invalid`, `weak_key` */
export function checkSecret(algorithm: HmacAlgorithm, octets: Uint8Array, allowWeakKey: boolean): HashName {
  const found = looksLikeKey(octets)
  if (found !== undefined) throw notSecret(`a secret, got ${found}: use importKey`)
  if (!allowWeakKey) checkStrength(octets, algorithm)
  return (requireRow(algorithm).scheme as { hash: HashName }).hash
}

/**
 * The octets of a secret that is text (its UTF-8) or bytes, which are copied; undefined for any other value.
 *
 * @throws {JoseError} `key_invalid` when there are none
 */
export function readRawSecret(source: unknown): Uint8Array | undefined {
  const octets =
    typeof source === 'string' ? encodeUtf8(source, 'secret') : isBytes(source) ? copyOf(source) : undefined
  if (octets?.length === 0) throw notSecret('a secret, got an empty one: is the variable set?')
  return octets
}

function copyOf(source: Uint8Array): Uint8Array {
  const octets = copyBytes(source)
  if (octets !== undefined) return octets
  throw notSecret('bytes, got a view whose buffer is gone')
}

/** RFC 7518 §3.2: as long as the hash, and of random octets. A shorter one can be guessed from any token. */
function checkStrength(octets: Uint8Array, algorithm: HmacAlgorithm): void {
  const least = requireRow(algorithm).minimumKey!
  const isLong = octets.length >= least
  if (isLong && octets.some((octet) => octet !== octets[0])) return
  throw new JoseError(
    'weak_key',
    `secret: expected at least ${least} random bytes for ${algorithm}, got ${isLong ? 'one byte repeated' : octets.length}: make one with npx tessera keygen ${algorithm}, or waive with allowWeakKey: true`,
  )
}

/** The error for what is no secret. */
export function notSecret(expectedAndGot: string, details?: { readonly cause: unknown }): JoseError {
  return new JoseError('key_invalid', `secret: expected ${expectedAndGot}`, details)
}
