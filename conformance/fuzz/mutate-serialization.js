// @ts-check
/** JWS and JWE in JSON: members changed, headers inside changed, signatures and recipients multiplied. */
import { mutateObject, writeJson } from './mutate-json.js'
import { mutateText } from './mutate-text.js'
import { encode, otherSpelling } from './mutate-token.js'
import { choose } from './random.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {{ [name: string]: any }} Members */

/** The members that hold encoded text. */
const encodedMembers = [
  'protected',
  'payload',
  'signature',
  'encrypted_key',
  'iv',
  'ciphertext',
  'tag',
  'aad',
]

/**
 * A serialization in which something is not as it was, as an object.
 *
 * @param {Random} random
 * @param {Members} value
 * @param {readonly unknown[]} donors
 */
export function mutateSerialization(random, value, donors) {
  /** @type {Members} */
  const copy = structuredClone(value)
  const list = copy['signatures'] ?? copy['recipients']
  const holder = Array.isArray(list) && random.oneIn(2) ? random.pick(list) : copy
  return choose(random, [
    [4, () => mutateObject(random, copy, donors)],
    [4, () => changeProtected(random, copy, holder, donors)],
    [2, () => respell(random, copy, holder)],
    [Array.isArray(list) ? 2 : 0, () => multiply(random, copy, list)],
    [2, () => moveParameter(random, copy, holder)],
  ])
}

/** The JSON text of a mutated serialization. @param {Random} random @param {Members} value @param {readonly unknown[]} donors */
export function mutateSerializationText(random, value, donors) {
  return random.oneIn(6)
    ? mutateText(random, JSON.stringify(value))
    : writeJson(random, mutateSerialization(random, value, donors))
}

/** @param {Random} random @param {Members} copy @param {Members} holder @param {readonly unknown[]} donors */
function changeProtected(random, copy, holder, donors) {
  const place = typeof holder['protected'] === 'string' ? holder : copy
  place['protected'] = encode(writeJson(random, mutateObject(random, headerOf(place), donors)))
  return copy
}

/** @param {Members} holder @returns {object} */
function headerOf(holder) {
  try {
    return JSON.parse(Buffer.from(String(holder['protected']), 'base64url').toString())
  } catch {
    return {}
  }
}

/** @param {Random} random @param {Members} copy @param {Members} holder */
function respell(random, copy, holder) {
  const present = encodedMembers.filter((name) => typeof holder[name] === 'string')
  if (present.length === 0) return copy
  const name = random.pick(present)
  holder[name] = random.oneIn(2) ? otherSpelling(random, holder[name]) : mutateText(random, holder[name])
  return copy
}

/** @param {Random} random @param {Members} copy @param {unknown[]} list */
function multiply(random, copy, list) {
  const name = copy['signatures'] === list ? 'signatures' : 'recipients'
  copy[name] = random.pick([
    [],
    [...list, ...list],
    [...list].reverse(),
    list.slice(1),
    Array.from({ length: random.pick([8, 9, 99, 100, 101]) }, () => random.pick(list)),
    [...list, null],
    Object.fromEntries(list.entries()),
  ])
  return copy
}

/** A parameter moves from the protected header to one that nothing protects, or stands in both. @param {Random} random @param {Members} copy @param {Members} holder */
function moveParameter(random, copy, holder) {
  const place = typeof holder['protected'] === 'string' ? holder : copy
  const header = /** @type {Members} */ (headerOf(place))
  const names = Object.keys(header)
  if (names.length === 0) return copy
  const name = random.pick(names)
  const target = random.pick(['header', 'unprotected'])
  holder[target] = { ...holder[target], [name]: header[name] }
  if (random.oneIn(2)) {
    Reflect.deleteProperty(header, name)
    place['protected'] = encode(JSON.stringify(header))
  }
  return copy
}
