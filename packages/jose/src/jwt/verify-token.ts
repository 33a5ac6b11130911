/** One token, verified to the end: the engine of `jws/`, then the claims. Everything that verifies a JWT comes through here. */
import type { Awaitable } from '../crypto/awaitable.ts'
import { decodeBase64urlText } from '../encoding/base64url.ts'
import { parseJsonObject } from '../encoding/json.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { ProtectedHeader } from '../jws/header.ts'
import { verifyCompactToken, type VerifiedJws } from '../jws/verify.ts'
import type { VerificationKeys } from '../jws/verification-keys.ts'
import { checkClaims } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { readClock } from './numeric-date.ts'
import { applySchema, type StandardSchema } from './schema.ts'
import type { VerifyPlan } from './verify-options.ts'

/** A verified token, before the types of its options are laid over it. */
export interface VerifiedToken {
  readonly claims: ClaimsSet
  readonly header: ProtectedHeader
}

/** Claims of tokens whose signature was good although the verification failed later. Errors themselves carry no values. */
const authenticClaims = new WeakMap<object, ClaimsSet>()

/** The claims that were authentic when this error was raised, if it was raised after the signature was found good. */
export function authenticClaimsOf(error: object): ClaimsSet | undefined {
  return authenticClaims.get(error)
}

/** Verifies a token. @throws {JoseError} any token code, in the fixed order of checks */
export function verifyToken(
  token: unknown,
  keys: VerificationKeys,
  plan: VerifyPlan,
): Awaitable<VerifiedToken> {
  const verified = verifyCompactToken(token, keys)
  return verified instanceof Promise
    ? verified.then((jws) => readAuthentic(jws, plan))
    : readAuthentic(verified, plan)
}

/** Goes on with a token whose signature is good: from here on, claims may be spoken of. */
function readAuthentic({ header, payload }: VerifiedJws, plan: VerifyPlan): Awaitable<VerifiedToken> {
  const claims = parseJsonObject(decodeBase64urlText(payload, 'payload'), 'claims set') as ClaimsSet
  try {
    checkClaims(header, claims, plan.policy, readClock(plan.now, 'verify'))
    return plan.schema === undefined ? { claims, header } : checkSchema(plan.schema, claims, header)
  } catch (error) {
    throw remember(error, claims)
  }
}

function checkSchema(
  schema: StandardSchema,
  claims: ClaimsSet,
  header: ProtectedHeader,
): Awaitable<VerifiedToken> {
  const checked = applySchema(schema, claims)
  if (!(checked instanceof Promise)) return { claims: checked, header }
  return checked.then(
    (merged) => ({ claims: merged, header }),
    (error: unknown) => {
      throw remember(error, claims)
    },
  )
}

function remember(error: unknown, claims: ClaimsSet): unknown {
  if (isJoseError(error)) authenticClaims.set(error, claims)
  return error
}

/** The value of a verification that had to be synchronous. @throws {JoseError} `unsupported`, `keys_unavailable` */
export function requireSynchronous<T>(value: Awaitable<T>, where: string): T {
  if (!(value instanceof Promise)) return value
  // Nobody will look at this promise; its failure must not end the process.
  value.catch(() => undefined)
  throw new JoseError(
    'unsupported',
    `${where}: keys, schema or cryptography of this runtime need a promise here: use verifyJwt`,
  )
}
