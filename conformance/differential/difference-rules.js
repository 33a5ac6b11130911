// @ts-check
/**
 * Where the verdicts of the two libraries may differ, and why: the whole lists. A refusal that no rule explains, or whose rule does not
 * hold for the input, fails the run.
 */
import { isCanonical, isObject, shapeOf } from './input-view.js'
import { keyRules } from './key-rules.js'

/** @typedef {import('./input-view.js').InputView} InputView */

/**
 * @typedef {object} Rule
 * @property {string} name the rule with its RFC, or its number among the attacks that a JWT library has to withstand
 * @property {string} code of our refusal
 * @property {RegExp} message of our refusal
 * @property {(view: InputView) => boolean} holds whether the input has what the rule speaks of, found without the library
 */

/** @param {InputView} view @param {(header: any) => boolean} test */
const someHeader = ({ headers }, test) => headers.some((header) => isObject(header) && test(header))
const isText = (/** @type {unknown} */ value) => value === undefined || typeof value === 'string'
const textParameters = ['typ', 'cty', 'kid', 'jku', 'x5u', 'x5t', 'x5t#S256']

/** @param {any} list */
const isTextList = (list) => Array.isArray(list) && list.every((item) => typeof item === 'string')

/** @param {any} header */
const hasWrongKind = (header) =>
  textParameters.some((name) => !isText(header[name])) ||
  (header.jwk !== undefined && !isObject(header.jwk)) ||
  (header.x5c !== undefined && !isTextList(header.x5c))

/** @param {any} audience */
const isAudience = (audience) =>
  isText(audience) ||
  (Array.isArray(audience) && audience.length > 0 && audience.every((item) => typeof item === 'string'))

/** Signatures, or recipients. @param {{ json: any }} view @returns {number} */
const partsOf = ({ json }) => (json?.signatures ?? json?.recipients)?.length ?? 0

/** @type {readonly Rule[]} */
const tokenRules = [
  {
    name: 'T16 base64url has one spelling (RFC 7515 §2, RFC 4648 §3.5)',
    code: 'malformed',
    message: /base64url/,
    holds: ({ encoded }) => !encoded.every(isCanonical),
  },
  {
    name: 'T16 nothing stands around a token (RFC 7515 §7.1)',
    code: 'malformed',
    message: /white space around it/,
    holds: ({ text }) => text !== text.trim(),
  },
  {
    name: 'a member stands once in an object (RFC 7515 §4, RFC 7519 §4)',
    code: 'malformed',
    message: /no name twice/,
    holds: ({ texts }) => texts.some((text) => shapeOf(text).isRepeated),
  },
  {
    name: 'T55 at most 64 levels (RFC 8259 §9)',
    code: 'malformed',
    message: /at most 64 levels/,
    holds: ({ texts }) => texts.some((text) => shapeOf(text).depth > 64),
  },
  {
    name: 'T58 no member is named __proto__',
    code: 'malformed',
    message: /__proto__/,
    holds: ({ texts }) => texts.some((text) => /__proto__|\\u/.test(text)),
  },
  {
    name: 'JSON begins without a byte order mark (RFC 8259 §8.1)',
    code: 'malformed',
    message: /expected JSON/,
    holds: ({ texts }) => texts.some((text) => text.startsWith('\ufeff')),
  },
  {
    name: 'an escape makes no lone surrogate (RFC 8259 §8.2, RFC 8725 §3.7)',
    code: 'malformed',
    message: /lone surrogate/,
    holds: ({ texts }) => texts.some((text) => /\\u[dD][89a-fA-F]/.test(text)),
  },
  {
    name: 'registered header parameters are of their types (RFC 7515 §4.1)',
    code: 'malformed',
    message: /header: "(typ|cty|kid|jku|x5u|x5t|x5t#S256|jwk|x5c)": expected/,
    holds: (view) => someHeader(view, hasWrongKind),
  },
  {
    name: 'registered claims are of their types (RFC 7519 §4.1, T29, T31)',
    code: 'claim_invalid',
    message: /claim "(iss|sub|jti|aud)": expected (text|a)/,
    holds: ({ claims }) =>
      claims === undefined ||
      !['iss', 'sub', 'jti'].every((name) => isText(claims[name])) ||
      !isAudience(claims.aud),
  },
  {
    name: 'a NumericDate is finite and in seconds (RFC 7519 §2, T33)',
    code: 'claim_invalid',
    message: /a number of seconds|looks like milliseconds/,
    holds: ({ claims }) =>
      claims === undefined || ['exp', 'nbf', 'iat'].some((name) => !(Math.abs(claims[name] ?? 0) <= 1e11)),
  },
  {
    name: 'a token is not issued in the future (RFC 7519 §4.1.6)',
    code: 'not_yet_valid',
    message: /issued in the future/,
    holds: ({ claims }) => claims === undefined || claims.iat > 1_800_000_000,
  },
  {
    name: 'b64 is a boolean that crit lists (RFC 7797 §6)',
    code: 'malformed',
    message: /"b64"/,
    holds: (view) => someHeader(view, (header) => 'b64' in header),
  },
  {
    name: 'a JWT is never unencoded (RFC 7797 §7)',
    code: 'crit_unsupported',
    message: /no place in a JWT/,
    holds: (view) => someHeader(view, ({ b64 }) => b64 === false),
  },
  {
    name: 'an unencoded payload of a compact JWS is printable ASCII (RFC 7797 §5.2)',
    code: 'malformed',
    message: /printable ASCII/,
    holds: ({ text }) => /[^\x20-\x7e]/.test(text),
  },
  {
    name: 'crit lists no registered name (RFC 7515 §4.1.11, T27)',
    code: 'malformed',
    message: /"crit" lists/,
    holds: (view) => someHeader(view, ({ crit }) => Array.isArray(crit)),
  },
  {
    name: 'T53, T54 tokens and headers have a length',
    code: 'too_large',
    message: /characters|octets/,
    holds: ({ text }) => text.length > 10_000,
  },
]

