/**
 * The verification engine (RFC 7515 §5.2). Its order is fixed, here and nowhere else:
 *
 *   shape → header → algorithm → key → signature → (the caller checks the claims)
 *
 * It runs synchronously where keys and cryptography are at hand, and the same code awaits where they are not. What a token
 * is refused for is a value (`Refusal`); what is thrown is nobody's token: a key set or a runtime that fails.
 */
import type { Awaitable } from '../crypto/awaitable.ts'
import type { VerifyingMaterial } from '../crypto/material.ts'
import { openTokenText } from '../crypto/signature.ts'
import type { JsonText } from '../encoding/json-parser.ts'
import { Refusal } from '../errors.ts'
import type { VerificationKey } from '../jwk/key.ts'
import { type Candidate, selectCandidates } from './candidates.ts'
import { parseCompact, type ParsedCompact, restFault } from './compact.ts'
import type { KnownHeader, SecretCandidate } from './header-memory.ts'
import type { VerificationKeys } from './verification-keys.ts'

/** A payload, and the key under which its signature is good. */
export interface OpenedSignature<Payload> {
  readonly key: VerificationKey
  readonly payload: Payload
}

/** A JWS whose signature is good, and the key under which it is. */
export interface VerifiedJws extends OpenedSignature<JsonText> {
  readonly known: KnownHeader
}

/** How a serialization holds what was signed. */
export interface SignatureForm<T, Payload> {
  /** The payload, once the signature is good under a key; undefined when it is not. */
  open(signed: T, material: VerifyingMaterial): Awaitable<Payload | undefined>
  /**
   * What is wrong with what was left for later. A token whose header was seen before comes as far as its key without a
   * look at its other segments. Before it is refused for anything else its shape is judged, so that the verdict is the
   * same as on the first one (a line break in the middle of a copied token is told as such).
   */
  restFault(signed: T): Refusal | undefined
}

/** One signature whose shape and header passed, of whatever serialization. */
export interface SignatureToVerify<T, Payload> {
  readonly known: KnownHeader
  readonly form: SignatureForm<T, Payload>
  readonly signed: T
}

/** Verifies a compact JWS of a JWT. Throws what a key set throws that is no `JoseError`. */
export function verifyCompactToken(token: unknown, keys: VerificationKeys): Awaitable<VerifiedJws | Refusal> {
  const { last } = keys.headers
  if (last?.secret !== undefined && typeof token === 'string') {
    const payload = last.secret.material.openKnown?.(last.text, token)
    if (payload === false) return badSignature()
    if (payload !== undefined) return { known: last, key: last.secret.key, payload }
  }
  const parsed = parseCompact(token, keys.headers)
  return parsed instanceof Refusal ? parsed : verifyParsed(parsed, keys)
}

// Here and below: where a function has a closure, what that holds is put on the heap at each call, made or not. What needs
// a promise is apart from what nearly every token comes through.
function verifyParsed(parsed: ParsedCompact, keys: VerificationKeys): Awaitable<VerifiedJws | Refusal> {
  const { known } = parsed
  const opened = verifySignature({ known, form: compactForm, signed: parsed }, keys)
  return opened instanceof Promise ? verifiedLater(opened, known) : verifiedCompact(opened, known)
}

function verifiedLater(
  opened: Promise<OpenedSignature<JsonText> | Refusal>,
  known: KnownHeader,
): Promise<VerifiedJws | Refusal> {
  return opened.then((value) => verifiedCompact(value, known))
}

function onlySecret([candidate, another]: readonly Candidate[]): SecretCandidate | undefined {
  if (candidate === undefined || another !== undefined) return undefined
  const { key, material } = candidate
  return material.kind === 'secret' ? { key, material } : undefined
}

/** The compact serialization, read as text: the fast way. */
const compactForm: SignatureForm<ParsedCompact, JsonText> = {
  open: ({ text, firstDot, secondDot }, material) => openTokenText(material, text, { firstDot, secondDot }),
  restFault,
}

function verifiedCompact(
  opened: OpenedSignature<JsonText> | Refusal,
  known: KnownHeader,
): VerifiedJws | Refusal {
  return opened instanceof Refusal ? opened : { known, key: opened.key, payload: opened.payload }
}

/**
 * The payload under a good signature: algorithm → key → signature, the part of the order that all serializations share.
 * Throws what a key set throws that is no `JoseError`.
 */
export function verifySignature<T, Payload>(
  signature: SignatureToVerify<T, Payload>,
  keys: VerificationKeys,
): Awaitable<OpenedSignature<Payload> | Refusal> {
  try {
    const found = candidatesOf(signature.known, keys)
    return found instanceof Promise ? tryLater(signature, found) : tryAll(signature, found)
  } catch (error) {
    return refuse(signature, error)
  }
}

function tryLater<T, Payload>(
  signature: SignatureToVerify<T, Payload>,
  found: Promise<readonly Candidate[] | Refusal>,
): Promise<OpenedSignature<Payload> | Refusal> {
  return found
    .then((candidates) => tryAll(signature, candidates))
    .catch((error: unknown) => refuse(signature, error))
}

function candidatesOf(known: KnownHeader, keys: VerificationKeys): ReturnType<typeof selectCandidates> {
  if (known.candidates !== undefined) return known.candidates
  const found = selectCandidates(known.selector, keys)
  if (keys.isFixed && Array.isArray(found)) {
    known.candidates = found as readonly Candidate[]
    known.secret = onlySecret(known.candidates)
  }
  return found
}

function refuse<T, Payload>({ form, signed }: SignatureToVerify<T, Payload>, error: unknown): Refusal {
  return form.restFault(signed) ?? Refusal.of(error)
}

function tryAll<T, Payload>(
  signature: SignatureToVerify<T, Payload>,
  candidates: readonly Candidate[] | Refusal,
): Awaitable<OpenedSignature<Payload> | Refusal> {
  if (candidates instanceof Refusal) return signature.form.restFault(signature.signed) ?? candidates
  return tryFrom(0, candidates, signature)
}

/** Tries the candidates one after the other; nearly always there is one. */
function tryFrom<T, Payload>(
  index: number,
  candidates: readonly Candidate[],
  signature: SignatureToVerify<T, Payload>,
): Awaitable<OpenedSignature<Payload> | Refusal> {
  const { form, signed } = signature
  const candidate = candidates[index]
  if (candidate === undefined) return form.restFault(signed) ?? badSignature()
  const opened = form.open(signed, candidate.material)
  if (opened instanceof Promise) return openLater(opened, index, { candidates, signature })
  return opened === undefined
    ? tryFrom(index + 1, candidates, signature)
    : { key: candidate.key, payload: opened }
}

interface Trial<T, Payload> {
  readonly candidates: readonly Candidate[]
  readonly signature: SignatureToVerify<T, Payload>
}

function openLater<T, Payload>(
  opened: Promise<Payload | undefined>,
  index: number,
  { candidates, signature }: Trial<T, Payload>,
): Promise<OpenedSignature<Payload> | Refusal> {
  const { key } = candidates[index]!
  return opened
    .then((payload) => (payload === undefined ? tryFrom(index + 1, candidates, signature) : { key, payload }))
    .catch((error: unknown) => refuse(signature, error))
}

function badSignature(): Refusal {
  return new Refusal(
    'bad_signature',
    'signature: expected that of header and payload under this key, got another',
  )
}
