/**
 * The verification engine (RFC 7515 §5.2). Its order is fixed, here and nowhere else:
 *
 *   shape → header → algorithm → key → signature → (the caller checks the claims)
 *
 * It runs synchronously where keys and cryptography are at hand, and the same code awaits where they are not.
 */
import type { Awaitable } from '../crypto/awaitable.ts'
import type { KeyMaterial } from '../crypto/material.ts'
import { verifyTokenText } from '../crypto/signature.ts'
import { JoseError } from '../errors.ts'
import { materialOf, type VerificationKey, verifiesAs } from '../jwk/key.ts'
import { checkEncoding, parseCompact, type ParsedCompact, payloadOf, requireSignature } from './compact.ts'
import type { ProtectedHeader } from './header.ts'
import type { VerificationKeys } from './verification-keys.ts'

/** A JWS whose signature is good. */
export interface VerifiedJws {
  readonly header: ProtectedHeader
  /** The payload's encoded text, of which the signature is good; its encoding is judged by whoever reads it. */
  readonly payload: string
}

/** How many keys are tried for one token, so that a crowded set cannot be made to cost more. */
const maximumCandidates = 4

/**
 * Verifies a compact JWS.
 *
 * @throws {JoseError} in the order of the checks: `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`,
 *   `key_not_found`, `key_ambiguous`, `keys_unavailable`, `key_invalid`, `bad_signature`
 */
export function verifyCompact(token: unknown, keys: VerificationKeys): Awaitable<VerifiedJws> {
  const parsed = parseCompact(token, keys.headers)
  const { header } = parsed
  if (!keys.algorithms.has(header.alg)) throw notAllowed(header, keys)
  const { kid } = header
  const found = keys.selectKeys(kid === undefined ? { alg: header.alg } : { alg: header.alg, kid })
  return found instanceof Promise ? found.then((list) => verifyWith(parsed, list)) : verifyWith(parsed, found)
}

function notAllowed(header: ProtectedHeader, keys: VerificationKeys): JoseError {
  const allowed = [...keys.algorithms].join(', ')
  return new JoseError('alg_not_allowed', `protected header: "alg": expected ${allowed}, got ${header.alg}`)
}

function verifyWith(parsed: ParsedCompact, found: unknown): Awaitable<VerifiedJws> {
  const candidates = usableMaterials(found, parsed.header)
  return tryFrom(0, candidates, parsed)
}

/** Tries the candidates one after the other; nearly always there is one. */
function tryFrom(
  index: number,
  candidates: readonly KeyMaterial[],
  parsed: ParsedCompact,
): Awaitable<VerifiedJws> {
  const { header, token } = parsed
  const material = candidates[index]
  if (material === undefined) {
    // A token torn at a line break is told so: its shape comes before its signature.
    checkEncoding(token)
    requireSignature(token)
    throw new JoseError(
      'bad_signature',
      'the signature is not that of this header and payload under this key',
    )
  }
  const isGood = verifyTokenText(material, token.text, token.secondDot)
  if (isGood === true) return { header, payload: payloadOf(token) }
  if (isGood === false) return tryFrom(index + 1, candidates, parsed)
  return isGood.then((good) =>
    good ? { header, payload: payloadOf(token) } : tryFrom(index + 1, candidates, parsed),
  )
}

/** A key set of the application may hand in anything: what is no verification key of this algorithm is a fault of its own. */
function usableMaterials(found: unknown, header: ProtectedHeader): readonly KeyMaterial[] {
  if (!Array.isArray(found)) {
    throw new JoseError('key_invalid', 'key set: expected selectKeys to give an array of keys')
  }
  if (found.length === 0) throw new JoseError('key_not_found', 'no key fits the token')
  if (found.length > maximumCandidates) {
    throw new JoseError(
      'key_ambiguous',
      `${found.length} keys fit the token and at most ${maximumCandidates} are tried: give tokens and keys a "kid"`,
    )
  }
  return (found as readonly VerificationKey[]).map((key) => usableMaterial(key, header))
}

function usableMaterial(key: VerificationKey, header: ProtectedHeader): KeyMaterial {
  const material = materialOf(key)
  if (material === undefined || material.kind === 'private') {
    throw new JoseError('key_invalid', 'key set: expected public keys or secrets of this library')
  }
  if (!verifiesAs(key, header.alg)) {
    throw new JoseError(
      'alg_not_allowed',
      `protected header: "alg": expected ${key.algorithm}, the key's own algorithm, got ${header.alg}`,
    )
  }
  return material
}
