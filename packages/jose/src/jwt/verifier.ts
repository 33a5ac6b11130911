/** A verifier: options and keys checked once, for hot paths. */
import { hashing } from '../crypto/hashing.ts'
import { withTables } from '../crypto/signature-tables.ts'
import { readList, readMember } from '../encoding/foreign-value.ts'
import { JoseError, orThrow, type Refusal } from '../errors.ts'
import { prepareKeys, type VerificationInput, type VerificationKeys } from '../jws/verification-keys.ts'
import { badOption, type OnlyOptions, readOptions, type Refused } from '../options.ts'
import { prepareVerify, readCacheOption, type TokenCacheOptions } from './cached-verify.ts'
import type { FittingOptions } from './fitting-options.ts'
import { type IssuerDirectoryOptions, routeByDirectory } from './issuer-directory.ts'
import { type PreparedPolicy, routeByIssuer, type Verify } from './issuer-router.ts'
import type { VerifiedJwt } from './verified.ts'
import { type RefusedJwt, safeResult } from './verify.ts'
import { makePolicyPlan, verifyOptionNames, type VerifyJwtOptions } from './verify-options.ts'
import { requireSynchronous, type VerifiedToken } from './verify-token.ts'

export interface CreateVerifierOptions extends VerifyJwtOptions {
  /** A secret, a public key, a key set, or raw HMAC text or bytes with `algorithms`. */
  readonly keys: VerificationInput
  /**
   * Remembers tokens that were accepted, so that one that comes again costs no signature: its key set is asked and its
   * claims are judged each time all the same, on the clock and by the schema of that time. `true` for 4096 tokens. Default:
   * those with a signature; those with a MAC (HS*) only with `true` or `{ maxTokens }`.
   */
  readonly cache?: boolean | TokenCacheOptions
  /**
   * Who verifies the signatures of Ed25519 and ES256: `'runtime'` its own cryptography; `'webassembly'` code of this library
   * with a table for each of the 16 keys that are used most, wherever there are WebAssembly and `node:crypto`, and the
   * runtime elsewhere. The verdicts are the same. Default: `'runtime'`.
   */
  readonly signatures?: SignatureEngine
}

/** Who verifies signatures. */
export type SignatureEngine = 'runtime' | 'webassembly'

/** One policy of several: that of an issuer, or of several names of it. */
export interface IssuerPolicy extends CreateVerifierOptions {
  readonly issuer: string | readonly string[]
}

/** The policy for an issuer that was asked for by name. */
export type AskedPolicy = Omit<IssuerPolicy, 'issuer'> & { readonly issuer?: string }

/** All that makes a verifier: one policy, one for each of several issuers, or who knows those. */
export type VerifierSource =
  | CreateVerifierOptions
  | readonly IssuerPolicy[]
  | IssuerDirectoryOptions<AskedPolicy>

/** Verifies tokens. The `Sync` forms need keys at hand and synchronous cryptography (Node, Bun, Deno; HMAC everywhere). */
export interface TokenVerifier<Verified> {
  /** @throws {JoseError} as `verifyJwt` */
  verify(token: string): Promise<Verified>
  /** @throws {JoseError} as `verifyJwt`; `unsupported` where only a promise can answer */
  verifySync(token: string): Verified
  /** `verify` as a value. @throws {JoseError} the caller's own mistakes */
  safeVerify(token: string): Promise<({ readonly ok: true } & Verified) | RefusedJwt>
  /** `verifySync` as a value. @throws {JoseError} the caller's own mistakes */
  safeVerifySync(token: string): ({ readonly ok: true } & Verified) | RefusedJwt
  /**
   * `safeVerify` without a promise wherever none is needed: keys are at hand and cryptography is synchronous. For
   * middleware, which goes on at once then. @throws {JoseError} the caller's own mistakes
   */
  safeVerifyNow(
    token: string,
  ):
    | ({ readonly ok: true } & Verified)
    | RefusedJwt
    | Promise<({ readonly ok: true } & Verified) | RefusedJwt>
}

/** Verifies tokens under one policy. */
export interface Verifier<
  O extends Partial<VerifyJwtOptions> = VerifyJwtOptions,
  K = unknown,
> extends TokenVerifier<VerifiedJwt<O, K>> {}

/** What a source verifies: under several policies, the result is of any one of them, and `iss` tells of which. */
export type VerifierOf<S> = S extends readonly (infer P)[]
  ? TokenVerifier<VerifiedUnder<P>>
  : S extends { issuers: (issuer: string) => infer P }
    ? TokenVerifier<VerifiedUnder<NonNullable<Awaited<P>> & { readonly issuer: string }>>
    : S extends CreateVerifierOptions
      ? Verifier<S, S['keys']>
      : never

