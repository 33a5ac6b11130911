/** An issuer for test suites: real tokens under real keys, a clock that stands still, faults on demand, no network. */
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm, requireRow, signatureRow } from '../jwa/signature-algorithms.ts'
import type { JwkSet } from '../jwk/jwk.ts'
import type { KeySet } from '../jwk/key-set.ts'
import { requireSecureUrl } from '../jwks/fetch-json.ts'
import { type Duration, durationSeconds } from '../jwt/numeric-date.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { forgeToken } from './all-recipes.ts'
import { createIssuerFetch, type JwksState } from './issuer-fetch.ts'
import { createIssuerKeys, type IssuerKeys } from './issuer-keys.ts'
import { rawToken } from './raw-token.ts'
import type { AttackContext } from './recipe.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { secretText } from './test-key.ts'

export interface TestIssuerOptions {
  /** Claim `iss`, and where metadata and keys seem to lie. Default: `https://issuer.test`. */
  readonly issuer?: string
  /** Claim `aud`. Default: `https://api.test`. */
  readonly audience?: string
  /** The algorithm of its keys. Default: `ES256`. */
  readonly algorithm?: SignatureAlgorithm
  /** Header `typ`. Default: `at+jwt` (RFC 9068). */
  readonly typ?: string
  /** Claims that every token has, those of the attack corpus too; such as a scope that the API wants. Default: none. */
  readonly claims?: TestClaims
  /** Where the clock stands, in seconds. Default: the second in which it was made. */
  readonly now?: number
}

export interface TestTokenOptions {
  /** Header parameters that differ; undefined leaves one out. */
  readonly header?: { readonly [parameter: string]: unknown }
  /** The lifetime. Default: ten minutes. */
  readonly expiresIn?: Duration
}

/** Claims that differ from good ones; undefined leaves one out. Nothing of them is checked: broken ones are signed too. */
export interface TestClaims {
  readonly [claim: string]: unknown
}

/** What a verifier of the issuer's tokens is told: for `createVerifier`, `createGuard` and their like. */
export interface TestTrust {
  readonly issuer: string
  readonly audience: string
  readonly keys: KeySet
  readonly now: () => number
}

/** Tokens that `forge` makes, as far as they fit the issuer's algorithm; so does every other name of `attackCorpus`. */
export type Forgery =
  | 'alg-none'
  | 'alg-none-case'
  | 'hs256-with-public-key'
  | 'embedded-jwk'
  | 'embedded-jku'
  | 'stripped-signature'
  | 'changed-claims'
  | 'changed-header'
  | 'wrong-key'
  | 'unknown-crit'
  | 'duplicate-member'
  | 'non-canonical-signature'
  | 'token-leading-space'
  | 'limit-dots'

export interface TestIssuer {
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

  /** A good token: RFC 9068, ten minutes, with claims of one's own. */
  sign(claims?: TestClaims, options?: TestTokenOptions): Promise<string>
  /** What is published. With HS*, nothing. */
  jwks(): JwkSet
  /** Signs with another key from now on; the old ones stay published unless `keepOld` is false. */
  rotate(options?: { readonly keepOld?: boolean }): Promise<void>
  /** The JWK Set answers 503, or the connection fails. */
  jwksDown(how?: 'status' | 'network'): void
  /** The JWK Set is served again, at once. */
  jwksUp(): void
  /** The JWK Set takes its time. */
  jwksSlow(ms: number): void

  /** A token that expired ten minutes ago. */
  expired(claims?: TestClaims): Promise<string>
  /** A token that becomes valid in ten minutes. */
  notYetValid(claims?: TestClaims): Promise<string>
  /** A token for another API. */
  wrongAudience(claims?: TestClaims): Promise<string>
  /** A token that names another issuer. */
  wrongIssuer(claims?: TestClaims): Promise<string>
  /** A token that names the right key and is signed with another. */
  wrongKey(claims?: TestClaims): Promise<string>
  /** A token that names a key which nobody publishes, and is signed with it. */
  unknownKey(claims?: TestClaims): Promise<string>
  /** A good token without a claim. */
  withoutClaim(name: string): Promise<string>
  /** A token of `attackCorpus`. @throws {JoseError} `option_invalid` for a name that is not there for this algorithm */
  forge(id: Forgery | (string & {})): Promise<string>
}

/** What the corpus needs to know of an issuer. */
const contexts = new WeakMap<object, () => AttackContext>()

/** The context of an issuer's attacks, at its present. @throws {JoseError} `option_invalid` for anything else */
export function attackContextOf(issuer: unknown, where: string): AttackContext {
  const context = contexts.get(Object(issuer) as object)
  if (context !== undefined) return context()
  throw badOption(where, 'issuer', 'what createTestIssuer gave', issuer)
}

const optionNames = ['issuer', 'audience', 'algorithm', 'typ', 'claims', 'now'] as const

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
  const state: JwksState = { outage: undefined, delayMs: 0 }
  const keys = await createIssuerKeys(settings.algorithm, state)
  const clock = createTestClock(settings.now)
  const issuer = assemble({ settings, state, keys, clock })
  contexts.set(issuer, () => contextOf(settings, keys, clock))
  return issuer
}

