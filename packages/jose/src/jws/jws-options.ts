/** The options of signing and verifying a JWS, read once. */
import { isBytes } from '../encoding/bytes.ts'
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { toJsonObject } from '../encoding/json-value.ts'
import { JoseError } from '../errors.ts'
import type { SignatureAlgorithm } from '../jwa/algorithm.ts'
import { badOption, readFlag, readOptions } from '../options.ts'
import { checkHeaderTypes, type HeaderRules, isRegistered } from './header.ts'
import { type JwsPayload, readPayloadOption } from './payload.ts'
import { prepareKeys, type VerificationKeys } from './verification-keys.ts'

/** How a JWS is signed. */
export interface SignJwsOptions {
  /** Further parameters of the protected header, such as `typ`, `cty` and `crit` with its extensions. */
  readonly header?: { readonly [parameter: string]: unknown }
  /** Leaves the payload out of the JWS: it travels by another way (RFC 7515 appendix F). Default: false. */
  readonly detached?: boolean
  /** `false` signs the payload as it is, without base64url (RFC 7797). Default: true. */
  readonly b64?: boolean
  /** Characters of the JWS at most. Default: 16384, and 65536 with ML-DSA, as verifiers have it. */
  readonly maxTokenLength?: number
}

/** What is expected of a JWS. */
export interface VerifyJwsOptions {
  /** The `alg` values to allow. Default: the key's own; with a key set, every algorithm that its keys have. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** The payload of a detached JWS. Default: the payload is inside. */
  readonly payload?: JwsPayload
  /** Extensions (`crit`) that the caller understands and looks at. Default: none beyond `b64`. */
  readonly crit?: readonly string[]
  /** Characters of a JWS at most. Default: 16384, and 65536 for ML-DSA. */
  readonly maxTokenLength?: number
  /** Takes a raw secret that is too short. Default: false. */
  readonly allowWeakKey?: boolean
}

export const signJwsOptionNames: readonly (keyof SignJwsOptions)[] = [
  'header',
  'detached',
  'b64',
  'maxTokenLength',
]

export const verifyJwsOptionNames: readonly (keyof VerifyJwsOptions)[] = [
  'algorithms',
  'payload',
  'crit',
  'maxTokenLength',
  'allowWeakKey',
]

/** Options of signing as the functions want them. */
export interface SignPlan {
  readonly header: JsonObject
  readonly isDetached: boolean
  readonly isEncoded: boolean
  readonly maxTokenLength: number | undefined
}

/** Options of verifying as the functions want them. */
export interface VerifyJwsPlan {
  readonly keys: VerificationKeys
  readonly detached: Uint8Array | undefined
  readonly rules: HeaderRules
  readonly maxTokenLength: number | undefined
}

/** Makes the plan of options that were read already. @throws {JoseError} `option_invalid` */
export function makeSignPlan(given: SignJwsOptions, where: string): SignPlan {
  const { header = {}, detached = false, b64 = true } = given
  return {
    header: readHeaderOption(header, 'header', where),
    isDetached: readFlag(detached, 'detached', where),
    isEncoded: readFlag(b64, 'b64', where),
    maxTokenLength: readLength(given.maxTokenLength, where),
  }
}

/** Reads the options of verifying, and makes the keys ready. @throws {JoseError} as `prepareKeys`, and `option_invalid` */
export function readVerifyJwsOptions(key: unknown, options: unknown, where: string): VerifyJwsPlan {
  const given = readOptions<VerifyJwsOptions>(options ?? {}, verifyJwsOptionNames, where)
  return makeVerifyJwsPlan(key, given, where)
}

/** Makes the plan of options that were read already. @throws {JoseError} as `readVerifyJwsOptions` */
export function makeVerifyJwsPlan(key: unknown, given: VerifyJwsOptions, where: string): VerifyJwsPlan {
  const { algorithms, allowWeakKey = false, crit = [], payload } = given
  const keyOptions = {
    ...(algorithms === undefined ? {} : { algorithms }),
    allowWeakKey: readFlag(allowWeakKey, 'allowWeakKey', where),
  }
  return {
    keys: prepareKeys(key, keyOptions, where),
    detached: payload === undefined ? undefined : readPayloadOption(payload, where),
    rules: { extensions: readExtensions(crit, where), allowUnencoded: true },
    maxTokenLength: readLength(given.maxTokenLength, where),
  }
}

/** Header parameters that a caller hands in: plain JSON, and registered ones of their types. @throws {JoseError} `option_invalid` */
export function readHeaderOption(value: unknown, option: string, where: string): JsonObject {
  if (!isObject(value) || isBytes(value)) throw badOption(where, option, 'an object', value)
  try {
    const header = toJsonObject(value, `option "${option}"`)
    checkHeaderTypes(header)
    return header
  } catch (cause) {
    throw new JoseError('option_invalid', `${where}: ${(cause as Error).message}`, { cause })
  }
}

function readExtensions(list: unknown, where: string): ReadonlySet<string> {
  if (!Array.isArray(list) || !list.every((name) => typeof name === 'string' && name !== ''))
    throw badOption(where, 'crit', 'an array of extension names', list)
  const names = list as readonly string[]
  if (names.some(isRegistered)) {
    throw new JoseError(
      'option_invalid',
      `${where}: option "crit": expected names of extensions, got one that RFC 7515 or RFC 7516 registers`,
    )
  }
  return new Set(names)
}

function readLength(value: unknown, where: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value > 0)) return value
  const got = typeof value === 'number' ? 'another number' : kindOf(value)
  throw new JoseError(
    'option_invalid',
    `${where}: option "maxTokenLength": expected a whole number of characters above 0, got ${got}`,
  )
}
