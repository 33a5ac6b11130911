/**
 * The verification engine (RFC 7515 §5.2). Its order is fixed, here and nowhere else:
 *
 *   shape → header → algorithm → key → signature → (the caller checks the claims)
 *
 * It runs synchronously where keys and cryptography are at hand, and the same code awaits where they are not.
 */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { verifyBytes } from '../crypto/signature.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { isSameAlgorithm } from '../jwa/signature-algorithms.ts'
import { materialOf, type VerificationKey } from '../jwk/key.ts'
import { parseCompact, type ParsedCompact } from './compact.ts'
import type { ProtectedHeader } from './header.ts'
import type { VerificationKeys } from './verification-keys.ts'

/** A JWS whose signature is good. */
export interface VerifiedJws {
  readonly header: ProtectedHeader
  readonly payload: Uint8Array
}

/** How many keys are tried for one token, so that a crowded set cannot be made to cost more. */
export const maximumCandidates = 4

/**
 * Verifies a compact JWS.
 *
 * @throws {JoseError} in the order of the checks: `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`,
 *   `key_not_found`, `key_ambiguous`, `keys_unavailable`, `key_invalid`, `bad_signature`
 */
export function verifyCompact(token: unknown, keys: VerificationKeys): Awaitable<VerifiedJws> {
  const parsed = parseCompact(token)
  checkAllowed(parsed.header, keys)
  const { alg, kid } = parsed.header
  const candidates = keys.selectKeys(kid === undefined ? { alg } : { alg, kid })
  return chain(candidates, (found) => verifyWith(parsed, usableKeys(found, parsed.header)))
}

function checkAllowed(header: ProtectedHeader, keys: VerificationKeys): void {
  if (keys.algorithms.has(header.alg)) return
  const allowed = [...keys.algorithms].join(', ')
  throw new JoseError('alg_not_allowed', `protected header: "alg": expected ${allowed}, got ${header.alg}`)
}

/** A key set of the application may hand in anything: what is no verification key of this algorithm is a fault of its own. */
function usableKeys(found: unknown, header: ProtectedHeader): readonly VerificationKey[] {
  if (!Array.isArray(found))
    throw new JoseError('key_invalid', 'key set: expected selectKeys to give an array of keys')
  if (found.length === 0) throw new JoseError('key_not_found', 'no key fits the token')
  if (found.length > maximumCandidates) {
    throw new JoseError(
      'key_ambiguous',
      `${found.length} keys fit the token and at most ${maximumCandidates} are tried: give tokens and keys a "kid"`,
    )
  }
  for (const key of found as readonly VerificationKey[]) {
    if (materialOf(key) === undefined || (key.type as string) === 'private') {
      throw new JoseError('key_invalid', 'key set: expected public keys or secrets of this library')
    }
    if (!isSameAlgorithm(key.algorithm, header.alg)) {
      throw new JoseError(
        'alg_not_allowed',
        `protected header: "alg": expected ${key.algorithm}, the key's own algorithm, got ${header.alg}`,
      )
    }
  }
  return found as readonly VerificationKey[]
}

function verifyWith(parsed: ParsedCompact, candidates: readonly VerificationKey[]): Awaitable<VerifiedJws> {
  const input = encodeAscii(parsed.signingInput)
  const attempt = (index: number): Awaitable<VerifiedJws> => {
    const key = candidates[index]
    if (key === undefined)
      throw new JoseError(
        'bad_signature',
        'the signature is not that of this header and payload under this key',
      )
    return chain(verifyBytes(materialOf(key)!, input, parsed.signature), (good) => {
      if (!good) return attempt(index + 1)
      return { header: parsed.header, payload: decodeBase64url(parsed.payload, 'payload') }
    })
  }
  return attempt(0)
}
