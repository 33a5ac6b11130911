/**
 * The verification engine (RFC 7515 §5.2). Its order is fixed, here and nowhere else:
 *
 *   shape → header → algorithm → key → signature → (the caller checks the claims)
 *
 * It runs synchronously where keys and cryptography are at hand, and the same code awaits where they are not.
 */
import { type Awaitable, settle } from '../crypto/awaitable.ts'
import type { KeyMaterial } from '../crypto/material.ts'
import { verifyTokenText } from '../crypto/signature.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import type { KeySelector } from '../jwk/key-set.ts'
import { materialOf, type VerificationKey, verifiesAs } from '../jwk/key.ts'
import {
  checkEncoding,
  type CompactText,
  parseCompact,
  type ParsedCompact,
  payloadOf,
  requireSignature,
} from './compact.ts'
import type { ProtectedHeader } from './header.ts'
import type { VerificationKeys } from './verification-keys.ts'

/** A JWS whose signature is good. */
export interface VerifiedJws {
  readonly header: ProtectedHeader
  /** The payload's encoded text, of which the signature is good; its encoding is judged by whoever reads it. */
  readonly payload: string
}

/** How many keys are tried for one signature, so that a crowded set cannot be made to cost more. */
const maximumCandidates = 4

/** How a serialization holds what was signed. */
export interface SignatureForm<T> {
  /** Whether the signature is good under a key. */
  isGood(signed: T, material: KeyMaterial): Awaitable<boolean>
  /**
   * Looks at what was left for later. A token whose header was seen before comes as far as its key without a look at its
   * other segments. Before it is refused for anything else its shape is judged, so that the verdict is the same as on the
   * first one (a line break in the middle of a copied token is told as such).
   */
  checkRest(signed: T): void
}

/** One signature whose shape and header passed, of whatever serialization. */
export interface SignatureToVerify<T = unknown> {
  readonly header: ProtectedHeader
  /** The key ID that the JWS names, in whichever header; it only chooses among keys that are trusted already. */
  readonly kid: string | undefined
  readonly form: SignatureForm<T>
  readonly signed: T
}

/**
 * Verifies a compact JWS of a JWT.
 *
 * @throws {JoseError} in the order of the checks: `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`,
 *   `key_not_found`, `key_ambiguous`, `keys_unavailable`, `key_invalid`, `bad_signature`
 */
export function verifyCompactToken(token: unknown, keys: VerificationKeys): Awaitable<VerifiedJws> {
  const parsed = parseCompact(token, keys.headers)
  const { header } = parsed
  const signature = { header, kid: header.kid, form: compactForm, signed: parsed.token }
  const found = verifySignature(signature, keys)
  return found instanceof Promise ? found.then(() => verifiedCompact(parsed)) : verifiedCompact(parsed)
}

/** The compact serialization, read as text: the fast way for HMAC. */
const compactForm: SignatureForm<CompactText> = {
  isGood: ({ text, secondDot }, material) => verifyTokenText(material, text, secondDot),
  checkRest: (token) => {
    checkEncoding(token)
    requireSignature(token)
  },
}

function verifiedCompact({ header, token }: ParsedCompact): VerifiedJws {
  return { header, payload: payloadOf(token) }
}

/**
 * The key under which a signature is good: algorithm → key → signature, the part of the order that all serializations
 * share.
 *
 * @throws {JoseError} `alg_not_allowed`, `key_not_found`, `key_ambiguous`, `keys_unavailable`, `key_invalid`,
 *   `malformed`, `bad_signature`
 */
export function verifySignature<T>(
  signature: SignatureToVerify<T>,
  keys: VerificationKeys,
): Awaitable<VerificationKey> {
  try {
    const found = settle(selectKeys(signature, keys))
    if (!(found instanceof Promise)) return verifyWith(signature, found)
    return found.then(
      (list) => verifyWith(signature, list),
      (error: unknown) => refuse(signature, error),
    )
  } catch (error) {
    return refuse(signature, error)
  }
}

function refuse<T>({ form, signed }: SignatureToVerify<T>, error: unknown): never {
  form.checkRest(signed)
  throw error
}

function selectKeys<T>(
  { header, kid }: SignatureToVerify<T>,
  keys: VerificationKeys,
): ReturnType<VerificationKeys['selectKeys']> {
  const { alg } = header
  if (keys.algorithms.has(alg)) return keys.selectKeys(selectorOf(alg, kid))
  const allowed = [...keys.algorithms].join(', ')
  throw new JoseError('alg_not_allowed', `protected header: "alg": expected ${allowed}, got ${alg}`)
}

/** Without a prototype, so that a header without `kid` has none in the eyes of a key set either. */
function selectorOf(alg: SignatureAlgorithm, kid: string | undefined): KeySelector {
  return Object.assign(Object.create(null), kid === undefined ? { alg } : { alg, kid })
}

function verifyWith<T>(signature: SignatureToVerify<T>, found: unknown): Awaitable<VerificationKey> {
  const verified = tryFrom(0, usableKeys(found, signature.header), signature)
  return verified instanceof Promise ? verified.catch((error: unknown) => refuse(signature, error)) : verified
}

/** A key that may be tried, with what it is made of. */
interface Candidate {
  readonly key: VerificationKey
  readonly material: KeyMaterial
}

/** Tries the candidates one after the other; nearly always there is one. */
function tryFrom<T>(
  index: number,
  candidates: readonly Candidate[],
  signature: SignatureToVerify<T>,
): Awaitable<VerificationKey> {
  const candidate = candidates[index]
  if (candidate === undefined) {
    throw new JoseError(
      'bad_signature',
      'the signature is not that of this header and payload under this key',
    )
  }
  const isGood = signature.form.isGood(signature.signed, candidate.material)
  if (isGood === true) return candidate.key
  if (isGood === false) return tryFrom(index + 1, candidates, signature)
  return isGood.then((good) => (good ? candidate.key : tryFrom(index + 1, candidates, signature)))
}

/** A key set of the application may hand in anything: what is no verification key of this algorithm is a fault of its own. */
function usableKeys(found: unknown, header: ProtectedHeader): readonly Candidate[] {
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
  return (found as readonly VerificationKey[]).map((key) => usableKey(key, header))
}

function usableKey(key: VerificationKey, header: ProtectedHeader): Candidate {
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
  return { key, material }
}
