/**
 * JSON text, strict. `JSON.parse` takes the last of two members with one name where other parsers take the first, so
 * that two readers of one token can see different claims; it has no limit of depth either. Both are checked on the
 * text before it is parsed (RFC 8259 §4, RFC 7515 §4: names within a header must be unique).
 * Bundles for browsers have `portable-json-parser.ts` in place of this file (`browser` in package.json).
 */
import { type JsonObject, maximumDepth } from './json.ts'
import { malformed } from './malformed.ts'

/** A JSON text, and what is known of it from the look at its octets that found it well encoded. */
export interface JsonText {
  readonly text: string
  /** Members of all its objects together; -1 where nobody counted. */
  readonly members: number
  /** Whether it holds one object with no array or object in it. */
  readonly isFlat: boolean
  /** The object that it holds, checked and frozen, where that is known without parsing it. */
  readonly value: JsonObject | undefined
  /** Wants to be told of the object, once it is known to be what `members` says. */
  readonly learn: ((value: JsonObject) => void) | undefined
}

/** A text of which nothing is known yet. */
export function jsonText(text: string): JsonText {
  return { text, members: -1, isFlat: false, value: undefined, learn: undefined }
}

/**
 * The object that a JSON text holds, deeply frozen, so that one holder cannot change what another sees.
 *
 * @param where - what the text is, for the message (`claims set`)
 * @throws {JoseError} `malformed` for anything but one object with unique member names, at most 64 levels deep
 */
export function parseJsonObject(text: string, where: string): JsonObject {
  return examine(parseObject(text, where), text, where)
}

/** `parseJsonObject` of a text of which something is known. @throws {JoseError} `malformed` */
export function parseJsonText(known: JsonText, where: string): JsonObject {
  if (known.value !== undefined) return known.value
  const { text, members, isFlat, learn } = known
  const value = parseObject(text, where)
  // What is dropped or named badly is told by the thorough way, so that both ways say the same of one text.
  if (members < 0 || freezeMembers(value, isFlat) !== members) return examine(value, text, where)
  learn?.(value)
  return value
}

function parseObject(text: string, where: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's own message quotes the text, which may be secret.
    throw malformed(where, 'JSON')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw malformed(where, 'a JSON object')
}

/** Freezes a value to its depth and counts the members of its objects; -1 when the thorough way has to look. */
function freezeMembers(value: object, isFlat: boolean, depth = 1): number {
  if (depth > maximumDepth) return -1
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) count = addMembers(count, item, depth)
  } else {
    const names = Object.keys(value)
    if (names.includes('__proto__')) return -1
    count = names.length
    if (!isFlat) for (const name of names) count = addMembers(count, (value as JsonObject)[name], depth)
  }
  Object.freeze(value)
  return count
}

function addMembers(count: number, value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return count
  const more = freezeMembers(value, false, depth + 1)
  return more < 0 ? Number.NaN : count + more
}

function examine(value: JsonObject, text: string, where: string): JsonObject {
  // A member that `JSON.parse` dropped because its name came again has a name in the text.
  if (freeze(value, 1, where) !== countNames(text)) throw malformed(where, 'no name twice', 'one')
  // Only an escape can bring half of a surrogate pair into text that was UTF-8.
  if (text.includes('\\u') && hasLoneEscape(value)) throw malformed(where, 'no lone surrogate', 'one')
  return value
}

/** Freezes a parsed value to its depth; how many members all its objects have. */
function freeze(value: unknown, depth: number, where: string): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > maximumDepth) throw malformed(where, `at most ${maximumDepth} levels`, 'more')
  const names = Object.keys(value)
  let members = Array.isArray(value) ? 0 : names.length
  for (const name of names) {
    // An own member of this name turns into a prototype the moment somebody merges the object.
    if (name === '__proto__') throw malformed(where, 'no __proto__', 'one')
    members += freeze((value as JsonObject)[name], depth + 1, where)
  }
  Object.freeze(value)
  return members
}

/**
 * How many member names stand in a text that is JSON: strings with a colon behind them. From quote to quote, which takes
 * half the time of looking at every character.
 */
function countNames(text: string): number {
  let count = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    do at = text.indexOf('"', at + 1)
    while (isEscaped(text, at))
    let next = at + 1
    while (text.charCodeAt(next) <= 32) next += 1
    if (text[next] === ':') count += 1
  }
  return count
}

function isEscaped(text: string, at: number): boolean {
  let start = at
  while (text[start - 1] === '\\') start -= 1
  return (at - start) % 2 === 1
}

/** `JSON.stringify` escapes surrogates that have no partner, and no others; an escaped backslash may stand before those letters. */
function hasLoneEscape(value: object): boolean {
  return JSON.stringify(value).replaceAll('\\\\', '').includes('\\ud')
}
