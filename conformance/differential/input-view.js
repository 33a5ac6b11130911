// @ts-check
/** What is inside a mutant, found without either library: encoded members, JSON texts, headers, claims. */

/**
 * @typedef {object} InputView
 * @property {string} text
 * @property {any} json the object, where the text is JSON
 * @property {readonly string[]} encoded members that hold base64url
 * @property {readonly string[]} texts every JSON text, the outer one too
 * @property {readonly any[]} headers protected and unprotected ones
 * @property {any} claims the claims set of a JWT
 */

const encodedMembers = ['protected', 'signature', 'encrypted_key', 'iv', 'ciphertext', 'tag', 'aad']
const encodedParameters = ['apu', 'apv', 'p2s', 'iv', 'tag']
const keyMembers = ['x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'pub', 'priv']

/**
 * @param {{ text: string, inside?: string }} mutant with the plaintext, where the text hides it
 * @returns {InputView}
 */
export function viewOf({ text, inside }) {
  const json = parsed(text)
  const view = json === undefined ? compactView(text) : jsonView(text, json)
  return inside === undefined ? view : { ...view, texts: [...view.texts, inside], claims: parsed(inside) }
}

/** @param {string} text @returns {InputView} */
function compactView(text) {
  const segments = text.split('.')
  const [header = '', payload = ''] = segments
  const headerText = decoded(header)
  const headers = [parsed(headerText)].filter((value) => value !== undefined)
  const isUnencoded = headers[0]?.b64 === false
  const claimsText = segments.length === 3 && !isUnencoded ? decoded(payload) : ''
  return {
    text,
    json: undefined,
    encoded: [
      ...segments.filter((_, index) => index !== 1 || segments.length !== 3 || !isUnencoded),
      ...encodedIn(headers, encodedParameters),
    ],
    texts: [headerText, claimsText],
    headers,
    claims: parsed(claimsText),
  }
}

/** @param {string} text @param {any} json @returns {InputView} */
function jsonView(text, json) {
  const holders = [json, ...list(json.signatures), ...list(json.recipients)].filter(isObject)
  const protectedTexts = holders.map((holder) => decoded(holder.protected)).filter((inner) => inner !== '')
  const headers = [
    ...protectedTexts.map(parsed),
    ...holders.flatMap(({ header, unprotected }) => [header, unprotected]),
  ].filter((value) => value !== undefined)
  const isUnencoded = headers.some((header) => header?.b64 === false)
  const names = [...encodedMembers, ...keyMembers, ...(isUnencoded ? [] : ['payload'])]
  return {
    text,
    json,
    encoded: [...encodedIn(holders, names), ...encodedIn(headers, encodedParameters)],
    texts: [text, ...protectedTexts],
    headers,
    claims: undefined,
  }
}

/** The texts of some members. @param {readonly any[]} holders @param {readonly string[]} names @returns {string[]} */
const encodedIn = (holders, names) =>
  holders
    .filter(isObject)
    .flatMap((holder) => names.map((name) => holder[name]))
    .filter((value) => typeof value === 'string')

/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : [])

/** @param {unknown} value */
export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param {unknown} segment */
const decoded = (segment) => (typeof segment === 'string' ? Buffer.from(segment, 'base64url').toString() : '')

/** The value of JSON, a byte order mark in front or not; undefined for what is none. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

/** Whether a text is the one spelling of its octets. @param {string} text */
export const isCanonical = (text) => Buffer.from(text, 'base64url').toString('base64url') === text

/**
 * Whether a member stands twice in one object, and how deep arrays and objects nest.
 *
 * @param {string} text JSON
 */
export function shapeOf(text) {
  /** @type {Set<string>[]} */
  const open = []
  let depth = 0
  let isRepeated = false
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (token.endsWith(':')) isRepeated = addName(open.at(-1), token) || isRepeated
    depth = Math.max(depth, open.length)
  }
  return { depth, isRepeated }
}

/** @param {Set<string> | undefined} names @param {string} token @returns {boolean} whether the name was there */
function addName(names, token) {
  const name = parsed(token.slice(0, token.lastIndexOf(':')).trim()) ?? token
  const isThere = names?.has(name) === true
  names?.add(name)
  return isThere
}
