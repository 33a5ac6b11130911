/** One token, verified to the end: the engine of `jws/`, then the claims. Everything that verifies a JWT comes through here. */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { parseJsonObject } from '../encoding/json.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { ProtectedHeader } from '../jws/header.ts'
import { verifyCompact } from '../jws/verify.ts'
import type { VerificationKeys } from '../jws/verification-keys.ts'
import { checkClaims } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { readClock } from './numeric-date.ts'
import { applySchema } from './schema.ts'
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
  return chain(verifyCompact(token, keys), ({ header, payload }) => {
    const claims = parseJsonObject(decodeUtf8(payload, 'claims set'), 'claims set') as ClaimsSet
    return checkAuthentic(header, claims, plan)
  })
}

function checkAuthentic(
  header: ProtectedHeader,
  claims: ClaimsSet,
  plan: VerifyPlan,
): Awaitable<VerifiedToken> {
  const remember = (error: unknown): never => {
    if (isJoseError(error)) authenticClaims.set(error, deepFreeze(claims))
    throw error
  }
  try {
    checkClaims(header, claims, plan.policy, readClock(plan.now, 'verify'))
    const checked = plan.schema === undefined ? claims : applySchema(plan.schema, claims)
    if (checked instanceof Promise) return checked.then((value) => finish(header, value)).catch(remember)
    return finish(header, checked)
  } catch (error) {
    return remember(error)
  }
}

function finish(header: ProtectedHeader, claims: ClaimsSet): VerifiedToken {
  return { claims: deepFreeze(claims), header }
}

/** Freezes a JSON value to its depth, so that one holder of verified claims cannot change what another sees. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
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
