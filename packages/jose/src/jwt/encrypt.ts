/** `encryptJwt`: claims that only the recipient can read. */
import { JoseError } from '../errors.ts'
import { encodeUtf8 } from '../encoding/utf8.ts'
import type { EncryptionKey } from '../jwk/key.ts'
import { sealCompact } from '../jwe/compact.ts'
import { type EncryptOptions, encryptOptionNames, makeEncryptPlan } from '../jwe/encrypt-options.ts'
import { requireEncryptionKey } from '../jwe/encryption-keys.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import { checkClaimTypes, checkReplicatedClaims } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { issueClaims, readTyp } from './issued-claims.ts'
import type { Clock, Duration } from './numeric-date.ts'

export interface EncryptJwtOptions extends EncryptOptions {
  /** Claim `iss`. */
  readonly issuer?: string
  /** Claim `aud`. */
  readonly audience?: string | readonly string[]
  /** Claim `sub`. */
  readonly subject?: string
  /** Claim `jti`. */
  readonly jwtId?: string
  /** The lifetime, from now. One of this and the claim `exp` is needed; `null` makes a token that never expires. */
  readonly expiresIn?: Duration | null
  /** How long from now the token becomes valid: claim `nbf`. Default: at once. */
  readonly notBefore?: Duration
  /** Header `typ` (RFC 8725 §3.11), such as `at+jwt`. Default: `JWT`. */
  readonly typ?: string
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
}

const optionNames: readonly (keyof EncryptJwtOptions)[] = [
  ...encryptOptionNames,
  'issuer',
  'audience',
  'subject',
  'jwtId',
  'expiresIn',
  'notBefore',
  'typ',
  'now',
]

/**
 * An encrypted token (RFC 7519 §5, RFC 7516 §7.1) with `iat` and a lifetime. Claims may be secret: nobody but the recipient
 * reads them.
 *
 * Encrypted to a public key it says nothing about who wrote it: use `sealJwt` where that matters.
 *
 * @param claims - private claims, and registered ones that no option gives
 * @param key - a secret of `encryptionSecret` or `generateKey`, or the recipient's public key
 * @throws {JoseError} `claim_invalid`, `option_invalid`, `key_invalid`, `too_large`, `unsupported`
 */
export async function encryptJwt<const O extends EncryptJwtOptions = EncryptJwtOptions>(
  claims: ClaimsSet,
  key: EncryptionKey,
  options: O & OnlyOptions<O, EncryptJwtOptions>,
): Promise<string> {
  const where = 'encryptJwt'
  const given = readOptions<EncryptJwtOptions>(options, optionNames, where)
  const plan = makeEncryptPlan(given, where)
  if (Object.hasOwn(plan.header, 'typ'))
    throw new JoseError('option_invalid', `${where}: header "typ": give it in the option "typ"`)
  const set = issueClaims(claims, given, where)
  checkReplicatedClaims(plan.header, set)
  checkClaimTypes(set)
  const plaintext = encodeUtf8(JSON.stringify(set), 'claims set')
  const header = { typ: readTyp(given.typ, where), ...plan.header }
  return sealCompact(plaintext, requireEncryptionKey(key, where), { plan: { ...plan, header }, where })
}
