/** A verifier: options and keys checked once, for hot paths. */
import { prepareKeys, type VerificationInput } from '../jws/verification-keys.ts'
import { readOptions } from '../options.ts'
import type { VerifiedJwt } from './verified.ts'
import { refusal, type SafeVerifyResult } from './verify.ts'
import {
  type FittingOptions,
  makePolicyPlan,
  verifyOptionNames,
  type VerifyJwtOptions,
} from './verify-options.ts'
import { requireSynchronous, verifyToken } from './verify-token.ts'

export interface CreateVerifierOptions extends VerifyJwtOptions {
  /** A secret, a public key, a key set, or raw HMAC text or bytes with `algorithms`. */
  readonly keys: VerificationInput
}

/** Verifies tokens under one policy. The `Sync` forms need keys at hand and synchronous cryptography (Node, Bun, Deno; HMAC everywhere). */
export interface Verifier<O extends VerifyJwtOptions = VerifyJwtOptions, K = unknown> {
  /** @throws {JoseError} as `verifyJwt` */
  verify(token: string): Promise<VerifiedJwt<O, K>>
  /** @throws {JoseError} as `verifyJwt`; `unsupported` where only a promise can answer */
  verifySync(token: string): VerifiedJwt<O, K>
  safeVerify(token: string): Promise<SafeVerifyResult<O, K>>
  safeVerifySync(token: string): SafeVerifyResult<O, K>
}

/**
 * Makes a verifier. Every option is checked here, so that a mistake shows at start and not at the first token.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`, `weak_key`, `alg_not_allowed`
 */
export function createVerifier<const O extends CreateVerifierOptions>(
  options: O & FittingOptions<O, CreateVerifierOptions>,
): Verifier<O, O['keys']> {
  const given = readOptions<CreateVerifierOptions>(
    options,
    [...verifyOptionNames, 'keys'],
    'createVerifier',
    ['keys'],
  )
  const plan = makePolicyPlan(given, 'createVerifier')
  const keys = prepareKeys(given.keys, plan.keyOptions, 'createVerifier')
  type Result = VerifiedJwt<O, O['keys']>
  const verifySync = (token: string): Result =>
    requireSynchronous(verifyToken(token, keys, plan), 'verifySync') as Result
  return Object.freeze({
    verify: async (token: string) => (await verifyToken(token, keys, plan)) as Result,
    verifySync,
    safeVerify: async (token: string): Promise<SafeVerifyResult<O, O['keys']>> => {
      try {
        return { ok: true, ...((await verifyToken(token, keys, plan)) as Result) }
      } catch (error) {
        return refusal(error)
      }
    },
    safeVerifySync: (token: string): SafeVerifyResult<O, O['keys']> => {
      try {
        return { ok: true, ...verifySync(token) }
      } catch (error) {
        return refusal(error)
      }
    },
  })
}
