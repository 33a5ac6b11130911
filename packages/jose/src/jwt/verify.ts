/** `verifyJwt` and its like: the policy of an API server. */
import {
  type AuthenticErrorCode,
  type CallerErrorCode,
  type JoseError,
  orThrow,
  Refusal,
  type TokenErrorCode,
} from '../errors.ts'
import { prepareKeys, type VerificationInput } from '../jws/verification-keys.ts'
import type { ClaimsSet } from './claims-set.ts'
import type { FittingOptions } from './fitting-options.ts'
import type { VerifiedJwt } from './verified.ts'
import { readVerifyOptions, type VerifyJwtOptions } from './verify-options.ts'
import { type VerifiedToken, verifyToken } from './verify-token.ts'

/**
 * Verifies a token: signature, type, times, issuer, audience and what else the options ask.
 *
 * @param token - the compact serialization, exactly as it came
 * @param key - a secret, a public key, a key set, or raw HMAC text or bytes with `algorithms`
 * @param options - `issuer` and `audience` must be given; `null` waives either
 * @returns the claims, deeply frozen, and the protected header
 * @throws {JoseError} with the code of the first check that failed, in the order shape → header → algorithm → key →
 *   signature → claims → schema (RFC 7519 §7.2, RFC 8725 §3)
 */
export async function verifyJwt<K extends VerificationInput, const O extends VerifyJwtOptions>(
  token: string,
  key: K,
  options: O & FittingOptions<O, VerifyJwtOptions, K>,
): Promise<VerifiedJwt<O, K>> {
  const plan = readVerifyOptions(options, 'verifyJwt')
  const keys = prepareKeys(key, plan.keyOptions, 'verifyJwt')
  return orThrow(await verifyToken(token, { keys, plan })) as VerifiedJwt<O, K>
}

/** What `safeVerify…` gives: the verified token, or the code of its fault. */
export type SafeVerifyResult<O extends Partial<VerifyJwtOptions> = VerifyJwtOptions, K = unknown> =
  | ({ readonly ok: true } & VerifiedJwt<O, K>)
  | RefusedJwt

/** A token that was refused: the code tells whether anything of it is authentic. */
export type RefusedJwt =
  | AuthenticRefusal<AuthenticErrorCode>
  | UnauthenticRefusal<Exclude<TokenErrorCode, AuthenticErrorCode | CallerErrorCode>>

/** A token that was signed as it should be and failed a later check; one type for each code. */
export type AuthenticRefusal<Code extends AuthenticErrorCode> = Code extends AuthenticErrorCode
  ? {
      readonly ok: false
      readonly code: Code
      /** The message of the error. */
      readonly message: string
      /** Made when it is asked for: an error costs more than a verification. */
      readonly error: JoseError<Code>
      /** The claims of a token whose signature was good and that failed a later check. */
      readonly authentic: ClaimsSet
    }
  : never

/** A token of which nothing can be believed; one type for each code. */
export type UnauthenticRefusal<Code extends TokenErrorCode> = Code extends TokenErrorCode
  ? {
      readonly ok: false
      readonly code: Code
      readonly message: string
      readonly error: JoseError<Code>
    }
  : never

/**
 * `verifyJwt` as a value: token faults are returned, not thrown.
 *
 * @throws {JoseError} `option_invalid`, `key_invalid`, `weak_key`: the caller's own mistakes
 */
export async function safeVerifyJwt<K extends VerificationInput, const O extends VerifyJwtOptions>(
  token: string,
  key: K,
  options: O & FittingOptions<O, VerifyJwtOptions, K>,
): Promise<SafeVerifyResult<O, K>> {
  const plan = readVerifyOptions(options, 'safeVerifyJwt')
  const keys = prepareKeys(key, plan.keyOptions, 'safeVerifyJwt')
  return safeResult<O, K>(await verifyToken(token, { keys, plan }))
}

/** The public form of what a verification came to. @throws {JoseError} the caller's own mistakes */
export function safeResult<O extends VerifyJwtOptions, K>(
  verified: VerifiedToken | Refusal,
): SafeVerifyResult<O, K> {
  if (!(verified instanceof Refusal))
    return { ok: true, claims: verified.claims, header: verified.header } as SafeVerifyResult<O, K>
  if (isCallerCode(verified.code)) throw verified.error
  return verified as SafeVerifyResult<O, K>
}

function isCallerCode(code: TokenErrorCode): code is CallerErrorCode {
  return code === 'option_invalid' || code === 'key_invalid' || code === 'weak_key'
}
