/**
 * Verification with a memory. What is remembered of a token is what cannot change: that its signature is good under one
 * key, and its claims. Never a verdict: each time it comes, its key must still be one of those for its header, and the
 * clock, the policy and the schema judge its claims as if it had come for the first time (T39–T42).
 */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import type { Refusal } from '../errors.ts'
import { isHmacAlgorithm } from '../jwa/signature-algorithms.ts'
import { type Candidate, selectCandidates } from '../jws/candidates.ts'
import type { VerificationKeys } from '../jws/verification-keys.ts'
import { badOption, readOptions } from '../options.ts'
import type { Verify } from './issuer-router.ts'
import { createTokenMemory } from './token-memory.ts'
import type { VerifyPlan } from './verify-options.ts'
import { type AuthenticToken, judgeClaims, verifyToken } from './verify-token.ts'

/** How many verified tokens are remembered. */
export interface TokenCacheOptions {
  /** Tokens at most, from 2 to a million; one of more than 1024 characters counts as several. */
  readonly maxTokens: number
}

/** What is remembered. */
export interface CacheSettings {
  readonly maxTokens: number
  /** A MAC is computed again in little more time than it takes to look for a token. */
  readonly remembersMacs: boolean
}

const defaultTokens = 4096

/** Reads the option `cache`; undefined for no cache. @throws {JoseError} `option_invalid` */
export function readCacheOption(value: unknown, where: string): CacheSettings | undefined {
  if (value === undefined) return { maxTokens: defaultTokens, remembersMacs: false }
  if (value === false) return undefined
  if (value === true) return { maxTokens: defaultTokens, remembersMacs: true }
  if (typeof value !== 'object' || value === null)
    throw badOption(where, 'cache', 'true, false or { maxTokens }', value)
  const { maxTokens } = readOptions<TokenCacheOptions>(value, ['maxTokens'], `${where}: cache`)
  if (!Number.isInteger(maxTokens) || maxTokens < 2 || maxTokens > 1_000_000)
    throw badOption(`${where}: cache`, 'maxTokens', 'a whole number from 2 to 1000000', maxTokens)
  return { maxTokens, remembersMacs: true }
}

/** Prepares the verification of a verifier, with a memory of its own where the settings want one. */
export function prepareVerify(
  keys: VerificationKeys,
  plan: VerifyPlan,
  settings: CacheSettings | undefined,
): Verify {
  const hasOnlyMacs = [...keys.algorithms].every(isHmacAlgorithm)
  if (settings === undefined || (hasOnlyMacs && !settings.remembersMacs)) {
    const against = { keys, plan }
    return (token) => verifyToken(token, against)
  }
  return verifyRemembering(keys, plan, settings)
}

function verifyRemembering(
  keys: VerificationKeys,
  plan: VerifyPlan,
  { maxTokens, remembersMacs }: CacheSettings,
): Verify {
  const memory = createTokenMemory<AuthenticToken>(maxTokens)
  let generation = keys.generation()

  const verifyAnew: Verify = (token) => {
    const keep = (authentic: AuthenticToken): void => {
      if (remembersMacs || !isHmacAlgorithm(authentic.known.header.alg))
        memory.keep(token as string, authentic)
    }
    return verifyToken(token, { keys, plan, keep })
  }

  if (keys.isFixed) {
    return (token) => {
      const authentic = typeof token === 'string' ? memory.find(token) : undefined
      return authentic === undefined
        ? verifyAnew(token)
        : judgeClaims(authentic.known.header, authentic.claims, plan)
    }
  }

  const judgeAgain = (token: unknown, { known, key, claims }: AuthenticToken): ReturnType<Verify> =>
    chain(stillSelects(keys, known.selector, key), (isGood) =>
      isGood ? judgeClaims(known.header, claims, plan) : verifyAnew(token),
    )

  return (token) => {
    if (typeof token !== 'string') return verifyAnew(token)
    const present = keys.generation()
    if (present !== generation) {
      memory.clear()
      generation = present
    }
    const authentic = memory.find(token)
    return authentic === undefined ? verifyAnew(token) : judgeAgain(token, authentic)
  }
}

/**
 * Whether a key is still one of those for a header. The set is asked as for any other token, so that one that has keys
 * come and go by time, or refreshes itself when it is asked, is none the wiser; what it throws it will throw again.
 */
function stillSelects(
  keys: VerificationKeys,
  selector: AuthenticToken['known']['selector'],
  key: AuthenticToken['key'],
): Awaitable<boolean> {
  const holds = (candidates: readonly Candidate[] | Refusal): boolean =>
    Array.isArray(candidates) && candidates.some((candidate) => candidate.key === key)
  try {
    const found = selectCandidates(selector, keys)
    return found instanceof Promise ? found.then(holds).catch(() => false) : holds(found)
  } catch {
    return false
  }
}
