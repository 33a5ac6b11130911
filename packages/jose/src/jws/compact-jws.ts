/** The compact serialization of a JWS over any octets (RFC 7515 §7.1). Claims are `../jwt`'s. */
import { chain } from '../crypto/awaitable.ts'
import { verifyBytes } from '../crypto/signature.ts'
import { decodeBase64url } from '../encoding/base64url.ts'
import { concatBytes } from '../encoding/bytes.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { orThrow } from '../errors.ts'
import { maximumLengthFor } from '../jwa/token-length.ts'
import type { SigningKey } from '../jwk/key.ts'
import { type OnlyOptions, readOptions } from '../options.ts'
import { checkLength, payloadOf, signatureFault, signatureOf, splitCompact } from './compact.ts'
import { makeKnownHeader } from './header-memory.ts'
import { parseProtectedHeader, type ProtectedHeader } from './header.ts'
import {
  makeSignPlan,
  readVerifyJwsOptions,
  type SignJwsOptions,
  signJwsOptionNames,
  type VerifyJwsOptions,
} from './jws-options.ts'
import { checkMadeLength, makeSignature } from './make-signature.ts'
import { type JwsPayload, readPayload, readPayloadOption, writePayload } from './payload.ts'
import { requireSigningKey } from './sign.ts'
import type { VerificationInput } from './verification-keys.ts'
import { type SignatureForm, verifySignature } from './verify.ts'

/** What comes out of a compact JWS whose signature is good. */
export interface VerifiedCompact {
  /** The octets that were signed. */
  readonly payload: Uint8Array
  readonly header: ProtectedHeader
}

/** Octets with the signature that came with them. */
export interface SignedBytes {
  readonly input: Uint8Array
  readonly signature: Uint8Array
}

/** The form of every serialization whose parts were decoded before. */
export const bytesForm: SignatureForm<SignedBytes, SignedBytes> = {
  open: (signed, material) =>
    chain(verifyBytes(material, signed.input, signed.signature), (isGood) => (isGood ? signed : undefined)),
  restFault: () => undefined,
}

/**
 * Signs octets, or text as its UTF-8. The header holds `alg`, the key's `kid`, and what the option `header` adds.
 *
 * @returns `header.payload.signature`; `header..signature` with `detached: true`
 * @throws {JoseError} `option_invalid` for parameters that no verifier would take, `key_invalid`, `too_large`
 */
export async function signCompact<const O extends SignJwsOptions = SignJwsOptions>(
  payload: JwsPayload,
  key: SigningKey,
  options?: O & OnlyOptions<O, SignJwsOptions>,
): Promise<string> {
  const where = 'signCompact'
  const plan = makeSignPlan(readOptions<SignJwsOptions>(options ?? {}, signJwsOptionNames, where), where)
  const signingKey = requireSigningKey(key)
  const bytes = readPayloadOption(payload, where)
  const inside = plan.isDetached ? '' : writePayload(bytes, plan.isEncoded, true)
  const made = await makeSignature({ key: signingKey, payload: bytes, plan, where })
  const jws = `${made.protected}.${inside}.${made.signature}`
  checkMadeLength(jws.length, plan, [signingKey])
  return jws
}

/**
 * The payload of a compact JWS, once its signature is good.
 *
 * @param key - a secret, a public key, a key set, or raw HMAC text or bytes with `algorithms`
 * @throws {JoseError} with the code of the first check that failed, in the order shape → header → algorithm → key →
 *   signature (RFC 7515 §5.2): `malformed`, `too_large`, `crit_unsupported`, `alg_not_allowed`, `key_not_found`,
 *   `key_ambiguous`, `keys_unavailable`, `key_invalid`, `bad_signature`; `option_invalid`
 */
export async function verifyCompact<const O extends VerifyJwsOptions = VerifyJwsOptions>(
  jws: string,
  key: VerificationInput,
  options?: O & OnlyOptions<O, VerifyJwsOptions>,
): Promise<VerifiedCompact> {
  const { keys, detached, rules, maxTokenLength } = readVerifyJwsOptions(key, options, 'verifyCompact')
  const token = splitCompact(jws, maxTokenLength ?? keys.headers.maximumLength)
  const encodedHeader = token.text.slice(0, token.firstDot)
  const signature = decodeBase64url(signatureOf(token), 'signature')
  const header = parseProtectedHeader(encodedHeader, rules)
  if (maxTokenLength === undefined) checkLength(token.text.length, maximumLengthFor(header.alg))
  const unsigned = signatureFault(token)
  if (unsigned !== undefined) throw unsigned.error
  const isEncoded = header['b64'] !== false
  const payload = readPayload({ inside: payloadOf(token), detached, isEncoded, isCompact: true })
  const input = concatBytes([encodeAscii(`${encodedHeader}.`), payload.signed])
  const known = makeKnownHeader(encodedHeader, header, header.kid)
  orThrow(await verifySignature({ known, form: bytesForm, signed: { input, signature } }, keys))
  return { payload: payload.bytes, header }
}
