/**
 * A JSON object as it stands in a token, for those who ask for no signature. Bundles for browsers have
 * `portable-encoded-object.ts` in place of this file (`browser` in package.json).
 */
import type { JsonObject } from '../encoding/json.ts'
import { type JsonText, parseJsonText } from '../encoding/json-parser.ts'
import { longestText } from './engine.ts'
import { parseEncodedObject as parseWithoutEngine } from './portable-encoded-object.ts'
import { tokenEngine } from './token-engine.ts'

/**
 * The object whose JSON text a base64url text carries, deeply frozen.
 *
 * @param where - what the text is, for the message (`claims set`)
 * @throws {JoseError} `malformed`
 */
export function parseEncodedObject(encoded: string, where: string): JsonObject {
  const known = encoded.length <= longestText ? readByEngine(encoded) : undefined
  return known === undefined ? parseWithoutEngine(encoded, where) : parseJsonText(known, where)
}

/** What is wrong with a text is told by the other way, in its own words. */
function readByEngine(encoded: string): JsonText | undefined {
  try {
    return tokenEngine()?.readUnverified(encoded)
  } catch {
    return undefined
  }
}
