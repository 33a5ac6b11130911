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
 * The parts of a token whose header was read: its claims set, deeply frozen, and the octets of its signature.
 *
 * @param segments - the three of it
 * @throws {JoseError} `malformed`
 */
export function parseParts(
  token: string,
  segments: readonly string[],
  header: JsonObject,
): portable.TokenParts {
  const [encodedHeader = '', payload = ''] = segments
  const firstDot = encodedHeader.length
  const dots = { firstDot, secondDot: firstDot + 1 + payload.length }
  const known = token.length <= longestText ? readByEngine(token, dots) : undefined
  if (known === undefined) return portable.parseParts(token, segments, header)
  return { header, claims: parseJsonText(known.payload, 'claims set'), signature: known.signature }
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
/** Characters that a beginning is looked up by. As a number: a text of them would have to be made and hashed, in 100 ns more. */
const mostPlaces = 5
/** Beginnings that the places are chosen by. */
const sampledBeginnings = 512

interface Beginning<T> {
  readonly encoded: string
  readonly value: T
}

/**
 * Finds what belongs to a token by how its payload begins: an opening such as `{"iss":"`, then a name, then a quote. It takes
 * a twentieth of the time of decoding and parsing, and is a guess: a payload may begin so and say something else later on, or
 * say the same in another way.
 *
 * @param mustBeWhole - of which values the whole beginning has to be there; for others, some characters of it do
 */
export function findByBeginning<T>(
  opening: string,
  names: ReadonlyMap<string, T>,
  mustBeWhole: (value: T) => boolean,
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
  const finders = lists.slice(0, mostLengths).map((list) => createFinder(list, mustBeWhole))
  return (token) => {
    const start = token.indexOf('.') + 1
    for (let index = 0; index < finders.length; index += 1) {
      const found = finders[index]!(token, start)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** Finds beginnings of one length by the places at which most of them differ; those that are left over are not found. */
function createFinder<T>(
  beginnings: readonly Beginning<T>[],
  mustBeWhole: (value: T) => boolean,
): (token: string, start: number) => T | undefined {
  const places = tellingPlaces(beginnings.map(({ encoded }) => encoded))
  const known = new Map(
    beginnings.map(({ encoded, value }) => [
      codeAt(encoded, 0, places),
      { value, whole: mustBeWhole(value) || places.length === 0 ? encoded : undefined },
    ]),
  )
  return (token, start) => {
    const found = known.get(codeAt(token, start, places))
    if (found === undefined) return undefined
    const { value, whole } = found
    return whole === undefined || whole === token.slice(start, start + whole.length) ? value : undefined
  }
}

/** One number of the characters at some places behind a start. */
function codeAt(text: string, start: number, places: readonly number[]): number {
  let code = 0
  for (let index = 0; index < places.length; index += 1)
    code = (Math.imul(code, 61) + text.charCodeAt(start + places[index]!)) & 0x3fffffff
  return code
}

/** The few places that tell most texts of one length apart, the best one first. */
function tellingPlaces(all: readonly string[]): readonly number[] {
  const step = Math.ceil(all.length / sampledBeginnings)
  const texts = all.filter((_text, index) => index % step === 0)
  const places: number[] = []
  for (let [told, best] = [1, -1]; places.length < mostPlaces && told < texts.length; best = -1) {
    for (let at = 0; at < texts[0]!.length; at += 1) {
      const found = new Set(texts.map((text) => codeAt(text, 0, [...places, at]))).size
      if (found > told) [told, best] = [found, at]
    }
    if (best < 0) break
    places.push(best)
  }
  return places
}

/**
 * As whole groups of three octets: a quote ends the name, and a comma and a quote follow. Undefined for what JSON may write in
 * several ways.
 */
function encodeBeginning(beginning: string): string | undefined {
  if (!/^[\x20-\x5b\x5d-\x7e]{8,}$/.test(beginning) || beginning.split('"').length !== 4) return undefined
  return encodeBase64urlText(beginning + '",""'.slice(0, 3 - (beginning.length % 3)), 'beginning')
}
