/** An issuer for test suites: real tokens under real keys, a clock that stands still, faults on demand, no network. */
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm } from '../jwa/signature-algorithms.ts'
import type { JwkSet } from '../jwk/jwk.ts'
import type { KeySet } from '../jwk/key-set.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { createIssuerFetch, createJwksSwitches, type JwksState, type JwksSwitches } from './issuer-fetch.ts'
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts'
import { readSettings, type TestIssuerOptions } from './issuer-settings.ts'
import { attackContext, createIssuerTokens, type IssuerTokens } from './issuer-tokens.ts'
import type { AttackContext } from './recipe.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { secretText } from './test-key.ts'

/** What a verifier of the issuer's tokens is told: for `createVerifier`, `createGuard` and their like. */
export interface TestTrust {
  readonly issuer: string
  readonly audience: string
  readonly keys: KeySet
  readonly now: () => number
}

export interface TestIssuer extends IssuerTokens, JwksSwitches {
  readonly issuer: string
  readonly audience: string
  readonly algorithm: SignatureAlgorithm
  /** With HS*: the secret that an application would be configured with. */
  readonly secret: string | undefined
  readonly clock: TestClock
  /** Its present keys. While `jwksDown`, it throws `keys_unavailable`. */
  readonly keySet: KeySet
  readonly trust: TestTrust
  /** For `createRemoteJwkSet` and others that fetch: serves metadata and JWK Set, 404 for all else. */
  readonly fetch: typeof globalThis.fetch
  /** What `fetch` was asked for: `GET https://issuer.test/.well-known/jwks.json`. */
  readonly requests: readonly string[]
  /** What is published. With HS*, nothing. */
  jwks(): JwkSet
  /** Signs with another key from now on; the old ones stay published unless `keepOld` is false. */
  rotate(options?: { readonly keepOld?: boolean }): Promise<void>
}

/** What the corpus needs to know of an issuer. */
const contexts = new WeakMap<object, () => AttackContext>()

/** The context of an issuer's attacks, at its present. @throws {JoseError} `option_invalid` for anything else */
export function attackContextOf(issuer: unknown, where: string): AttackContext {
  const context = contexts.get(Object(issuer) as object)
  if (context !== undefined) return context()
  throw badOption(where, 'issuer', 'what createTestIssuer gave', issuer)
}

/**
 * Makes an issuer for tests. Keys of RSA, P-256 and Ed25519 are the same in every run and published with this package:
 * trust no token of theirs outside a test.
 *
 * @throws {JoseError} `option_invalid`; `unsupported` for an algorithm that the runtime lacks
 */
export async function createTestIssuer<const O extends TestIssuerOptions = TestIssuerOptions>(
  options?: O & OnlyOptions<O, TestIssuerOptions>,
): Promise<TestIssuer> {
  const settings = readSettings(options ?? {})
  const { issuer, audience, algorithm } = settings
  const state: JwksState = { outage: undefined, delayMs: 0 }
  const keys = await createIssuerKeys(algorithm, state)
  const clock = createTestClock(settings.now)
  const requests: string[] = []
  const made = Object.freeze({
    issuer,
    audience,
    algorithm,
    secret: isHmacAlgorithm(algorithm) ? secretText(0) : undefined,
    clock,
    keySet: keys.keySet,
    trust: Object.freeze({ issuer, audience, keys: keys.keySet, now: clock.now }),
    fetch: createIssuerFetch({ issuer, state, requests, jwks: keys.jwks }),
    requests,
    jwks: keys.jwks,
    rotate: (given: { keepOld?: boolean } = {}) => rotate(keys, given),
    ...createIssuerTokens({ settings, keys, clock }),
    ...createJwksSwitches(state),
  } satisfies TestIssuer)
  contexts.set(made, () => attackContext({ settings, keys, clock }))
  return made
}

function rotate(keys: IssuerKeys, options: { readonly keepOld?: boolean }): Promise<void> {
  const { keepOld = true } = readOptions<{ keepOld?: boolean }>(options, ['keepOld'], 'rotate')
  return keys.rotate(readFlag(keepOld, 'keepOld', 'rotate'))
}
