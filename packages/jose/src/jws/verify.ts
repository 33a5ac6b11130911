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
  try {
    const found = selectKeys(parsed.header, keys)
    if (!(found instanceof Promise)) return verifyWith(parsed, found)
    return found.then(
      (list) => verifyWith(parsed, list),
      (error: unknown) => refuse(parsed, error),
    )
  } catch (error) {
    return refuse(parsed, error)
  }
}

/**
 * A token whose header was seen before came this far without a look at its other segments. Before it is refused for
 * anything else its shape is judged, so that the verdict is the same as on the first one (a line break in the middle of
 * a copied token is told as such).
 */
function refuse({ token }: ParsedCompact, error: unknown): never {
  checkEncoding(token)
  requireSignature(token)
  throw error
}

function selectKeys(
  header: ProtectedHeader,
  keys: VerificationKeys,
): ReturnType<VerificationKeys['selectKeys']> {
  const { alg, kid } = header
  if (keys.algorithms.has(alg)) return keys.selectKeys(kid === undefined ? { alg } : { alg, kid })
  const allowed = [...keys.algorithms].join(', ')
  throw new JoseError('alg_not_allowed', `protected header: "alg": expected ${allowed}, got ${alg}`)
}

function verifyWith(parsed: ParsedCompact, found: unknown): Awaitable<VerifiedJws> {
  const verified = tryFrom(0, usableMaterials(found, parsed.header), parsed)
  return verified instanceof Promise ? verified.catch((error: unknown) => refuse(parsed, error)) : verified
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
