/** The general JSON serialization of a JWS (RFC 7515 §7.2.1): several signatures over one payload. */
import { isObject, type JsonObject, kindOf } from '../encoding/json.ts'
import { isJoseError, JoseError } from '../errors.ts'
import type { SigningKey } from '../jwk/key.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import type { FlattenedJws } from './flattened.ts'
import type { ProtectedHeader } from './header.ts'
import {
  checkJsonLength,
  isEncodedFor,
  type ParsedSignature,
  parseSignature,
  payloadOfJson,
  readJsonJws,
  verifyParsed,
} from './json-serialization.ts'
import {
  makeSignPlan,
  makeVerifyJwsPlan,
  readHeaderOption,
  type SignJwsOptions,
  type SignPlan,
  type VerifyJwsOptions,
  verifyJwsOptionNames,
  type VerifyJwsPlan,
} from './jws-options.ts'
import { checkMadeLength, makeSignature } from './make-signature.ts'
import { type JwsPayload, readPayloadOption, type ReadPayload, writePayload } from './payload.ts'
import { requireSigningKey } from './sign.ts'
import type { VerificationInput } from './verification-keys.ts'

/** A JWS of several signatures, in JSON. */
export interface GeneralJws {
  /** Absent when it is detached. */
  readonly payload?: string
  readonly signatures: readonly Omit<FlattenedJws, 'payload'>[]
}

/** Somebody who signs. */
export interface Signer {
  readonly key: SigningKey
  /** Further parameters of this signature's protected header. */
  readonly header?: { readonly [parameter: string]: unknown }
  /** Parameters that anybody can change on the way, such as `kid`. */
  readonly unprotectedHeader?: { readonly [parameter: string]: unknown }
}

export type SignGeneralOptions = Omit<SignJwsOptions, 'header'>

/**
 * Which signatures must be good. Anybody on the way can take signatures out of a JWS, so that `'all'` means all that are
 * left; a list of key IDs means that each of these keys has signed, whoever else has.
 */
export type SignaturePolicy = 'all' | 'any' | readonly string[]

export interface VerifyGeneralOptions extends VerifyJwsOptions {
  /** Which signatures must be good: `'all'`, `'any'`, or the key IDs of the keys that must each have signed. */
  readonly policy: SignaturePolicy
}

/** A signature that is good. */
export interface VerifiedSignature {
  /** Its place in the list. */
  readonly index: number
  readonly protectedHeader: ProtectedHeader
  /** Empty where there is none. Anybody on the way could have changed it. */
  readonly unprotectedHeader: JsonObject
  /** The key ID of the key under which it is good, as the key itself has it. */
  readonly kid?: string
}

/** What comes out of a general JWS whose signatures satisfy the policy. */
export interface VerifiedGeneral {
  readonly payload: Uint8Array
  /** The signatures that were found good; one at least. */
  readonly signatures: readonly VerifiedSignature[]
}

/** Signatures of one JWS at most: each may cost four verifications. */
const maximumSignatures = 8

/**
 * Signs one payload with several keys.
 *
 * @param signers - one at least, eight at most
 * @throws {JoseError} as `signCompact`
 */
export async function signGeneral<const O extends SignGeneralOptions = SignGeneralOptions>(
  payload: JwsPayload,
  signers: readonly Signer[],
  options?: O & OnlyOptions<O, SignGeneralOptions>,
): Promise<GeneralJws> {
  const where = 'signGeneral'
  const names: readonly (keyof SignGeneralOptions)[] = ['detached', 'b64', 'maxTokenLength']
  const plan = makeSignPlan(readOptions<SignGeneralOptions>(options ?? {}, names, where), where)
  if (!Array.isArray(signers) || signers.length === 0 || signers.length > maximumSignatures)
    throw badOption(where, 'signers', `an array of one to ${maximumSignatures}`, signers)
  const bytes = readPayloadOption(payload, where)
  const signatures = await Promise.all(signers.map((signer) => signOne(signer, bytes, plan)))
  const inside = plan.isDetached ? {} : { payload: writePayload(bytes, plan.isEncoded, false) }
  const jws: GeneralJws = { ...inside, signatures }
  const keys = (signers as readonly Signer[]).map(({ key }) => key)
  checkMadeLength(JSON.stringify(jws).length, plan, keys)
  return jws
}

async function signOne(
  signer: Signer,
  payload: Uint8Array,
  plan: SignPlan,
): Promise<Omit<FlattenedJws, 'payload'>> {
  const where = 'signGeneral'
  const given = readOptions<Signer>(signer, ['key', 'header', 'unprotectedHeader'], where)
  const { header: headerOption = {}, unprotectedHeader: unprotectedOption = {} } = given
  const header = readHeaderOption(headerOption, 'header', where)
  const unprotectedHeader = readHeaderOption(unprotectedOption, 'unprotectedHeader', where)
  const key = requireSigningKey(given.key)
  const made = await makeSignature({ key, payload, plan: { ...plan, header }, unprotectedHeader, where })
  const unprotectedPart = Object.keys(unprotectedHeader).length === 0 ? {} : { header: unprotectedHeader }
  return { protected: made.protected, ...unprotectedPart, signature: made.signature }
}