/** @type {readonly Rule[]} */
const serializationRules = [
  {
    name: 'T8 alg, crit and b64 are protected (GHSA-jc38-x7x8-2xc8)',
    code: 'malformed',
    message: /"alg" in the protected header|nothing protects|must stand in the protected header/,
    holds: ({ json }) => json !== undefined,
  },
  {
    name: 'T8 a signature whose algorithm is not protected is passed over for the next',
    code: 'another value',
    message: /both accept/,
    holds: ({ json }) =>
      (json?.signatures ?? []).some((/** @type {any} */ { header }) => isObject(header) && 'alg' in header),
  },
  {
    name: 'T18 one serialization at a time (RFC 7515 §7.2, RFC 7516 §7.2)',
    code: 'malformed',
    message: /belongs to the|flattened form|general form/,
    holds: ({ json }) =>
      ('signatures' in json && ['signature', 'protected', 'header'].some((name) => name in json)) ||
      ('recipients' in json && ['encrypted_key', 'header', 'ciphertext'].some((name) => name in json)),
  },
  {
    name: 'an empty member is absent (RFC 7515 §7.2.1, RFC 7516 §7.2.1)',
    code: 'malformed',
    message: /leave it out when it is empty|expected text, got empty text/,
    holds: ({ json }) => JSON.stringify(json).includes(':""') || JSON.stringify(json).includes(':{}'),
  },
  {
    name: 'each signature and recipient is well-formed, also those that do not count (RFC 7515 §7.2.1)',
    code: 'malformed',
    message: /./,
    holds: (view) => partsOf(view) > 1,
  },
  {
    name: 'each extension of a signature is understood, also of those that do not count (RFC 7515 §4.1.11)',
    code: 'crit_unsupported',
    message: /./,
    holds: (view) => partsOf(view) > 1 && someHeader(view, (header) => 'crit' in header),
  },
  {
    name: 'eight signatures and a hundred recipients at most',
    code: 'too_large',
    message: /at most \d+ (signatures|recipients)/,
    holds: (view) => partsOf(view) > 8,
  },
  {
    name: 'of several recipients, those that name another key are passed over (RFC 7516 §4.1.6)',
    code: 'decrypt_failed',
    message: /./,
    holds: ({ json }) =>
      partsOf({ json }) > 1 && json.recipients.some((/** @type {any} */ one) => one?.header?.kid),
  },
  {
    name: 'four keys are tried at most',
    code: 'key_ambiguous',
    message: /at most 4 keys/,
    holds: (view) => partsOf(view) > 4,
  },
]

/** @type {readonly Rule[]} */
const encryptionRules = [
  {
    name: 'T48 PBES2: 1000 iterations or more, 8 to 1024 octets of salt (RFC 7518 §4.8.1)',
    code: 'malformed',
    message: /"p2[cs]": expected/,
    holds: (view) =>
      someHeader(
        view,
        ({ p2c, p2s }) => !(Number.isInteger(p2c) && p2c >= 1000) || String(p2s).length > 1366,
      ),
  },
  {
    name: 'a token inside the token is opened as such (RFC 7519 §5.2, T11)',
    code: 'malformed',
    message: /token inside the token/,
    holds: (view) => someHeader(view, ({ cty }) => /jwt$/i.test(String(cty))),
  },
  {
    name: 'claims in the header are those of the claims set (RFC 7519 §5.3)',
    code: 'claim_invalid',
    message: /in the header what the claims set says/,
    holds: (view) => someHeader(view, (header) => 'iss' in header || 'sub' in header || 'aud' in header),
  },
]

/** @type {readonly Rule[]} */
export const stricterRules = [...tokenRules, ...encryptionRules, ...serializationRules, ...keyRules]

/**
 * Where npm `jose` refuses what we accept, and the RFC does too: the whole list.
 *
 * @type {readonly Omit<Rule, 'code'>[]}
 */
export const looserRules = [
  {
    name: 'members that a key of this type does not have are ignored (RFC 7517 §4)',
    message: /'oth' of 'JsonWebKey'|"ext"|key_ops/,
    holds: ({ json }) => ('oth' in json && json.kty !== 'RSA') || 'ext' in json,
  },
]
