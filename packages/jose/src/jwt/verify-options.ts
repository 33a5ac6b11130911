/** The options of verification, read once and made into a policy. */
import { awaitedHashing } from '../crypto/awaited-hashing.ts'
import type { Hashing } from '../crypto/hashing.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { badOption, readFlag, readOptions } from '../options.ts'
import { type ClaimsPolicy, shortType } from './claims.ts'
import { type Clock, readClock } from './numeric-date.ts'
import { readNames, readSeconds, readText } from './option-values.ts'
import {
  type ProfileOptions,
  profileOptionNames,
  readProfilePolicy,
  readProfileTypes,
} from './profile-options.ts'
import type { ProfileRow } from './profiles.ts'
import { isStandardSchema, type StandardSchema } from './schema.ts'

/** What `verifyJwt` and `createVerifier` expect of a token. */
export interface VerifyJwtOptions extends ProfileOptions {
  /** Who must have issued the token: exact text, or a list of which one must match. `null` waives the check. */
  readonly issuer: string | readonly string[] | null
  /** Whom the token must be for: a name, or a list of which one must match. `null` waives the check. */
  readonly audience: string | readonly string[] | null
  /** The `alg` values to allow. Default: the key's own; with a key set, every algorithm that its keys have. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** The accepted `typ` header (RFC 8725 §3.11), one or several. `null` waives. Default: absent, `JWT` or `at+jwt`. */
  readonly typ?: string | readonly string[] | null
  /** The exact subject. Default: any. */
  readonly subject?: string
  /** Claims that must be present. Default: none beyond `exp`. */
  readonly required?: readonly string[]
  /** Whether a token without `exp` is refused. Default: true. */
  readonly requireExp?: boolean
  /** How old a token may be by its `iat`, in seconds. Default: no limit but `exp`. */
  readonly maxAgeSeconds?: number
  /** How far `exp` and `nbf` may be overstepped, in seconds, at most 3600. Default: 0. */
  readonly clockToleranceSeconds?: number
  /** A Standard Schema for the claims; its output is merged into them. */
  readonly schema?: StandardSchema
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
  /** Takes a raw secret that is too short. Default: false. */
  readonly allowWeakKey?: boolean
}

/** The options that speak of claims, whatever protects them. */
export type ClaimsOptions = Omit<VerifyJwtOptions, 'algorithms' | 'allowWeakKey' | keyof ProfileOptions>

/** Options as the engine wants them. */
export interface VerifyPlan {
  readonly policy: ClaimsPolicy
  readonly now: Clock | undefined
  readonly schema: StandardSchema | undefined
  /** What the hash of an access token is made with. */
  readonly hashing: Hashing
  readonly keyOptions: {
    readonly algorithms?: readonly SignatureAlgorithm[]
    readonly allowWeakKey?: boolean
  }
}

/** The names of `ClaimsOptions`. */
export const claimsOptionNames: readonly (keyof ClaimsOptions)[] = [
  'issuer',
  'audience',
  'typ',
  'subject',
  'required',
  'requireExp',
  'maxAgeSeconds',
  'clockToleranceSeconds',
  'schema',
  'now',
]

/** The names of `VerifyJwtOptions`. */
export const verifyOptionNames: readonly (keyof VerifyJwtOptions)[] = [
  ...claimsOptionNames,
  'algorithms',
  'allowWeakKey',
  ...profileOptionNames,
]

/** Reads the options of `verifyJwt`. @throws {JoseError} `option_invalid` */
export function readVerifyOptions(options: unknown, where: string): VerifyPlan {
  return makePolicyPlan(readOptions<VerifyJwtOptions>(options, verifyOptionNames, where), where)
}

/** One list for all policies, as `usualClaims` is: what a thousand of them look at for each token is then nearby. */
const usualTypes: readonly string[] = ['', 'jwt', 'at+jwt']
const usualClaims: readonly string[] = ['exp']

/** Makes the plan of a policy, which names issuer and audience or waives them. @throws {JoseError} `option_invalid` */
export function makePolicyPlan(given: Partial<VerifyJwtOptions>, where: string): VerifyPlan {
  for (const name of ['issuer', 'audience'] as const) {
    if (!(name in given))
      throw badOption(where, name, 'text, a list of text, or null to waive the check', undefined)
  }
  return makePlan(given, where, usualTypes)
}

/** Makes the plan of options that were read already. */
export function makePlan(
  given: Partial<VerifyJwtOptions>,
  where: string,
  defaultTypes: readonly string[] | null,
): VerifyPlan {
  const { algorithms, allowWeakKey, now, schema } = given
  if (schema !== undefined && !isStandardSchema(schema))
    throw badOption(where, 'schema', 'a Standard Schema', schema)
  if (now !== undefined) readClockOption(now, where)
  const audiences = readNames(given, 'audience', where)
  const profile = readProfilePolicy(given, audiences, where)
  return {
    policy: {
      issuers: readNames(given, 'issuer', where) ?? null,
      audiences,
      types:
        profile === undefined
          ? readTypes(given, defaultTypes, where)
          : readProfileTypes(profile.row, given.allowUntyped, where),
      subject: readText(given, 'subject', where),
      required: readRequired(given, where, profile?.row),
      maxAgeSeconds: readSeconds(given, 'maxAgeSeconds', where),
      clockToleranceSeconds: readSeconds(given, 'clockToleranceSeconds', where, 3600) ?? 0,
      profile,
    },
    now,
    schema,
    hashing: awaitedHashing,
    // No prototype: what somebody put on Object.prototype is no option.
    keyOptions: Object.assign(
      Object.create(null),
      algorithms === undefined ? {} : { algorithms },
      allowWeakKey === undefined ? {} : { allowWeakKey: readFlag(allowWeakKey, 'allowWeakKey', where) },
    ),
  }
}

function readRequired(
  given: Partial<VerifyJwtOptions>,
  where: string,
  row: ProfileRow | undefined,
): readonly string[] {
  const { required = [] } = given
  if (!Array.isArray(required) || !required.every((name) => typeof name === 'string' && name !== '')) {
    throw badOption(where, 'required', 'an array of claim names', given.required)
  }
  // `requireExp: false` is the word that shows in review; `decode` passes it itself.
  const requireExp = readFlag(
    given.requireExp === undefined ? row === undefined : given.requireExp,
    'requireExp',
    where,
  )
  if (requireExp && row === undefined && required.length === 0) return usualClaims
  return [
    ...new Set([
      ...(requireExp ? ['exp'] : []),
      ...(row?.required ?? []),
      ...(required as readonly string[]),
    ]),
  ]
}

function readTypes(
  given: Partial<VerifyJwtOptions>,
  defaultTypes: readonly string[] | null,
  where: string,
): readonly string[] | null {
  return given.typ === undefined ? defaultTypes : (readNames(given, 'typ', where)?.map(shortType) ?? null)
}

function readClockOption(now: unknown, where: string): void {
  if (typeof now === 'number') readClock(now, where)
  else if (typeof now !== 'function') throw badOption(where, 'now', 'seconds or a function', now)
}
