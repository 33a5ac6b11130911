// @ts-check
/** JSON: random values, values with something changed, and texts that are nearly JSON. */
import { brokenLiterals, names, numberLiterals, texts } from './hostile.js'
import { mutateText } from './mutate-text.js'
import { choose } from './random.js'

/** @typedef {import('./random.js').Random} Random */
/** @typedef {{ [name: string]: unknown }} Members */

/** A random JSON value. @param {Random} random @param {number} [depth] levels below it at most @returns {unknown} */
export function randomJson(random, depth = 2) {
  return choose(random, [
    [4, () => random.pick(texts)],
    [3, () => Number(random.pick(numberLiterals))],
    [1, () => random.oneIn(2)],
    [1, () => null],
    [depth > 0 ? 2 : 0, () => Array.from({ length: random.below(4) }, () => randomJson(random, depth - 1))],
    [depth > 0 ? 2 : 0, () => randomObject(random, depth - 1)],
  ])
}

/** @param {Random} random @param {number} depth */
function randomObject(random, depth) {
  /** @type {Members} */
  const object = {}
  for (let count = random.below(4); count > 0; count -= 1)
    define(object, random.pick(names), randomJson(random, depth))
  return object
}

/** An own member of any name, `__proto__` too. @param {Members} object @param {string} name @param {unknown} value */
function define(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
}

/**
 * A copy of an object with one to three of its members changed, at any depth.
 *
 * @param {Random} random
 * @param {object} object
 * @param {readonly unknown[]} [donors] values of other samples, which are likely to be of the right kind
 * @returns {Members}
 */
export function mutateObject(random, object, donors = []) {
  const copy = /** @type {Members} */ (structuredClone(object))
  for (let times = 1 + random.below(3); times > 0; times -= 1) mutateMember(random, copy, donors)
  return copy
}

/** @param {Random} random @param {Members} object @param {readonly unknown[]} donors */
function mutateMember(random, object, donors) {
  const own = Object.keys(object)
  const other = Array.isArray(object) ? String(own.length) : random.pick(names)
  const name = own.length > 0 && !random.oneIn(4) ? random.pick(own) : other
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  if (isObject(value) && random.oneIn(2)) return mutateMember(random, value, donors)
  choose(random, [
    [4, () => define(object, name, randomJson(random))],
    [donors.length > 0 ? 3 : 0, () => define(object, name, structuredClone(random.pick(donors)))],
    [3, () => Reflect.deleteProperty(object, name)],
    [typeof value === 'string' ? 6 : 0, () => define(object, name, mutateText(random, String(value)))],
    [typeof value === 'number' ? 6 : 0, () => define(object, name, nearNumber(random, Number(value)))],
    [2, () => define(object, name, [value])],
    [1, () => define(object, name, { value })],
    [1, () => define(object, other, value)],
  ])
}

/** @param {unknown} value @returns {value is Members} */
const isObject = (value) => typeof value === 'object' && value !== null

/** @param {Random} random @param {number} value */
function nearNumber(random, value) {
  return random.pick([value + 1, value - 1, -value, value * 1000, value / 1000, value + 0.5, String(value)])
}

/** The JSON text of a value, in one of the ways of writing it. @param {Random} random @param {unknown} value */
export function writeJson(random, value) {
  const text = JSON.stringify(value) ?? 'null'
  return choose(random, [
    [12, () => text],
    [1, () => JSON.stringify(value, null, 1) ?? 'null'],
    [1, () => ` ${text}\n`],
    [1, () => escapeOne(random, text)],
    [1, () => swapLiteral(random, text)],
    [1, () => repeatMember(random, text)],
    [2, () => mutateText(random, text)],
    [1, () => `\ufeff${text}`],
    [1, () => deeper(random, text)],
  ])
}

/** A letter inside a string written as an escape: another spelling of the same name or value. */
const escapeOne = (/** @type {Random} */ random, /** @type {string} */ text) => {
  const letters = [...text.matchAll(/(?<=")[a-z](?=[a-z0-9]*")/g)]
  if (letters.length === 0) return text
  const { index, 0: letter } = random.pick(letters)
  const code = letter.charCodeAt(0).toString(16).padStart(4, '0')
  return `${text.slice(0, index)}\\u${random.oneIn(2) ? code : code.toUpperCase()}${text.slice(index + 1)}`
}

const swapLiteral = (/** @type {Random} */ random, /** @type {string} */ text) => {
  const literals = [...text.matchAll(/(?<=[:,[])(-?\d[\d.eE+-]*|true|false|null|"[^"\\]*")(?=[,}\]])/g)]
  if (literals.length === 0) return text
  const { index, 0: literal } = random.pick(literals)
  const other = random.pick(random.oneIn(2) ? brokenLiterals : numberLiterals)
  return text.slice(0, index) + other + text.slice(index + literal.length)
}

/** A member that stands twice (RFC 7515 §4), with the same value or with another. */
const repeatMember = (/** @type {Random} */ random, /** @type {string} */ text) => {
  const members = [...text.matchAll(/"[^"\\]*":("[^"\\]*"|[^",{}[\]]+)/g)]
  if (members.length === 0) return text
  const [member] = random.pick(members)
  const name = member.slice(0, member.indexOf(':'))
  const again = random.oneIn(2) ? member : `${name}:${JSON.stringify(randomJson(random, 0))}`
  return random.oneIn(2) ? text.replace('{', `{${again},`) : text.replace(/\}(\s*)$/, `,${again}}$1`)
}

/** Levels around the limit of 64. */
const deeper = (/** @type {Random} */ random, /** @type {string} */ text) => {
  const levels = random.pick([60, 62, 63, 64, 65, 200])
  const [open, close] = random.oneIn(2) ? ['[', ']'] : ['{"a":', '}']
  return text.replace('{', `{"deep":${open.repeat(levels)}0${close.repeat(levels)},`)
}
