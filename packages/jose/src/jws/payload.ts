/** The payload of a JWS: encoded or not (RFC 7797), inside the JWS or apart from it (RFC 7515 §F). */
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { copyBytes, isBytes } from '../encoding/bytes.ts'
import { decodeUtf8, encodeAscii, encodeUtf8 } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { badOption } from '../options.ts'

/** What is signed: octets, or text as its UTF-8. */
export type JwsPayload = string | Uint8Array

/** A payload, and how it stands in the signing input. */
export interface ReadPayload {
  readonly bytes: Uint8Array
  /** What follows the dot in the signing input (RFC 7515 §5.1 step 5, RFC 7797 §3). */
  readonly signed: Uint8Array
}

/** Where a payload comes from. */
export interface PayloadSource {
  /** As it stands in the JWS; undefined where it is absent. */
  readonly inside: string | undefined
  /** As the caller hands it in; undefined where it is expected inside. */
  readonly detached: Uint8Array | undefined
  readonly isEncoded: boolean
  readonly isCompact: boolean
}

/** The octets of a payload that a caller hands in. @throws {JoseError} `option_invalid` */
export function readPayloadOption(payload: unknown, where: string): Uint8Array {
  const copy = isBytes(payload) ? copyBytes(payload) : undefined
  if (copy !== undefined) return copy
  if (typeof payload !== 'string') throw badOption(where, 'payload', 'text or bytes', payload)
  try {
    return encodeUtf8(payload, 'payload')
  } catch (cause) {
    throw new JoseError('option_invalid', `${where}: ${(cause as Error).message}`, { cause })
  }
}

/**
 * The payload of a JWS.
 *
 * @throws {JoseError} `malformed` for one that is not encoded as the header says, and for one that stands inside and was
 *   handed in too
 */
export function readPayload({ inside, detached, isEncoded, isCompact }: PayloadSource): ReadPayload {
  if (detached !== undefined) {
    // In the compact serialization, no payload and an empty one look alike.
    if (inside !== undefined && !(isCompact && inside === '')) {
      throw new JoseError('malformed', 'JWS: expected a detached payload, got one inside the JWS')
    }
    return { bytes: detached, signed: isEncoded ? encodeAscii(encodeBase64url(detached)) : detached }
  }
  if (inside === undefined)
    throw new JoseError('malformed', 'JWS: "payload": expected text, got none: is it detached?')
  if (isEncoded) return { bytes: decodeBase64url(inside, 'payload'), signed: encodeAscii(inside) }
  if (isCompact) checkTransmittable(inside)
  const bytes = encodeUtf8(inside, 'payload')
  return { bytes, signed: bytes }
}

/**
 * The payload as it stands inside a JWS.
 *
 * @throws {JoseError} `option_invalid` for one that cannot stand there unencoded
 */
export function writePayload(bytes: Uint8Array, isEncoded: boolean, isCompact: boolean): string {
  if (isEncoded) return encodeBase64url(bytes)
  try {
    const text = decodeUtf8(bytes, 'payload')
    if (isCompact) checkTransmittable(text)
    return text
  } catch (cause) {
    throw new JoseError(
      'option_invalid',
      `${(cause as Error).message}: it cannot stand in this JWS unencoded: use detached: true`,
      { cause },
    )
  }
}

/** RFC 7797 §5.2: printable ASCII without the dot, which would end it. */
function checkTransmittable(text: string): void {
  if (/^[\x20-\x2d\x2f-\x7e]*$/.test(text)) return
  throw new JoseError(
    'malformed',
    'payload: expected printable ASCII without dots (RFC 7797 §5.2), got other characters',
  )
}
