/** `signJwt`: tokens as an issuer makes them, with a lifetime and the key's name. */
import { type Awaitable, chain } from '../crypto/awaitable.ts'
import type { SigningKey } from '../jwk/key.ts'
import { isSigningKeySet, type SigningKeySet } from '../jwk/signing-key-set.ts'
import { requireSigningKey, signCompactTokenElsewhere } from '../jws/sign.ts'
import { type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { checkProfileClaims } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { checkSignable, type SignableClaims } from './encode.ts'
import { issueClaims, readTyp } from './issued-claims.ts'
import type { Clock, Duration } from './numeric-date.ts'
import type { ClaimsForProfile, TypFittingProfile } from './profile-claims.ts'
import { readSignableProfile } from './profile-options.ts'
import { profileRow, type SignableProfile } from './profiles.ts'
import { askSigningKey } from './ring-key.ts'

export interface SignJwtOptions {
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
  /** Header `typ` (RFC 8725 §3.11), such as `at+jwt`. Default: that of the profile, or `JWT`. */
  readonly typ?: string
  /** The kind of token (RFC 8725 §3.12): writes its `typ`, and refuses claims that a verifier of it would refuse. */
  readonly profile?: SignableProfile
  /** Takes claims whose names look like secrets. Default: false. */
  readonly allowSecretClaims?: boolean
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
}

/** The names of `SignJwtOptions`. */
export const signOptionNames: readonly (keyof SignJwtOptions)[] = [
  'issuer',
  'audience',
  'subject',
  'jwtId',
  'expiresIn',
  'notBefore',
  'typ',
  'profile',
  'allowSecretClaims',
  'now',
]

/**
 * A signed token with `iat`, a lifetime, and in its header `typ`, `alg` and the key's `kid`.
 *
 * @param claims - private claims, and registered ones that no option gives
 * @param key - a private key or a secret, or what gives the key of the moment: `createKeyRing`
 * @throws {JoseError} `claim_invalid` and `claim_missing` for claims that no verifier would take, `option_invalid` for a
 *   claim that options give too or for no lifetime, `key_invalid`
 */
export async function signJwt<const O extends SignJwtOptions = SignJwtOptions>(
  claims: SignableClaims<NoInfer<O>> & ClaimsForProfile<NoInfer<O>>,
  key: SigningKey | SigningKeySet,
  options: O & OnlyOptions<O, SignJwtOptions> & TypFittingProfile<O>,
): Promise<string> {
  const given = readOptions<SignJwtOptions>(options, signOptionNames, 'signJwt')
  readFlag(given.allowSecretClaims ?? false, 'allowSecretClaims', 'signJwt')
  return signClaims(claims, key, { given, where: 'signJwt' })
}

/** `signJwt`, its options read. */
export function signClaims(
  claims: unknown,
  key: unknown,
  { given, where }: { given: SignJwtOptions; where: string },
): Awaitable<string> {
  const signingKey = isSigningKeySet(key) ? undefined : requireSigningKey(key)
  const typ = readSignableProfile(given, where)?.typ ?? readTyp(given.typ, where)
  const complete = issueClaims(claims, given, where)
  const { profile, allowSecretClaims } = given
  if (signingKey !== undefined) return signIssued(complete, signingKey, { typ, profile, allowSecretClaims })
  const asked = askSigningKey(key as SigningKeySet, complete, { now: given.now, where })
  return chain(asked, (active) => signIssued(complete, active, { typ, profile, allowSecretClaims }))
}

interface SignedWith {
  readonly typ: string
  readonly profile?: SignJwtOptions['profile'] | undefined
  readonly allowSecretClaims?: boolean | undefined
}

/** Signs a whole claims set, under the rules of its profile. @throws {JoseError} `claim_invalid`, `claim_missing` */
export function signIssued(
  claims: ClaimsSet,
  key: SigningKey,
  { typ, profile, allowSecretClaims }: SignedWith,
): Awaitable<string> {
  const header = headerOf(typ, key)
  checkSignable(claims, allowSecretClaims === true)
  const row = profileRow(profile)
  if (row !== undefined) checkProfileClaims(claims, row)
  return signCompactTokenElsewhere({ header, claims }, key)
}

type SignedHeader = { readonly typ: string; readonly alg: string; readonly kid?: string }

let lastHeader: SignedHeader | undefined

/** The object of the token before, where it is the same: its encoding is known. */
function headerOf(typ: string, { algorithm, kid }: SigningKey): SignedHeader {
  const isSame = lastHeader?.typ === typ && lastHeader.alg === algorithm && lastHeader.kid === kid
  if (lastHeader !== undefined && isSame) return lastHeader
  lastHeader = Object.freeze({ typ, alg: algorithm, ...(kid === undefined ? {} : { kid }) })
  return lastHeader
}
