/** Tokens of any header and payload, broken ones too: what no signer of this library would make. */
import { signBytes } from '../crypto/signature.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { isBytes } from '../encoding/bytes.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { requireMaterial } from '../jwk/key.ts'
import type { TestKey } from './test-key.ts'

/** Octets, text as it is, or an object as its JSON. */
export type Part = Uint8Array | string | object

/** The octets of a part. */
export function octetsOf(part: Part): Uint8Array {
  if (isBytes(part)) return part
  return encodeAscii(typeof part === 'string' ? part : JSON.stringify(part))
}

/** The base64url text of a part. */
export function segmentOf(part: Part): string {
  return encodeBase64url(octetsOf(part))
}

/** The signature of octets or text. */
export async function signatureFor(input: Part, key: TestKey): Promise<Uint8Array> {
  return signBytes(requireMaterial(key.signingKey), octetsOf(input))
}

/** The token of a signing input, whatever that looks like. */
export async function signInput(input: string, key: TestKey): Promise<string> {
  return `${input}.${encodeBase64url(await signatureFor(input, key))}`
}

/** The token of a header and a payload, whatever they hold. */
export function rawToken(header: Part, payload: Part, key: TestKey): Promise<string> {
  return signInput(`${segmentOf(header)}.${segmentOf(payload)}`, key)
}
