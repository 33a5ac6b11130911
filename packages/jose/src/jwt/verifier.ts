/** A verifier: options and keys checked once, for hot paths. */
import { orThrow, type Refusal } from '../errors.ts'
import { prepareKeys, type VerificationInput } from '../jws/verification-keys.ts'
import { readOptions } from '../options.ts'
import type { FittingOptions } from './fitting-options.ts'
import type { VerifiedJwt } from './verified.ts'
import { safeResult, type SafeVerifyResult } from './verify.ts'
import { makePolicyPlan, verifyOptionNames, type VerifyJwtOptions } from './verify-options.ts'
import { requireSynchronous, type VerifiedToken, verifyToken } from './verify-token.ts'

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
  options: O & FittingOptions<O, CreateVerifierOptions, O['keys']>,
): Verifier<O, O['keys']> {
  const given = readOptions<CreateVerifierOptions>(
    options,
    [...verifyOptionNames, 'keys'],
    'createVerifier',
    ['keys'],
  )
  const plan = makePolicyPlan(given, 'createVerifier')
  const keys = prepareKeys(given.keys, plan.keyOptions, 'createVerifier')
  const verify = (token: string): ReturnType<typeof verifyToken> => verifyToken(token, keys, plan)
  const verifySync = (token: string): VerifiedToken | Refusal =>
    requireSynchronous(verify(token), 'verifySync')
  type Result = VerifiedJwt<O, O['keys']>
  return Object.freeze({
    verify: async (token: string) => orThrow(await verify(token)) as Result,
    verifySync: (token: string) => orThrow(verifySync(token)) as Result,
    safeVerify: async (token: string) => safeResult<O, O['keys']>(await verify(token)),
    safeVerifySync: (token: string) => safeResult<O, O['keys']>(verifySync(token)),
  })
}
