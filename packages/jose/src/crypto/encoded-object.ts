/**
 * A JSON object as it stands in a token, for those who ask for no signature. Bundles for browsers have
 * `portable-encoded-object.ts` in place of this file (`browser` in package.json).
 */
import { encodeBase64urlText } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { parseJsonText } from '../encoding/json-parser.ts'
import { type Dots, longestText, type UnverifiedParts } from './engine.ts'
import * as portable from './portable-encoded-object.ts'
import { tokenEngine } from './token-engine.ts'

/**
 * The claims set, deeply frozen, and the octets of the signature of a token.
 *
 * @param segments - the three of it
 * @throws {JoseError} `malformed`
 */
export function parseClaimsAndSignature(
  token: string,
  segments: readonly string[],
): portable.ClaimsAndSignature {
  const [header = '', payload = ''] = segments
  const firstDot = header.length
  const dots = { firstDot, secondDot: firstDot + 1 + payload.length }
  const known = token.length <= longestText ? readByEngine(token, dots) : undefined
  if (known === undefined) return portable.parseClaimsAndSignature(token, segments)
  return { claims: parseJsonText(known.payload, 'claims set'), signature: known.signature }
}

/** The last header: tokens that are looked into one after the other mostly share theirs. */
let last: { readonly text: string; readonly header: JsonObject } | undefined

/** The object of a protected header, deeply frozen. @throws {JoseError} `malformed` */
export function parseHeader(encoded: string): JsonObject {
  if (last?.text !== encoded) last = { text: encoded, header: portable.parseHeader(encoded) }
  return last.header
}

/** The texts between dots, four at most: three segments where there are two dots, in half the time of `split`. */
export function splitSegments(token: string): readonly string[] {
  const firstDot = token.indexOf('.')
  const secondDot = token.indexOf('.', firstDot + 1)
  const isCompact = firstDot >= 0 && secondDot > firstDot && !token.includes('.', secondDot + 1)
  if (!isCompact) return token.split('.', 4)
  return [token.slice(0, firstDot), token.slice(firstDot + 1, secondDot), token.slice(secondDot + 1)]
}

/** What is wrong with a text is told by the other way, in its own words. */
function readByEngine(token: string, dots: Dots): UnverifiedParts | undefined {
  try {
    return tokenEngine()?.readUnverified(token, dots)
  } catch {
    return undefined
  }
}

/** Lengths of beginnings that are looked for. */
const mostLengths = 4
/** Characters that a beginning is looked up by: V8 makes a view of more, and hashes it in twice the time. */
const windowLength = 12

interface Beginning<T> {
  readonly encoded: string
  readonly value: T
}

/**
 * Finds what belongs to a token by how its payload begins: an opening such as `{"iss":"`, then a name, then a quote. It takes
 * a tenth of the time of decoding and parsing, and is a guess: a payload may begin so and say something else later on, or
 * say the same in another way.
 */
export function findByBeginning<T>(
  opening: string,
  names: ReadonlyMap<string, T>,
): (token: string) => T | undefined {
  const byLength = new Map<number, Beginning<T>[]>()
  for (const [name, value] of names) {
    const encoded = encodeBeginning(opening + name)
    if (encoded === undefined) continue
    const alike = byLength.get(encoded.length)
    if (alike === undefined) byLength.set(encoded.length, [{ encoded, value }])
    else alike.push({ encoded, value })
  }
  const lists = [...byLength.values()].sort((one, other) => other.length - one.length)
  const finders = lists.slice(0, mostLengths).map(createFinder)
  return (token) => {
    const start = token.indexOf('.') + 1
    for (const find of finders) {
      const found = find(token, start)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** Finds beginnings of one length by the place at which most of them differ; those that are left over are not found. */
function createFinder<T>(
  beginnings: readonly Beginning<T>[],
): (token: string, start: number) => T | undefined {
  const { length } = beginnings[0]!.encoded
  let [known, offset] = [new Map<string, Beginning<T>>(), 0]
  for (let at = length - windowLength; at >= 0; at -= 4) {
    const found = new Map(beginnings.map((one) => [one.encoded.slice(at, at + windowLength), one]))
    if (found.size > known.size) [known, offset] = [found, at]
  }
  return (token, start) => {
    const found = known.get(token.slice(start + offset, start + offset + windowLength))
    return found?.encoded === token.slice(start, start + length) ? found.value : undefined
  }
}

/**
 * As whole groups of three octets: a quote ends the name, and a comma and a quote follow. Undefined for what JSON may write in
 * several ways.
 */
function encodeBeginning(beginning: string): string | undefined {
  if (!/^[\x20-\x5b\x5d-\x7e]{8,}$/.test(beginning) || beginning.split('"').length !== 4) return undefined
  return encodeBase64urlText(beginning + '",""'.slice(0, 3 - (beginning.length % 3)), 'beginning')
}
