/** `encode`: the synchronous verb that signs. */
import { isBytes } from '../encoding/bytes.ts'
import { type JsonObject, isObject } from '../encoding/json.ts'
import { toJsonObject } from '../encoding/json-value.ts'
import { JoseError, orThrow } from '../errors.ts'
import type { HmacAlgorithm, SignatureAlgorithm } from '../jwa/algorithm.ts'
import { isHmacAlgorithm, signatureRow } from '../jwa/signature-algorithms.ts'
import { isKey, type SigningKey } from '../jwk/key.ts'
import { makeSecret } from '../jwk/secret.ts'
import { checkHeaderTypes } from '../jws/header.ts'
import { requireSigningKey, signCompactToken } from '../jws/sign.ts'
import type { RawSecret } from '../jws/verification-keys.ts'
import { badOption, type OnlyOptions, readFlag, readOptions } from '../options.ts'
import { checkClaimTypes } from './claims.ts'
import type { ClaimsSet } from './claims-set.ts'
import { type Clock, type Duration, durationSeconds, readClock } from './numeric-date.ts'
import { type NoSecretClaims, refuseSecretClaims } from './secret-claims.ts'
import { requireSynchronous } from './verify-token.ts'

export interface EncodeOptions {
  /** Required with a raw secret (HS* only); with a key it can only repeat the key's own. */
  readonly algorithm?: SignatureAlgorithm
  /** Further header parameters, such as `kid` or another `typ`. */
  readonly header?: { readonly [parameter: string]: unknown }
  /** Adds `iat` (now) and `exp`. Default: neither. */
  readonly expiresIn?: Duration
  /** Takes a raw secret that is too short. Default: false. */
  readonly allowWeakKey?: boolean
  /** Takes claims whose names look like secrets. Default: false. */
  readonly allowSecretClaims?: boolean
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
}

const optionNames = ['algorithm', 'header', 'expiresIn', 'allowWeakKey', 'allowSecretClaims', 'now'] as const

/** Claims as a signer takes them: no secret-looking names unless the options say so. */
export type SignableClaims<O> = O extends { allowSecretClaims: true } ? ClaimsSet : ClaimsSet & NoSecretClaims

/**
 * A signed token. The header is `{"typ":"JWT","alg":…}` and what `header` adds; the claims are taken as they are.
 *
 * @param claims - the claims set; `exp`, `nbf` and `iat` are numbers of seconds
 * @param key - a secret or private key, or raw HMAC text or bytes with `algorithm`
 * @throws {JoseError} `claim_invalid` for claims that no verifier would take or that look like secrets, `key_invalid`,
 *   `weak_key`, `option_invalid`; `unsupported` where the runtime has no synchronous form of the algorithm
 */
export function encode<const O extends EncodeOptions = EncodeOptions>(
  claims: SignableClaims<NoInfer<O>>,
  key: SigningKey | RawSecret,
  options?: O & OnlyOptions<O, EncodeOptions>,
): string {
  const given = options === undefined ? noOptions : readEncodeOptions(options)
  const signingKey = encodeKey(key, given)
  const set = toJsonObject(claims, 'claims set')
  const complete = given.expiresIn === undefined ? set : addTimes(set, given)
  checkSignable(complete, given.allowSecretClaims === true)
  const header = encodeHeader(signingKey, given.header)
  return orThrow(requireSynchronous(signCompactToken({ header, claims: complete }, signingKey), 'encode'))
}

const noOptions: EncodeOptions = Object.freeze({})

function readEncodeOptions(options: unknown): EncodeOptions {
  const given = readOptions<EncodeOptions>(options, optionNames, 'encode')
  for (const name of ['allowWeakKey', 'allowSecretClaims'] as const) {
    readFlag(given[name] ?? false, name, 'encode')
  }
  return given
}

/** The checks of claims which a verifier will make too, and of their names. @throws {JoseError} `claim_invalid` */
export function checkSignable(claims: ClaimsSet, allowSecretClaims: boolean): void {
  checkClaimTypes(claims)
  if (!allowSecretClaims) refuseSecretClaims(Object.keys(claims))
}

function encodeKey(key: unknown, { algorithm, allowWeakKey = false }: EncodeOptions): SigningKey {
  if (algorithm !== undefined && signatureRow(algorithm) === undefined) {
    throw badOption('encode', 'algorithm', 'a signature algorithm such as HS256', algorithm)
  }
  if (typeof key === 'string' || isBytes(key)) {
    if (!isHmacAlgorithm(algorithm)) {
      throw new JoseError(
        'option_invalid',
        "encode: a raw secret needs algorithm: 'HS256' (HS* only); keys of other kinds come from importKey",
      )
    }
    return makeSecret<HmacAlgorithm>(algorithm, key, { allowWeakKey })
  }
  const signingKey = requireSigningKey(key)
  if (algorithm !== undefined && isKey(key) && key.algorithm !== algorithm) {
    throw new JoseError(
      'alg_not_allowed',
      `encode: option "algorithm": expected ${key.algorithm}, the key's own algorithm, got ${algorithm}`,
    )
  }
  return signingKey
}

function encodeHeader(key: SigningKey, extra: unknown): JsonObject {
  if (extra === undefined) return plainHeader(key.algorithm)
  if (!isObject(extra)) throw badOption('encode', 'header', 'an object', extra)
  const parameters = readParameters(extra)
  if (parameters['alg'] !== undefined && parameters['alg'] !== key.algorithm) {
    throw new JoseError(
      'option_invalid',
      `encode: header "alg": expected ${key.algorithm}, the key's own algorithm: leave it out`,
    )
  }
  for (const name of ['crit', 'b64']) {
    if (name in parameters)
      throw new JoseError('option_invalid', `encode: header "${name}" has no place in a JWT`)
  }
  return { typ: 'JWT', alg: key.algorithm, ...parameters }
}

let lastPlain: { readonly typ: string; readonly alg: SignatureAlgorithm } | undefined

/** The same object for every token of an algorithm, so that its encoding is found again without a look inside. */
function plainHeader(alg: SignatureAlgorithm): JsonObject {
  if (lastPlain?.alg !== alg) lastPlain = Object.freeze({ typ: 'JWT', alg })
  return lastPlain
}

/** The caller's header parameters, of the types that a verifier will want. @throws {JoseError} `option_invalid` */
function readParameters(extra: object): JsonObject {
  try {
    const parameters = toJsonObject(extra, 'option "header"')
    checkHeaderTypes(parameters)
    return parameters
  } catch (cause) {
    throw new JoseError('option_invalid', `encode: ${(cause as Error).message}`, { cause })
  }
}

function addTimes(claims: ClaimsSet, { expiresIn, now }: EncodeOptions): ClaimsSet {
  if (Object.hasOwn(claims, 'exp')) {
    throw new JoseError(
      'option_invalid',
      'encode: "exp" is in the claims and expiresIn in the options: give one of them',
    )
  }
  const issuedAt = Math.floor(readClock(now, 'encode'))
  const seconds = durationSeconds(expiresIn, 'expiresIn', 'encode')
  return {
    ...claims,
    ...(Object.hasOwn(claims, 'iat') ? {} : { iat: issuedAt }),
    exp: issuedAt + Math.ceil(seconds),
  }
}