type VerifiedUnder<P> = P extends CreateVerifierOptions ? VerifiedJwt<P, P['keys']> : never

/** Makes a compile error of what is refused at run time, for every policy of a source. */
type FittingSource<S> = S extends readonly (infer P)[]
  ? FittingAll<P>
  : S extends { issuers: (issuer: string) => infer P }
    ? OnlyOptions<S, IssuerDirectoryOptions> & FittingAll<NonNullable<Awaited<P>>>
    : FittingPolicy<S, CreateVerifierOptions>

type FittingPolicy<P, Allowed> = FittingOptions<P, Allowed, P extends { keys: infer K } ? K : unknown>

type FittingAll<P> = [Unfit<P>] extends [never] ? unknown : Refused<Unfit<P>>

/** Why a policy of several is refused. */
type Unfit<P> = P extends unknown
  ? [Exclude<keyof P, keyof IssuerPolicy>] extends [never]
    ? P extends FittingPolicy<P, IssuerPolicy>
      ? never
      : 'a policy has an option that its profile or its key has no use for'
    : `there is no option ${Exclude<keyof P, keyof IssuerPolicy> & string}`
  : never

/**
 * Makes a verifier. Every option is checked here, so that a mistake shows at start and not at the first token.
 *
 * A list holds a policy for each of several issuers: the `iss` of a token picks one by equality, which then judges it from
 * the first check to the last. A token of none of them is `key_not_found`. `{ issuers }` asks the application for the
 * policy of an issuer.
 *
 * @throws {JoseError} `option_invalid`, also for two policies of one issuer; `key_invalid`, `weak_key`, `alg_not_allowed`
 */
export function createVerifier<const S extends VerifierSource>(source: S & FittingSource<S>): VerifierOf<S> {
  return publicForms(verifyUnder(source)) as VerifierOf<S>
}

function verifyUnder(source: unknown): Verify {
  const policies = readList(source, mostPolicies)
  if (policies !== undefined) return routeByIssuer(policies, preparePolicy)
  const isDirectory = typeof readMember(source, 'issuers') === 'function'
  return isDirectory ? routeByDirectory(source, preparePolicy) : preparePolicy(source, where).verify
}

const where = 'createVerifier'

/** Policies of a list at most. */
const mostPolicies = 10_000

function preparePolicy(options: unknown, place: string, issuer?: string): PreparedPolicy {
  const given = readOptions<CreateVerifierOptions>(
    options,
    [...verifyOptionNames, 'keys', 'cache', 'signatures'],
    place,
    ['keys'],
  )
  const own = issuer === undefined ? given : nameIssuer(given, issuer, place)
  const plan = { ...makePolicyPlan(own, place), hashing }
  const asked = prepareKeys(given.keys, Object.assign(plan.keyOptions, { hashing }), place)
  const keys = withEngine(asked, given.signatures, place)
  const verify = prepareVerify(keys, plan, readCacheOption(given.cache, place))
  return { issuers: plan.policy.issuers, verify, asksKeySet: !keys.isFixed }
}

/** Keys whose signatures are verified by the engine of the option `signatures`. @throws {JoseError} `option_invalid` */
function withEngine(keys: VerificationKeys, engine: unknown, place: string): VerificationKeys {
  if (engine === undefined || engine === 'runtime') return keys
  if (engine !== 'webassembly') throw badOption(place, 'signatures', "'runtime' or 'webassembly'", engine)
  return { ...keys, prepare: withTables }
}

/** The policy of an issuer that was asked for: it names that one or none. */
function nameIssuer(given: CreateVerifierOptions, issuer: string, place: string): CreateVerifierOptions {
  if (!('issuer' in given) || given.issuer === issuer) return Object.assign(given, { issuer })
  throw new JoseError(
    'option_invalid',
    `${place}: expected the policy of the issuer asked for, got another's`,
  )
}

function publicForms(verify: Verify): TokenVerifier<VerifiedJwt> {
  const verifySync = (token: string): VerifiedToken | Refusal =>
    requireSynchronous(verify(token), 'verifySync')
  return Object.freeze({
    verify: async (token: string) => orThrow(await verify(token)) as VerifiedJwt,
    verifySync: (token: string) => orThrow(verifySync(token)) as VerifiedJwt,
    safeVerify: async (token: string) => safeResult(await verify(token)),
    safeVerifySync: (token: string) => safeResult(verifySync(token)),
    safeVerifyNow: (token: string) => {
      const verified = verify(token)
      return verified instanceof Promise ? verified.then(safeResult) : safeResult(verified)
    },
  })
}
