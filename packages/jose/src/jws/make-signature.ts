/** One signature of a JWS: its protected header, and the signature over header and payload (RFC 7515 §5.1). */
import { signBytesElsewhere } from '../crypto/signature.ts'
import { encodeBase64url, encodeBase64urlText } from '../encoding/base64url.ts'
import { concatBytes } from '../encoding/bytes.ts'
import type { JsonObject } from '../encoding/json.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { requireMaterial, type SigningKey } from '../jwk/key.ts'
import { maximumLengthFor } from '../jwa/token-length.ts'
import { maximumHeaderBytes, refuseUnsignable } from './header.ts'
import type { SignPlan } from './jws-options.ts'

/** A signature with the header that it protects, both encoded. */
export interface MadeSignature {
  readonly protected: string
  readonly signature: string
}

/** What is signed, and with which parameters. */
export interface SignatureRequest {
  readonly key: SigningKey
  readonly payload: Uint8Array
  readonly plan: SignPlan
  readonly unprotectedHeader?: JsonObject
  readonly where: string
}

/** Signs. @throws {JoseError} `option_invalid` for parameters that no verifier would take */
export async function makeSignature(request: SignatureRequest): Promise<MadeSignature> {
  const { key, payload, plan, where } = request
  const text = JSON.stringify(protectedHeader(request))
  const encoded = encodeBase64urlText(text, 'protected header')
  if (Math.floor((encoded.length * 3) / 4) > maximumHeaderBytes)
    throw new JoseError('too_large', `${where}: expected a header of at most ${maximumHeaderBytes} octets`)
  const signed = plan.isEncoded ? encodeAscii(encodeBase64url(payload)) : payload
  const input = concatBytes([encodeAscii(`${encoded}.`), signed])
  const signature = await signBytesElsewhere(requireMaterial(key), input)
  return { protected: encoded, signature: encodeBase64url(signature) }
}

/** `alg`, the key's `kid` unless the caller placed one, the caller's parameters, and `b64` with its `crit`. */
function protectedHeader({ key, plan, unprotectedHeader = {}, where }: SignatureRequest): JsonObject {
  const { header, isEncoded } = plan
  const own = Object.assign(Object.create(null), header) as JsonObject
  if (own['alg'] !== undefined && own['alg'] !== key.algorithm) {
    throw new JoseError(
      'option_invalid',
      `${where}: header "alg": expected ${key.algorithm}, the key's own algorithm: leave it out`,
    )
  }
  if (Object.hasOwn(header, 'b64'))
    throw new JoseError('option_invalid', `${where}: header "b64": use the option b64`)
  const placed = Object.hasOwn(header, 'kid') || Object.hasOwn(unprotectedHeader, 'kid')
  const extensions = (own['crit'] ?? []) as readonly string[]
  const complete: JsonObject = {
    alg: key.algorithm,
    ...(placed || key.kid === undefined ? {} : { kid: key.kid }),
    ...header,
    ...(isEncoded ? {} : { b64: false, crit: [...extensions, 'b64'] }),
  }
  refuseUnsignable(complete, unprotectedHeader, where)
  return complete
}

/** Checks the length of a finished JWS. @throws {JoseError} `too_large` */
export function checkMadeLength(
  length: number,
  { maxTokenLength }: SignPlan,
  keys: readonly SigningKey[],
): void {
  const most = maxTokenLength ?? Math.max(...keys.map(({ algorithm }) => maximumLengthFor(algorithm)))
  if (length <= most) return
  throw new JoseError(
    'too_large',
    `JWS: expected at most ${most} characters, got ${length}: detach the payload, or set maxTokenLength on both sides`,
  )
}
