/** One token, verified to the end: the engine of `jws/`, then the claims. Everything that verifies a JWT comes through here. */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import { parseJsonText } from '../encoding/json-parser.ts'
import { Refusal } from '../errors.ts'
import type { VerificationKey } from '../jwk/key.ts'
import type { KnownHeader } from '../jws/header-memory.ts'
import type { ProtectedHeader } from '../jws/header.ts'
import { verifyCompactToken, type VerifiedJws } from '../jws/verify.ts'
import type { VerificationKeys } from '../jws/verification-keys.ts'
import { claimsFault } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { readClock } from './numeric-date.ts'
import { accessTokenFault } from './profile-rules.ts'
import { applySchema } from './schema.ts'
import type { VerifyPlan } from './verify-options.ts'

/** A verified token, before the types of its options are laid over it. */
export interface VerifiedToken {
  readonly claims: ClaimsSet
  readonly header: ProtectedHeader
}

/** What is true of a token at any time and under any policy: its signature is good under this key, and these are its claims. */
export interface AuthenticToken {
  readonly known: KnownHeader
  readonly key: VerificationKey
  readonly claims: ClaimsSet
}

/** What a token is verified against. */
export interface Verification {
  readonly keys: VerificationKeys
  readonly plan: VerifyPlan
  /** Told of each token that was accepted. */
  readonly keep?: (token: AuthenticToken) => void
}

/**
 * Verifies a token, in the fixed order of checks. Every `JoseError` comes as a refusal, the caller's own faults too; what
 * else a key set, a clock or a schema throws is thrown.
 */
export function verifyToken(token: unknown, against: Verification): Awaitable<VerifiedToken | Refusal> {
  try {
    const verified = verifyCompactToken(token, against.keys)
    return verified instanceof Promise ? readLater(verified, against) : readAuthentic(verified, against)
  } catch (error) {
    return Refusal.of(error)
  }
}

function readLater(
  verified: Promise<VerifiedJws | Refusal>,
  against: Verification,
): Promise<VerifiedToken | Refusal> {
  return verified.then((jws) => readAuthentic(jws, against)).catch(Refusal.of)
}

/** Goes on with a token whose signature is good: from here on, claims may be spoken of. */
function readAuthentic(
  jws: VerifiedJws | Refusal,
  { plan, keep }: Verification,
): Awaitable<VerifiedToken | Refusal> {
  if (jws instanceof Refusal) return jws
  const claims = parseJsonText(jws.payload, 'claims set') as ClaimsSet
  const verdict = judgeClaims(jws.known.header, claims, plan)
  return keep === undefined ? verdict : keepAccepted(jws, claims, { verdict, keep })
}

interface Keeping {
  readonly verdict: Awaitable<VerifiedToken | Refusal>
  readonly keep: (token: AuthenticToken) => void
}

/** Apart, because what a closure holds is made for every token, also where nothing is kept. */
function keepAccepted(
  { known, key }: VerifiedJws,
  claims: ClaimsSet,
  { verdict, keep }: Keeping,
): Awaitable<VerifiedToken | Refusal> {
  return chain(verdict, (judged) => {
    if (!(judged instanceof Refusal)) keep({ known, key, claims })
    return judged
  })
}

/** The last checks, of a token whose signature is good: its claims, and what a schema says of them. */
export function judgeClaims(
  header: ProtectedHeader,
  claims: ClaimsSet,
  plan: VerifyPlan,
): Awaitable<VerifiedToken | Refusal> {
  try {
    const fault = claimsFault(header, claims, plan.policy, readClock(plan.now, 'verify'))
    if (fault !== undefined) return withClaims(fault, claims)
    const token = { claims, header }
    return plan.schema === undefined && plan.policy.profile === undefined ? token : judgeFurther(token, plan)
  } catch (error) {
    return withClaims(Refusal.of(error), claims)
  }
}

function judgeFurther(token: VerifiedToken, plan: VerifyPlan): Awaitable<VerifiedToken | Refusal> {
  const checked = checkFurther(token, plan)
  if (!(checked instanceof Promise)) return checked
  return checked.catch((error: unknown) => withClaims(Refusal.of(error), token.claims))
}

/** The checks that may take a promise: the hash of an access token, then the schema. */
function checkFurther(token: VerifiedToken, plan: VerifyPlan): Awaitable<VerifiedToken | Refusal> {
  const { claims, header } = token
  const { policy, schema, hashing } = plan
  const found =
    policy.profile && accessTokenFault(claims, policy.profile, { alg: header.alg, digest: hashing.digest })
  return chain(found, (fault) => {
    if (fault !== undefined) return withClaims(fault, claims)
    if (schema === undefined) return token
    return chain(applySchema(schema, claims), (merged) => ({ claims: merged, header }))
  })
}

/** Errors carry no values; a refusal carries the claims that were found authentic before it. */
function withClaims(refusal: Refusal, claims: ClaimsSet): Refusal {
  refusal.authentic = claims
  return refusal
}

/** The value of what had to be synchronous; otherwise a refusal `unsupported`. */
export function requireSynchronous<T extends object | string>(
  value: Awaitable<T>,
  where: string,
): T | Refusal {
  if (!(value instanceof Promise)) return value
  // Nobody will look at this promise; its failure must not end the process.
  value.catch(() => undefined)
  return new Refusal(
    'unsupported',
    `${where}: keys, schema or cryptography of this runtime need a promise here: use ${where === 'encode' ? 'signJwt' : 'verifyJwt'}`,
  )
}
