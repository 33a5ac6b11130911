/** What bundles for browsers have in place of `encoded-object.ts` (`browser` in package.json): no token engine. */
import { decodeBase64url, decodeBase64urlText } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { parseJsonObject } from '../encoding/json-parser.ts'

export interface TokenParts {
  readonly header: JsonObject
  readonly claims: JsonObject
  readonly signature: Uint8Array
}

export function parseParts(
  _token: string,
  [, payload, signature]: readonly string[],
  header: JsonObject,
): TokenParts {
  return {
    header,
    claims: parseEncodedObject(payload!, 'claims set'),
    signature: decodeBase64url(signature!, 'signature'),
  }
}

function parseEncodedObject(text: string, where: string): JsonObject {
  return parseJsonObject(decodeBase64urlText(text, where), where)
}

export const parseHeader = (text: string): JsonObject => parseEncodedObject(text, 'protected header')

export const splitSegments = (token: string): readonly string[] => token.split('.', 4)

export const findByBeginning = (): ((token: string) => undefined) => () => undefined
