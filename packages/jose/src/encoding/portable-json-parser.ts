/**
 * JSON text, strict, in few lines. Bundles for browsers have it in place of `json-parser.ts` (`browser` in package.json),
 * which says what each function does; a test holds the two against each other.
 */
import { type JsonObject, maximumDepth } from './json.ts'
import type { JsonText } from './json-parser.ts'
import { malformed } from './malformed.ts'

export function parseJsonObject(text: string, where: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's own message quotes the text, which may be secret.
    throw malformed(where, 'JSON')
  }
  if (!(value instanceof Object) || Array.isArray(value)) throw malformed(where, 'a JSON object')
  freeze(value, 1, where)
  const read = JSON.stringify(value)
  if (countNames(read) !== countNames(text)) throw malformed(where, 'no name twice', 'one')
  // `JSON.stringify` escapes surrogates that have no partner, and no others.
  if (read.replaceAll('\\\\', '').includes('\\ud')) throw malformed(where, 'no lone surrogate', 'one')
  return value as JsonObject
}

export const parseJsonText = ({ text }: JsonText, where: string): JsonObject => parseJsonObject(text, where)

export const jsonText = (text: string): JsonText => ({
  text,
  members: -1,
  isFlat: false,
  value: undefined,
  learn: undefined,
})

function freeze(value: unknown, depth: number, where: string): void {
  if (!(value instanceof Object)) return
  if (depth > maximumDepth) throw malformed(where, 'at most 64 levels', 'more')
  for (const name of Object.keys(value)) {
    if (name === '__proto__') throw malformed(where, 'no __proto__', 'one')
    freeze((value as JsonObject)[name], depth + 1, where)
  }
  Object.freeze(value)
}

/** How many member names stand in a text that is JSON: colons outside of strings. */
function countNames(text: string): number {
  const withoutEscapes = text.replaceAll(/\\./g, '')
  return withoutEscapes.replaceAll(/"[^"]*"/g, '').split(':').length
}
