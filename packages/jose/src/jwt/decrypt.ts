/** `decryptJwt`: the claims of an encrypted token, checked as those of a signed one are. */
import { parseJsonObject } from '../encoding/json-parser.ts'
import { decodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import type { PublicKeyManagementAlgorithm, SecretEncryptionAlgorithm } from '../jwa/encryption-algorithm.ts'
import type { PrivateKey, SecretKey } from '../jwk/key.ts'
import { openCompact } from '../jwe/compact.ts'
import { type DecryptOptions, decryptOptionNames, makeDecryptPlan } from '../jwe/decrypt-options.ts'
import { type DecryptionInput, prepareDecryptionKeys } from '../jwe/encryption-keys.ts'
import type { JweHeader } from '../jwe/header.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import { checkClaims, checkReplicatedClaims, shortType } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { readClock } from './numeric-date.ts'
import { applySchema } from './schema.ts'
import type { DecryptedClaims, VerifiedClaims } from './verified.ts'
import { type ClaimsOptions, claimsOptionNames, makePolicyPlan, type VerifyPlan } from './verify-options.ts'

/**
 * What `decryptJwt` expects of a token: of its claims as `verifyJwt`, of its encryption as `decryptCompact`. Every profile
 * wants a signature: `openJwt` has them.
 */
export interface DecryptJwtOptions extends ClaimsOptions, DecryptOptions {}

/**
 * What a decryption gives. Only who shares the secret can have encrypted to it; to a public key anybody can, and then the
 * claims are checked but not `Verified`.
 */
export type DecryptedJwt<O extends Partial<DecryptJwtOptions> = DecryptJwtOptions, K = unknown> =
  K extends SecretKey<SecretEncryptionAlgorithm>
    ? FromSecretHolder<O>
    : K extends PrivateKey<PublicKeyManagementAlgorithm>
      ? FromAnybody<O>
      : FromSecretHolder<O> | FromAnybody<O>

interface FromSecretHolder<O> {
  /** Whoever encrypted it holds the secret. */
  readonly sender: 'secret-holder'
  /** The claims set, deeply frozen. */
  readonly claims: VerifiedClaims<O>
  readonly header: JweHeader
}

interface FromAnybody<O> {
  /** The token was encrypted to a public key, as anybody can. */
  readonly sender: 'anybody'
  /** The claims set, deeply frozen. */
  readonly claims: DecryptedClaims<O>
  readonly header: JweHeader
}

const optionNames: readonly (keyof DecryptJwtOptions)[] = [...claimsOptionNames, ...decryptOptionNames]

/**
 * Decrypts a token and checks its claims: type, times, issuer, audience and what else the options ask.
 *
 * @param token - the compact serialization, exactly as it came
 * @param key - a secret, a private key, or a set of them
 * @param options - `issuer` and `audience` must be given; `null` waives either
 * @throws {JoseError} with the code of the first check that failed, in the order shape → header → algorithm → key →
 *   decryption → claims → schema; `malformed` also for a token inside the token, which `openJwt` opens
 */
export async function decryptJwt<K extends DecryptionInput, const O extends DecryptJwtOptions>(
  token: string,
  key: K,
  options: O & OnlyOptions<O, DecryptJwtOptions>,
): Promise<DecryptedJwt<O, K>> {
  const where = 'decryptJwt'
  const given = readOptions<DecryptJwtOptions>(options, optionNames, where)
  const policy = makePolicyPlan(given, where)
  const plan = makeDecryptPlan(given, where)
  const opened = await openCompact(token, prepareDecryptionKeys(key, plan, where), plan)
  const header = opened.recipient.header as JweHeader
  const claims = await readClaims(opened.plaintext, header, policy)
  const sender = opened.key.type === 'secret' ? 'secret-holder' : 'anybody'
  return { sender, claims, header } as unknown as DecryptedJwt<O, K>
}

async function readClaims(plaintext: Uint8Array, header: JweHeader, plan: VerifyPlan): Promise<ClaimsSet> {
  if (isNested(header)) {
    throw new JoseError(
      'malformed',
      'plaintext: expected a claims set, got a token inside the token ("cty": "JWT"): use openJwt, which verifies it',
    )
  }
  const claims: ClaimsSet = parseJsonObject(decodeUtf8(plaintext, 'claims set'), 'claims set')
  checkClaims(header, claims, plan.policy, readClock(plan.now, 'decryptJwt'))
  checkReplicatedClaims(header, claims)
  return plan.schema === undefined ? claims : applySchema(plan.schema, claims)
}

/** RFC 7519 §5.2: a nested token says so in `cty`, upper case by recommendation. */
export function isNested(header: JweHeader): boolean {
  return header.cty !== undefined && shortType(header.cty) === 'jwt'
}
