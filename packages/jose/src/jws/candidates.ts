/** The keys that may be tried for a signature: algorithm → key, the middle of the order of checks. */
import { type Awaitable, settle } from '../crypto/awaitable.ts'
import type { VerifyingMaterial } from '../crypto/material.ts'
import { JoseError, Refusal } from '../errors.ts'
import { materialOf, type VerificationKey, verifiesAs } from '../jwk/key.ts'
import type { KeySelector } from '../jwk/key-set.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'

/** A key that may be tried, with what it is made of. */
export interface Candidate {
  readonly key: VerificationKey
  readonly material: VerifyingMaterial
}

/** Where the keys for a header come from. */
export interface KeyChoice {
  /** The values of `alg` that are allowed at all; the token never widens it. */
  readonly algorithms: ReadonlySet<SignatureAlgorithm>
  selectKeys(selector: KeySelector): Awaitable<readonly VerificationKey[]>
  /** What a key verifies with in place of its own material. */
  readonly prepare?: (material: VerifyingMaterial) => VerifyingMaterial
}

/** How many keys are tried for one signature, so that a crowded set cannot be made to cost more. */
const maximumCandidates = 4

/**
 * The keys for a header, at least one.
 *
 * @throws {JoseError} what the key set throws, and `key_invalid` for what it hands in that is no key
 */
export function selectCandidates(
  selector: KeySelector,
  keys: KeyChoice,
): Awaitable<readonly Candidate[] | Refusal> {
  const { alg } = selector
  if (!keys.algorithms.has(alg)) {
    const allowed = [...keys.algorithms].join(', ')
    return new Refusal('alg_not_allowed', `protected header: "alg": expected ${allowed}, got ${alg}`)
  }
  const found: Awaitable<unknown> = settle(keys.selectKeys(selector))
  return found instanceof Promise
    ? found.then((list: unknown) => usableKeys(list, selector, keys))
    : usableKeys(found, selector, keys)
}

/** A key set of the application may hand in anything: what is no verification key of this algorithm is a fault of its own. */
function usableKeys(
  found: unknown,
  selector: KeySelector,
  { prepare }: KeyChoice,
): readonly Candidate[] | Refusal {
  if (!Array.isArray(found)) {
    throw new JoseError('key_invalid', 'key set: expected an array of keys')
  }
  if (found.length === 0) return new Refusal('key_not_found', 'no key fits the token')
  if (found.length > maximumCandidates) {
    return new Refusal(
      'key_ambiguous',
      `expected at most ${maximumCandidates} keys that fit the token, got ${found.length}: give tokens and keys a "kid"`,
    )
  }
  const candidates: Candidate[] = []
  for (const key of found as readonly VerificationKey[]) {
    const candidate = usableKey(key, selector)
    if (candidate instanceof Refusal) return candidate
    candidates.push(prepare ? { key, material: prepare(candidate.material) } : candidate)
  }
  return candidates
}

function usableKey(key: VerificationKey, { alg }: KeySelector): Candidate | Refusal {
  const material = materialOf(key)
  if (material === undefined || material.kind === 'private') {
    throw new JoseError('key_invalid', 'key set: expected public keys or secrets')
  }
  if (verifiesAs(key, alg)) return { key, material }
  return new Refusal(
    'alg_not_allowed',
    `protected header: "alg": expected the key's own, ${key.algorithm}, got ${alg}`,
  )
}
