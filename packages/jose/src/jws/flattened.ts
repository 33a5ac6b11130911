/** The flattened JSON serialization of a JWS (RFC 7515 §7.2.2): one signature, and headers that need not be protected. */
import type { JsonObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import type { SigningKey } from '../jwk/key.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import type { ProtectedHeader } from './header.ts'
import {
  checkJsonLength,
  isEncodedFor,
  parseSignature,
  payloadOfJson,
  readJsonJws,
  verifyParsed,
} from './json-serialization.ts'
import {
  makeSignPlan,
  readHeaderOption,
  readVerifyJwsOptions,
  type SignJwsOptions,
  signJwsOptionNames,
  type VerifyJwsOptions,
} from './jws-options.ts'
import { checkMadeLength, makeSignature } from './make-signature.ts'
import { type JwsPayload, readPayloadOption, writePayload } from './payload.ts'
import { requireSigningKey } from './sign.ts'
import type { VerificationInput } from './verification-keys.ts'

/** A JWS of one signature, in JSON. */
export interface FlattenedJws {
  /** Absent when it is detached. */
  readonly payload?: string
  readonly protected?: string
  readonly header?: JsonObject
  readonly signature: string
}

export interface SignJsonJwsOptions extends SignJwsOptions {
  /** Header parameters that anybody can change on the way, such as `kid`. */
  readonly unprotectedHeader?: { readonly [parameter: string]: unknown }
}

/** What comes out of a flattened JWS whose signature is good. */
export interface VerifiedFlattened {
  readonly payload: Uint8Array
  /** The parameters that the signature protects. */
  readonly protectedHeader: ProtectedHeader
  /** The other parameters; empty where there are none. Anybody on the way could have changed them. */
  readonly unprotectedHeader: JsonObject
}

/**
 * Signs octets, or text as its UTF-8, into a flattened JWS. `alg` stands in the protected header, the key's `kid` too
 * unless `unprotectedHeader` has one.
 *
 * @throws {JoseError} as `signCompact`
 */
export async function signFlattened<const O extends SignJsonJwsOptions = SignJsonJwsOptions>(
  payload: JwsPayload,
  key: SigningKey,
  options?: O & OnlyOptions<O, SignJsonJwsOptions>,
): Promise<FlattenedJws> {
  const where = 'signFlattened'
  const names: readonly (keyof SignJsonJwsOptions)[] = [...signJwsOptionNames, 'unprotectedHeader']
  const given = readOptions<SignJsonJwsOptions>(options ?? {}, names, where)
  const plan = makeSignPlan(given, where)
  const { unprotectedHeader: unprotectedOption = {} } = given
  const unprotectedHeader = readHeaderOption(unprotectedOption, 'unprotectedHeader', where)
  const signingKey = requireSigningKey(key)
  const bytes = readPayloadOption(payload, where)
  const made = await makeSignature({ key: signingKey, payload: bytes, plan, unprotectedHeader, where })
  const jws: FlattenedJws = {
    ...(plan.isDetached ? {} : { payload: writePayload(bytes, plan.isEncoded, false) }),
    protected: made.protected,
    ...(Object.keys(unprotectedHeader).length === 0 ? {} : { header: unprotectedHeader }),
    signature: made.signature,
  }
  checkMadeLength(JSON.stringify(jws).length, plan, [signingKey])
  return jws
}

/**
 * The payload of a flattened JWS, once its signature is good. `alg`, `crit` and `b64` count in the protected header alone.
 *
 * @param jws - the object, or its JSON text
 * @throws {JoseError} as `verifyCompact`; `malformed` also for a parameter that stands in both headers
 */
export async function verifyFlattened<const O extends VerifyJwsOptions = VerifyJwsOptions>(
  jws: FlattenedJws | string,
  key: VerificationInput,
  options?: O & OnlyOptions<O, VerifyJwsOptions>,
): Promise<VerifiedFlattened> {
  const plan = readVerifyJwsOptions(key, options, 'verifyFlattened')
  const { members, length } = readJsonJws(jws, plan)
  if (Object.hasOwn(members, 'signatures'))
    throw new JoseError('malformed', 'JWS: "signatures" belongs to the general serialization')
  const parsed = parseSignature(members, plan)
  checkJsonLength(length, [parsed], plan)
  const payload = payloadOfJson(members, plan, isEncodedFor([parsed]))
  await verifyParsed(parsed, payload, plan)
  return {
    payload: payload.bytes,
    protectedHeader: parsed.protectedHeader as ProtectedHeader,
    unprotectedHeader: parsed.unprotectedHeader,
  }
}
