/** `signJwt`: tokens as an issuer makes them, with a lifetime and the key's name. */
import { toJsonObject } from '../encoding/json-value.ts'
import { JoseError } from '../errors.ts'
import type { SigningKey } from '../jwk/key.ts'
import { requireSigningKey, signCompactToken } from '../jws/sign.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import type { ClaimsSet, NumericDate } from './claims-set.ts'
import { encodeClaims, type SignableClaims } from './encode.ts'
import { type Clock, type Duration, durationSeconds, readClock } from './numeric-date.ts'

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
  /** Header `typ` (RFC 8725 §3.11), such as `at+jwt`. Default: `JWT`. */
  readonly typ?: string
  /** Takes claims whose names look like secrets. Default: false. */
  readonly allowSecretClaims?: boolean
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
}

const optionNames = [
  'issuer',
  'audience',
  'subject',
  'jwtId',
  'expiresIn',
  'notBefore',
  'typ',
  'allowSecretClaims',
  'now',
] as const satisfies readonly (keyof SignJwtOptions)[]

/**
 * A signed token with `iat`, a lifetime, and in its header `typ`, `alg` and the key's `kid`.
 *
 * @param claims - private claims, and registered ones that no option gives
 * @throws {JoseError} `claim_invalid` for claims that no verifier would take, `option_invalid` for a claim that options
 *   give too or for no lifetime, `key_invalid`
 */
export async function signJwt<const O extends SignJwtOptions = SignJwtOptions>(
  claims: SignableClaims<NoInfer<O>>,
  key: SigningKey,
  options: O & OnlyOptions<O, SignJwtOptions>,
): Promise<string> {
  const given = readOptions<SignJwtOptions>(options, optionNames, 'signJwt')
  readFlag(given.allowSecretClaims ?? false, 'allowSecretClaims', 'signJwt')
  const signingKey = requireSigningKey(key)
  if (given.typ !== undefined && (typeof given.typ !== 'string' || given.typ === ''))
    throw badOption('signJwt', 'typ', 'text', given.typ)
  const { algorithm, kid } = signingKey
  const header = { typ: given.typ ?? 'JWT', alg: algorithm, ...(kid === undefined ? {} : { kid }) }
  const complete = mergeClaims(toJsonObject(claims, 'claims set'), optionClaims(given), given)
  return signCompactToken(header, encodeClaims(complete, given.allowSecretClaims === true), signingKey)
}

/** The claims that the options stand for. */
function optionClaims(given: SignJwtOptions): Record<string, unknown> {
  const now = Math.floor(readClock(given.now, 'signJwt'))
  const times = {
    ...(given.expiresIn === undefined || given.expiresIn === null
      ? {}
      : { exp: later(now, given.expiresIn, 'expiresIn') }),
    ...(given.notBefore === undefined ? {} : { nbf: later(now, given.notBefore, 'notBefore') }),
  }
  const named = { iss: given.issuer, aud: given.audience, sub: given.subject, jti: given.jwtId }
  const set = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
  return { ...set, iat: now, ...times }
}

function mergeClaims(
  claims: ClaimsSet,
  fromOptions: Record<string, unknown>,
  given: SignJwtOptions,
): ClaimsSet {
  for (const claim of Object.keys(fromOptions)) {
    // The caller's own iat stands; every other claim given twice is a contradiction.
    if (claim !== 'iat' && Object.hasOwn(claims, claim)) {
      throw new JoseError(
        'option_invalid',
        `signJwt: "${claim}" is in the claims and in the options: give one of them`,
      )
    }
  }
  if (given.expiresIn === null && Object.hasOwn(claims, 'exp')) {
    throw new JoseError(
      'option_invalid',
      'signJwt: "exp" is in the claims and expiresIn: null in the options: give one of them',
    )
  }
  if (given.expiresIn === undefined && !Object.hasOwn(claims, 'exp')) {
    throw new JoseError(
      'option_invalid',
      "signJwt: expected a lifetime: expiresIn: '15m', or the claim exp; expiresIn: null waives it",
    )
  }
  return { ...fromOptions, ...claims }
}

function later(now: NumericDate, duration: Duration, option: string): NumericDate {
  return now + Math.ceil(durationSeconds(duration, option, 'signJwt'))
}
