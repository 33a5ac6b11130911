/** Nested tokens (RFC 7519 §5.2, appendix A.2): signed by the issuer, then encrypted to the reader. */
import { decodeUtf8, encodeAscii } from '../encoding/utf8.ts'
import { JoseError, orThrow } from '../errors.ts'
import type { EncryptionKey, SigningKey } from '../jwk/key.ts'
import type { SigningKeySet } from '../jwk/signing-key-set.ts'
import { openCompact, sealCompact } from '../jwe/compact.ts'
import { type DecryptOptions, decryptOptionNames, makeDecryptPlan } from '../jwe/decrypt-options.ts'
import { type EncryptOptions, encryptOptionNames, makeEncryptPlan } from '../jwe/encrypt-options.ts'
import { type DecryptionInput, prepareDecryptionKeys, requireEncryptionKey } from '../jwe/encryption-keys.ts'
import type { JweHeader } from '../jwe/header.ts'
import { prepareKeys, type VerificationInput } from '../jws/verification-keys.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import { checkReplicatedClaims } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import type { FittingOptions } from './fitting-options.ts'
import { isNested } from './decrypt.ts'
import type { ClaimsForProfile, TypFittingProfile } from './profile-claims.ts'
import { signClaims, type SignJwtOptions, signOptionNames } from './sign.ts'
import type { VerifiedJwt } from './verified.ts'
import { makePolicyPlan, verifyOptionNames, type VerifyJwtOptions } from './verify-options.ts'
import { verifyToken } from './verify-token.ts'

export interface SealJwtOptions extends Omit<SignJwtOptions, 'allowSecretClaims'>, EncryptOptions {
  /** The issuer's secret or private key, or its ring of keys. */
  readonly signWith: SigningKey | SigningKeySet
  /** The reader's public key, or a secret shared with it. */
  readonly encryptFor: EncryptionKey
}

const sealOptionNames: readonly (keyof SealJwtOptions)[] = [
  'signWith',
  'encryptFor',
  ...signOptionNames.filter((name) => name !== 'allowSecretClaims'),
  ...encryptOptionNames,
]

/**
 * A token that only its reader can open, and that proves who wrote it: claims signed as by `signJwt`, then encrypted. Claims
 * may be secret.
 *
 * @param options - those of `signJwt` and of `encryptCompact`; `header` and `typ`: `typ` goes to the signed token inside,
 *   where it is proven, `header` to the encrypted one outside
 * @throws {JoseError} as `signJwt` and `encryptJwt`
 */
export async function sealJwt<const O extends SealJwtOptions>(
  claims: ClaimsSet & ClaimsForProfile<NoInfer<O>>,
  options: O & OnlyOptions<O, SealJwtOptions> & TypFittingProfile<O>,
): Promise<string> {
  const where = 'sealJwt'
  const given = readOptions<SealJwtOptions>(options, sealOptionNames, where)
  const plan = makeEncryptPlan(given, where)
  if (Object.hasOwn(plan.header, 'cty'))
    throw new JoseError('option_invalid', `${where}: header "cty": leave it out: it says JWT`)
  const key = requireEncryptionKey(given.encryptFor, where)
  const signed = await signClaims(claims, given.signWith, {
    given: { ...given, allowSecretClaims: true },
    where,
  })
  const header = { cty: 'JWT', ...plan.header }
  return sealCompact(encodeAscii(signed), key, { plan: { ...plan, header }, where })
}

export interface OpenJwtOptions extends VerifyJwtOptions, DecryptOptions {
  /** The reader's private key, a shared secret, or a set of them. */
  readonly decryptWith: DecryptionInput
  /** The issuer's public key, a shared secret, a key set, or raw HMAC text or bytes with `algorithms`. */
  readonly verifyWith: VerificationInput
}

const openOptionNames: readonly (keyof OpenJwtOptions)[] = [
  'decryptWith',
  'verifyWith',
  ...verifyOptionNames,
  ...decryptOptionNames,
]

/** What opening gives: the verified token inside, and the header of the encrypted one around it. */
export interface OpenedJwt<
  O extends Partial<VerifyJwtOptions> = OpenJwtOptions,
  K = unknown,
> extends VerifiedJwt<O, K> {
  readonly encryptionHeader: JweHeader
}

/**
 * Opens a token of `sealJwt`: decrypts it, and verifies the signed token inside, which has to be there.
 *
 * @param token - the compact serialization, exactly as it came
 * @param options - `decryptWith`, `verifyWith`, and those of `verifyJwt` and of `decryptCompact`; `algorithms` speaks of the
 *   signature inside
 * @throws {JoseError} as `decryptJwt` and then as `verifyJwt`; `malformed` when what is inside is no signed token (pac4j,
 *   CVE-2021-44878: an unsigned one inside an encrypted one was believed)
 */
export async function openJwt<const O extends OpenJwtOptions>(
  token: string,
  options: O & FittingOptions<O, OpenJwtOptions, O['verifyWith']>,
): Promise<OpenedJwt<O, O['verifyWith']>> {
  const where = 'openJwt'
  const given = readOptions<OpenJwtOptions>(options, openOptionNames, where)
  const policy = makePolicyPlan(given, where)
  const plan = makeDecryptPlan(given, where)
  const verificationKeys = prepareKeys(given.verifyWith, policy.keyOptions, where)
  const opened = await openCompact(token, prepareDecryptionKeys(given.decryptWith, plan, where), plan)
  const encryptionHeader = opened.recipient.header as JweHeader
  if (!isNested(encryptionHeader)) {
    throw new JoseError(
      'malformed',
      'header: "cty": expected JWT, a signed token inside, got something else: use decryptJwt for bare claims',
    )
  }
  const verified = orThrow(
    await verifyToken(decodeUtf8(opened.plaintext, 'plaintext'), { keys: verificationKeys, plan: policy }),
  )
  checkReplicatedClaims(encryptionHeader, verified.claims)
  return { ...verified, encryptionHeader } as unknown as OpenedJwt<O, O['verifyWith']>
}