interface Parts {
  readonly settings: Required<TestIssuerOptions>
  readonly state: JwksState
  readonly keys: IssuerKeys
  readonly clock: TestClock
}

function assemble({ settings, state, keys, clock }: Parts): TestIssuer {
  const { issuer, audience, algorithm } = settings
  const requests: string[] = []
  let count = 0

  const context = (): AttackContext => contextOf(settings, keys, clock)
  const sign = async (claims: TestClaims = {}, options: TestTokenOptions = {}): Promise<string> => {
    const { header = {}, expiresIn = 600 } = readOptions<TestTokenOptions>(
      options,
      ['header', 'expiresIn'],
      'sign',
    )
    const good = context()
    count += 1
    const exp = clock.now() + durationSeconds(expiresIn, 'expiresIn', 'sign')
    return good.sign({ ...good.header, ...header }, { ...good.claims, jti: `test-${count}`, exp, ...claims })
  }
  const later = (seconds: number): number => clock.now() + seconds

  return Object.freeze({
    issuer,
    audience,
    algorithm,
    secret: isHmacAlgorithm(algorithm) ? secretText(0) : undefined,
    clock,
    keySet: keys.keySet,
    trust: Object.freeze({ issuer, audience, keys: keys.keySet, now: clock.now }),
    fetch: createIssuerFetch({ issuer, state, requests, jwks: keys.jwks }),
    requests,
    sign,
    jwks: keys.jwks,
    rotate: (options = {}) => {
      const { keepOld = true } = readOptions<{ keepOld?: boolean }>(options, ['keepOld'], 'rotate')
      return keys.rotate(readFlag(keepOld, 'keepOld', 'rotate'))
    },
    jwksDown: (how = 'status') => {
      if (how !== 'status' && how !== 'network') throw badOption('jwksDown', 'how', 'status or network', how)
      state.outage = how
    },
    jwksUp: () => {
      Object.assign(state, { outage: undefined, delayMs: 0 })
    },
    jwksSlow: (ms) => {
      if (typeof ms !== 'number' || !(ms >= 0)) throw badOption('jwksSlow', 'ms', 'milliseconds', ms)
      state.delayMs = ms
    },
    expired: (claims) => sign({ iat: later(-1200), exp: later(-600), ...claims }),
    notYetValid: (claims) => sign({ nbf: later(600), exp: later(1200), ...claims }),
    wrongAudience: (claims) => sign({ aud: 'https://other-api.test', ...claims }),
    wrongIssuer: (claims) => sign({ iss: 'https://other-issuer.test', ...claims }),
    wrongKey: (claims) => signedByAttacker(context(), {}, claims),
    unknownKey: (claims) => signedByAttacker(context(), { kid: keys.attacker.signingKey.kid }, claims),
    withoutClaim: (name) => sign({ [name]: undefined }),
    forge: (id) => forgeToken(id, context()),
  } satisfies TestIssuer)
}

function signedByAttacker(context: AttackContext, header: object, claims: TestClaims = {}): Promise<string> {
  return rawToken({ ...context.header, ...header }, { ...context.claims, ...claims }, context.attacker)
}

function contextOf(settings: Required<TestIssuerOptions>, keys: IssuerKeys, clock: TestClock): AttackContext {
  const key = keys.current()
  const { algorithm, kid } = key.signingKey
  const now = clock.now()
  const { issuer, audience, typ, claims } = settings
  return {
    row: requireRow(algorithm),
    issuer,
    audience,
    now,
    key,
    attacker: keys.attacker,
    header: { typ, alg: algorithm, kid },
    claims: {
      iss: issuer,
      sub: 'test-user',
      aud: audience,
      client_id: 'test-client',
      iat: now,
      exp: now + 600,
      jti: 'test',
      ...claims,
    },
    sign: (header, payload, signer = key) => rawToken(header, payload, signer),
  }
}

function readSettings(options: unknown): Required<TestIssuerOptions> {
  const where = 'createTestIssuer'
  const given = readOptions<TestIssuerOptions>(options, optionNames, where)
  const settings = {
    issuer: 'https://issuer.test',
    audience: 'https://api.test',
    algorithm: 'ES256' as const,
    typ: 'at+jwt',
    claims: {},
    now: Math.floor(Date.now() / 1000),
    ...given,
  }
  for (const name of ['audience', 'typ'] as const) {
    if (typeof settings[name] !== 'string' || settings[name] === '')
      throw badOption(where, name, 'text', settings[name])
  }
  if (signatureRow(settings.algorithm) === undefined)
    throw badOption(where, 'algorithm', 'a signature algorithm such as ES256', settings.algorithm)
  const { claims } = settings
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
    throw badOption(where, 'claims', 'an object', claims)
  requireSecureUrl(settings.issuer, `${where}: issuer`)
  if (typeof settings.issuer === 'string' && !/[?#]/.test(settings.issuer)) return settings
  throw new JoseError(
    'option_invalid',
    `${where}: issuer: expected the text of a URL without query and fragment`,
  )
}
