/** The payload of a compact token whose signature is good. */
import { decodeBase64urlText } from '../encoding/base64url.ts'
import { type JsonText, jsonText } from '../encoding/json-parser.ts'
import { type Dots, longestText } from './engine.ts'
import { tokenEngine } from './token-engine.ts'

/** Reads a payload. @throws {JoseError} `malformed` for what is not canonical base64url of UTF-8 */
export function readPayload(token: string, { firstDot, secondDot }: Dots): JsonText {
  const encoded = token.slice(firstDot + 1, secondDot)
  const engine = encoded.length <= longestText ? tokenEngine() : undefined
  return engine?.readPayload(encoded) ?? jsonText(decodeBase64urlText(encoded, 'payload'))
}
