// @ts-check
/** What is measured: everything that compares a MAC or a tag, by each engine; and what must be found out. */
import { createHmac, randomBytes } from 'node:crypto'
import { poolSize, wrongTokens } from './wrong-tokens.js'

/** @typedef {import('../fuzz/engines.js').Library} Library */
/** @typedef {import('./measure.js').Subject} Subject */

const hmacs = /** @type {const} */ ([
  ['HS256', 32],
  ['HS384', 48],
  ['HS512', 64],
])
const contents = /** @type {const} */ ([
  ['A128CBC-HS256', 32],
  ['A192CBC-HS384', 48],
  ['A256CBC-HS512', 64],
  ['A128GCM', 16],
  ['A256GCM', 32],
])
const pool = Array.from({ length: poolSize }, (_, index) => ({
  iss: 'https://issuer.example',
  sub: `user-${1000 + index}`,
  aud: 'api',
  scope: 'read write',
}))
const policy = { issuer: null, audience: null, requireExp: false }

/** @param {() => unknown} call */
const swallow = (call) => {
  try {
    return call()
  } catch {
    return undefined
  }
}

/** Verification of MACs. @param {Library} library @returns {Subject[]} */
export function hmacSubjects(library) {
  return hmacs.flatMap(([algorithm, size]) => {
    const key = library['secret'](algorithm, randomBytes(size))
    const tokens = pool.map((claims) => library['encode'](claims, key))
    const verifier = library['createVerifier']({ keys: key, ...policy })
    const decode = (/** @type {string} */ input) => library['decode'](input, key, { audience: null })
    const verify = (/** @type {string} */ input) => verifier.verifySync(input)
    const last = wrongTokens(tokens, 'last')
    /** @param {string} name @param {import('./wrong-tokens.js').Place} place @param {(input: string) => unknown} call */
    const subject = (name, place, call) => ({
      name: `${algorithm}, ${name}, ${library.name}`,
      first: wrongTokens(tokens, place),
      second: last,
      run: (/** @type {string} */ input) => swallow(() => call(input)),
    })
    return [
      subject('decode', 'first', decode),
      subject('verifySync', 'first', verify),
      subject('verifySync, random', 'everywhere', verify),
    ]
  })
}

/** Decryption. @param {Library} library @returns {Promise<Subject[]>} */
export async function decryptionSubjects(library) {
  return Promise.all(
    contents.map(async ([algorithm, size]) => {
      const key = library['encryptionSecret'](algorithm, randomBytes(size))
      const encrypt = (/** @type {object} */ claims) =>
        library['encryptJwt'](claims, key, { expiresIn: null })
      const tokens = await Promise.all(pool.map(encrypt))
      return {
        name: `${algorithm}, decryptJwt, ${library.name}`,
        isAsync: true,
        first: wrongTokens(tokens, 'first'),
        second: wrongTokens(tokens, 'last'),
        run: (/** @type {string} */ input) =>
          library['decryptJwt'](input, key, policy).catch(() => undefined),
      }
    }),
  )
}

/**
 * A verifier that compares as anybody would at first: character by character until one differs. If this is not found out,
 * the measurement is worth nothing.
 *
 * @param {Library} library
 * @returns {Subject}
 */
export function leakingSubject(library) {
  const secret = randomBytes(32)
  const key = library['secret']('HS256', secret)
  const tokens = pool.map((claims) => library['encode'](claims, key))
  const verify = (/** @type {string} */ input) => {
    const dot = input.lastIndexOf('.')
    const right = createHmac('sha256', secret).update(input.slice(0, dot)).digest('base64url')
    return equalUntilItDiffers(right, input.slice(dot + 1))
  }
  return {
    name: 'HS256, compared until it differs',
    first: wrongTokens(tokens, 'first'),
    second: wrongTokens(tokens, 'last'),
    run: verify,
  }
}

/** @param {string} a @param {string} b */
function equalUntilItDiffers(a, b) {
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false
  return a.length === b.length
}

/** Two classes that are one: what must not be found to differ. @param {Library} library @returns {Subject} */
export function identicalSubject(library) {
  const [subject] = hmacSubjects(library)
  if (subject === undefined) throw new Error('expected a subject')
  return {
    ...subject,
    name: 'HS256, two classes that are one',
    second: subject.first.toReversed(),
  }
}