/**
 * The payload of a general JWS, once its signatures satisfy the policy. `alg`, `crit` and `b64` count in protected headers
 * alone; a signature whose algorithm is not protected counts as bad.
 *
 * @param jws - the object, or its JSON text; one to eight signatures
 * @param key - nearly always a key set
 * @param options - `policy` must be given
 * @throws {JoseError} as `verifyCompact`; `malformed` for a JWS without signatures, whatever the policy
 */
export async function verifyGeneral<const O extends VerifyGeneralOptions>(
  jws: GeneralJws | string,
  key: VerificationInput,
  options: O & OnlyOptions<O, VerifyGeneralOptions>,
): Promise<VerifiedGeneral> {
  const where = 'verifyGeneral'
  const given = readOptions<VerifyGeneralOptions>(options, [...verifyJwsOptionNames, 'policy'], where)
  const policy = readPolicy(given.policy, where)
  const plan = makeVerifyJwsPlan(key, given, where)
  const { members, length } = readJsonJws(jws, plan)
  const parsed = parseSignatures(members, plan)
  checkJsonLength(length, parsed, plan)
  const payload = payloadOfJson(members, plan, isEncodedFor(parsed))
  return { payload: payload.bytes, signatures: await verifyByPolicy(parsed, policy, { payload, plan }) }
}

function readPolicy(policy: unknown, where: string): SignaturePolicy {
  if (policy === 'all' || policy === 'any') return policy
  if (Array.isArray(policy) && policy.length > 0 && policy.every((kid) => typeof kid === 'string'))
    return [...new Set(policy as readonly string[])]
  throw badOption(where, 'policy', '"all", "any" or a non-empty array of key IDs', policy)
}

function parseSignatures(members: JsonObject, plan: VerifyJwsPlan): readonly ParsedSignature[] {
  for (const name of ['signature', 'protected', 'header']) {
    if (Object.hasOwn(members, name))
      throw new JoseError(
        'malformed',
        `JWS: "${name}" beside "signatures" belongs to the flattened serialization`,
      )
  }
  const list = members['signatures']
  // Never vacuously true (CVE-2026-102946).
  if (!Array.isArray(list) || list.length === 0)
    throw new JoseError('malformed', `JWS: "signatures": expected a non-empty array, got ${kindOf(list)}`)
  if (list.length > maximumSignatures)
    throw new JoseError(
      'too_large',
      `JWS: expected at most ${maximumSignatures} signatures, got ${list.length}`,
    )
  return (list as readonly unknown[]).map((item) => {
    if (isObject(item)) return parseSignature(item as JsonObject, plan)
    throw new JoseError('malformed', `JWS: "signatures": expected objects, got ${kindOf(item)}`)
  })
}

interface Subject {
  readonly payload: ReadPayload
  readonly plan: VerifyJwsPlan
}

async function verifyByPolicy(
  parsed: readonly ParsedSignature[],
  policy: SignaturePolicy,
  { payload, plan }: Subject,
): Promise<readonly VerifiedSignature[]> {
  const good: VerifiedSignature[] = []
  const faults: JoseError[] = []
  for (const [index, item] of parsed.entries()) {
    try {
      const { kid } = await verifyParsed(item, payload, plan)
      const { protectedHeader, unprotectedHeader } = item
      const named = kid === undefined ? {} : { kid }
      good.push({ index, protectedHeader: protectedHeader as ProtectedHeader, unprotectedHeader, ...named })
      if (policy === 'any') return good
    } catch (error) {
      if (!isJoseError(error) || policy === 'all') throw error
      faults.push(error)
    }
  }
  const isSatisfied = policy === 'all' || (policy !== 'any' && policy.every((kid) => isAmong(kid, good)))
  if (!isSatisfied) throw unsatisfied(policy, faults)
  return good
}

function isAmong(kid: string, good: readonly VerifiedSignature[]): boolean {
  return good.some((signature) => signature.kid === kid)
}

/** One code for signatures that are bad in several ways; an outage and a caller's mistake are told as what they are. */
function unsatisfied(policy: SignaturePolicy, faults: readonly JoseError[]): JoseError {
  const outage = faults.find(({ code }) => code === 'keys_unavailable' || code === 'key_invalid')
  if (outage !== undefined) return outage
  const [first] = faults
  if (policy === 'any' && first !== undefined && faults.every(({ code }) => code === first.code)) return first
  const expected = policy === 'any' ? 'one good signature at least' : 'a good signature of each key named'
  return new JoseError('bad_signature', `JWS: expected ${expected}, got others`, { cause: faults })
}
