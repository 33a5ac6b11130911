/** `decode`: the synchronous verb. It verifies, always; there is no option to turn that off. */
import { hashing } from '../crypto/hashing.ts'
import { orThrow } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { prepareKeys, type VerificationInput } from '../jws/verification-keys.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import type { ClaimsSet } from './claims-set.ts'
import type { Clock } from './numeric-date.ts'
import type { Verified } from './verified.ts'
import { makePlan } from './verify-options.ts'
import { requireSynchronous, verifyToken } from './verify-token.ts'

export interface DecodeOptions {
  /** Required with a raw secret (HS* only). Default: the key's own algorithm. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** The exact issuer, or a list of which one must match. Default: any. */
  readonly issuer?: string | readonly string[] | null
  /** Whom the token must be for. Default: a token that names an audience is refused; `null` waives. */
  readonly audience?: string | readonly string[] | null
  /** How far `exp` and `nbf` may be overstepped, in seconds. Default: 0. */
  readonly clockToleranceSeconds?: number
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
  /** Takes a raw secret that is too short. Default: false. */
  readonly allowWeakKey?: boolean
}

const optionNames = [
  'algorithms',
  'issuer',
  'audience',
  'clockToleranceSeconds',
  'now',
  'allowWeakKey',
] as const

/**
 * The claims of a token, verified: its signature, its times where it has them, issuer and audience where asked for.
 *
 * @throws {JoseError} as `verifyJwt`; `unsupported` where the runtime has no synchronous form of the algorithm
 */
export function decode<const O extends DecodeOptions = DecodeOptions>(
  token: string,
  key: VerificationInput,
  options?: O & OnlyOptions<O, DecodeOptions>,
): Verified<ClaimsSet> {
  const given = readOptions<DecodeOptions>(options ?? {}, optionNames, 'decode')
  const plan = makePlan(Object.assign(given, { requireExp: false }), 'decode', null)
  const keys = prepareKeys(key, Object.assign(plan.keyOptions, { hashing }), 'decode')
  const verified = orThrow(requireSynchronous(verifyToken(token, { keys, plan }), 'decode'))
  return verified.claims as Verified<ClaimsSet>
}
