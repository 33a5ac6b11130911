// @ts-check
/** Mutations that know the parts of a token: segments, what is inside them, and how it is encoded. */
import { limits } from './hostile.js'
import { mutateObject, randomJson, writeJson } from './mutate-json.js'
import { mutateText } from './mutate-text.js'
import { choose } from './random.js'

/** @typedef {import('./random.js').Random} Random */

/**
 * @typedef {object} TokenContext
 * @property {readonly string[]} others tokens to take segments from
 * @property {readonly unknown[]} donors values of other headers and claims sets
 * @property {((input: string) => string) | undefined} sign the signature of a signing input, where it can be made anew
 */

const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** base64url of text. @param {string} text */
export const encode = (text) => Buffer.from(text).toString('base64url')

/** The JSON inside a segment; an empty object where there is none. @param {string} segment @returns {object} */
function inside(segment) {
  try {
    const value = JSON.parse(Buffer.from(segment, 'base64url').toString())
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** A token in which something is not as it was. @param {Random} random @param {string} token @param {TokenContext} context */
export function mutateToken(random, token, context) {
  return choose(random, [
    [6, () => mutateText(random, token)],
    [3, () => rearrange(random, token, context)],
    [7, () => changeHeader(random, token, context)],
    [context.sign === undefined ? 1 : 12, () => changeClaims(random, token, context)],
    [4, () => changeEncoding(random, token, context)],
    [1, () => random.text(random.below(60), `${base64url}..==`)],
    [1, () => around(random, token)],
    [random.oneIn(20) ? 1 : 0, () => stretch(random, token, context)],
  ])
}

/** Segments swapped, left out, doubled, or those of another token. @type {(random: Random, token: string, context: TokenContext) => string} */
function rearrange(random, token, { others }) {
  const segments = token.split('.')
  const at = random.below(segments.length)
  const donor = random.pick(others).split('.')
  choose(random, [
    [2, () => (segments[at] = random.pick(segments))],
    [2, () => (segments[at] = random.pick(donor))],
    [2, () => (segments[at] = '')],
    [1, () => segments.splice(at, 1)],
    [1, () => segments.splice(at, 0, random.pick(donor))],
    [1, () => segments.reverse()],
    [1, () => segments.push(...Array.from({ length: 1 + random.below(4) }, () => ''))],
    [random.oneIn(50) ? 1 : 0, () => segments.push('.'.repeat(random.pick(limits)))],
  ])
  return segments.join('.')
}

/** @type {(random: Random, token: string, context: TokenContext) => string} */
function changeHeader(random, token, { donors, sign }) {
  const [header = '', ...rest] = token.split('.')
  const changed = encode(writeJson(random, mutateObject(random, inside(header), donors)))
  return signed([changed, ...rest], sign)
}

/** @type {(random: Random, token: string, context: TokenContext) => string} */
function changeClaims(random, token, { donors, sign }) {
  const [header = '', payload = '', ...rest] = token.split('.')
  const value = random.oneIn(12) ? randomJson(random) : mutateObject(random, inside(payload), donors)
  return signed([header, encode(writeJson(random, value)), ...rest], sign)
}

/** The same octets in another spelling, under a signature of that spelling or not. @type {(random: Random, token: string, context: TokenContext) => string} */
function changeEncoding(random, token, { sign }) {
  const segments = token.split('.')
  const at = random.below(segments.length)
  segments[at] = otherSpelling(random, segments[at] ?? '')
  return at === segments.length - 1 || random.oneIn(2) ? segments.join('.') : signed(segments, sign)
}

/** What a lenient decoder would read in the same way. @param {Random} random @param {string} segment */
export function otherSpelling(random, segment) {
  const at = random.below(segment.length + 1)
  const last = base64url.indexOf(segment.at(-1) ?? 'A')
  return choose(random, [
    [2, () => segment + '='.repeat(1 + random.below(3))],
    [2, () => segment.slice(0, -1) + base64url[(last + 1 + random.below(3)) % 64]],
    [1, () => segment.replaceAll('-', '+').replaceAll('_', '/')],
    [
      2,
      () => segment.slice(0, at) + random.pick([' ', '\n', '\r\n', '\t', '\0', '\u00a0']) + segment.slice(at),
    ],
    [
      1,
      () => segment.slice(0, at) + encodeURIComponent(segment.slice(at, at + 1) || '=') + segment.slice(at),
    ],
    [1, () => segment + 'A'],
    [1, () => segment + 'AA'],
    [1, () => segment.slice(0, at) + '\u0141' + segment.slice(at + 1)],
    [
      1,
      () =>
        segment.slice(0, at) + String.fromCharCode(0x100 + segment.charCodeAt(at)) + segment.slice(at + 1),
    ],
  ])
}

/** @param {Random} random @param {string} token */
function around(random, token) {
  return random.pick([
    `Bearer ${token}`,
    `bearer ${token}`,
    ` ${token}`,
    `${token}\n`,
    `"${token}"`,
    `${token}.`,
    `.${token}`,
    `${token}${token}`,
    `{"payload":"${token}"}`,
    token.toUpperCase(),
    encode(token),
  ])
}

/** Tokens as long as the limits, and a little longer. @type {(random: Random, token: string, context: TokenContext) => string} */
function stretch(random, token, { sign }) {
  const [header = '', payload = '', ...rest] = token.split('.')
  const length = random.pick(limits)
  const filler = random.pick(['A', '[', '{"a":', '\\u0061', '"', ':', '\\', ' ', '\u{1F600}', '0,'])
  const text = filler.repeat(Math.ceil((length * 3) / 4 / Buffer.byteLength(filler)))
  const long = random.pick([
    text,
    JSON.stringify({ long: text }),
    JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${index}`, index]))),
    JSON.stringify({ ...inside(random.oneIn(2) ? header : payload), kid: text }),
  ])
  return random.oneIn(2)
    ? signed([encode(long), payload, ...rest], sign)
    : signed([header, encode(long), ...rest], sign)
}

/** @param {readonly string[]} segments @param {TokenContext['sign']} sign */
function signed(segments, sign) {
  if (sign === undefined || segments.length !== 3) return segments.join('.')
  const input = `${segments[0]}.${segments[1]}`
  return `${input}.${sign(input)}`
}
