/** `defineToken`: one definition of a kind of token, shared by those who issue it and those who verify it. */
import { encodeBase64url } from '../encoding/base64url.ts'
import { JoseError, orThrow, type Refusal } from '../errors.ts'
import type { SigningKey } from '../jwk/key.ts'
import { isSigningKeySet, type SigningKeySet } from '../jwk/signing-key-set.ts'
import { requireSigningKey } from '../jws/sign.ts'
import { prepareKeys, type VerificationInput } from '../jws/verification-keys.ts'
import { badOption, readOptions } from '../options.ts'
import { missing } from './claim-faults.ts'
import type { ClaimsSet } from './claims-set.ts'
import { issueClaims } from './issued-claims.ts'
import { durationSeconds } from './numeric-date.ts'
import { readSignableProfile } from './profile-options.ts'
import { askSigningKey } from './ring-key.ts'
import { applySchema } from './schema.ts'
import { signIssued } from './sign.ts'
import type {
  CheckTokenOptions,
  DefinedToken,
  FittingDefinition,
  IssueTokenOptions,
  TokenDefinition,
} from './token-definition.ts'
import type { VerifiedToken } from './verify-token.ts'
import { verifyToken } from './verify-token.ts'
import { safeResult } from './verify.ts'
import { createVerifier } from './verifier.ts'
import { makePolicyPlan, type VerifyJwtOptions, type VerifyPlan } from './verify-options.ts'

const where = 'defineToken'

const definitionNames: readonly (keyof TokenDefinition)[] = [
  'profile',
  'typ',
  'issuer',
  'audience',
  'expiresIn',
  'algorithms',
  'required',
  'schema',
  'maxAgeSeconds',
  'clockToleranceSeconds',
  'authorizedParty',
  'maxAuthenticationAgeSeconds',
  'allowUntyped',
  'now',
]

/**
 * Defines a kind of token once, for issuer and verifier: what the one cannot sign, the other would not accept.
 *
 * @throws {JoseError} `option_invalid` for a definition that contradicts itself, or names neither profile nor typ
 */
export function defineToken<const D extends TokenDefinition>(
  definition: D & FittingDefinition<D>,
): DefinedToken<D> {
  const given = readOptions<TokenDefinition>(definition, definitionNames, where)
  const options = checkDefinition(given)
  const plan = makePolicyPlan(options, where)
  return Object.freeze({
    sign: (claims: unknown, key: unknown, more: unknown = {}) => sign({ given, plan }, claims, { key, more }),
    verify: async (token: string, keys: unknown, more?: unknown) =>
      orThrow(await verify(token, keys, planFor(options, plan, more))),
    safeVerify: async (token: string, keys: unknown, more?: unknown) =>
      safeResult(await verify(token, keys, planFor(options, plan, more))),
    verifier: (keys: VerificationInput) => createVerifier({ ...options, keys }),
  }) as unknown as DefinedToken<D>
}

/** The options of `verifyJwt` that a definition stands for. */
function checkDefinition(given: TokenDefinition): VerifyJwtOptions {
  const { expiresIn, ...shared } = given
  const { profile, typ, issuer, audience } = given
  if (profile === undefined && typ === undefined)
    throw badOption(where, 'typ', 'text, or a profile: a token says what it is (RFC 8725 §3.11)', undefined)
  readSignableProfile(given, where)
  if (typ !== undefined && (typeof typ !== 'string' || typ === '')) throw badOption(where, 'typ', 'text', typ)
  if (typeof issuer !== 'string') throw badOption(where, 'issuer', 'text', issuer)
  if (audience === null) throw badOption(where, 'audience', 'text or a list of text', null)
  if (expiresIn === null) return { ...shared, requireExp: false }
  durationSeconds(expiresIn, 'expiresIn', where)
  return shared
}

/** A definition, read. */
interface ReadDefinition {
  readonly given: TokenDefinition
  readonly plan: VerifyPlan
}

async function sign(
  { given, plan }: ReadDefinition,
  claims: unknown,
  { key, more }: { key: unknown; more: unknown },
): Promise<string> {
  const fixedKey = isSigningKeySet(key) ? undefined : requireAllowedKey(key, given.algorithms)
  const { issuer, audience, expiresIn, now, profile } = given
  const own = readOptions<IssueTokenOptions>(more, ['subject', 'jwtId', 'notBefore'], 'sign')
  const fixed = { issuer, audience, expiresIn, ...(now === undefined ? {} : { now }) }
  const complete = nameToken(issueClaims(claims, { ...own, ...fixed }, 'sign'), plan)
  const absent = plan.policy.required.find((name) => !Object.hasOwn(complete, name))
  if (absent !== undefined) throw missing(absent).error
  // The schema of the verifier, over the claims as the verifier will read them.
  if (plan.schema !== undefined) await applySchema(plan.schema, complete)
  const typ = given.typ ?? plan.policy.profile!.row.typ
  const active = fixedKey ?? (await askSigningKey(key as SigningKeySet, complete, { now, where: 'sign' }))
  const signingKey = requireAllowedKey(active, given.algorithms)
  return signIssued(complete, signingKey, { typ, ...(profile === undefined ? {} : { profile }) })
}

/** A key that the verifier of this definition would take. */
function requireAllowedKey(key: unknown, algorithms: TokenDefinition['algorithms']): SigningKey {
  const signingKey = requireSigningKey(key)
  if (algorithms === undefined || algorithms.includes(signingKey.algorithm)) return signingKey
  throw new JoseError(
    'alg_not_allowed',
    `sign: expected a key of ${algorithms.join(' or ')}, got one of ${signingKey.algorithm}`,
  )
}

/** With a `jti` nobody else has, where one is required and none was given. */
function nameToken(claims: ClaimsSet, { policy }: VerifyPlan): ClaimsSet {
  if (!policy.required.includes('jti') || Object.hasOwn(claims, 'jti')) return claims
  return { ...claims, jti: encodeBase64url(crypto.getRandomValues(new Uint8Array(16))) }
}

function planFor(options: VerifyJwtOptions, plan: VerifyPlan, more: unknown): VerifyPlan {
  if (more === undefined) return plan
  const names = ['subject', 'maxAgeSeconds', 'nonce', 'accessToken'] as const
  const own = readOptions<CheckTokenOptions>(more, names, 'verify')
  return makePolicyPlan({ ...options, ...own }, 'verify')
}

async function verify(token: unknown, keys: unknown, plan: VerifyPlan): Promise<VerifiedToken | Refusal> {
  return verifyToken(token, { keys: prepareKeys(keys, plan.keyOptions, 'verify'), plan })
}
