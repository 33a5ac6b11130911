// @ts-check
/** One library with the keys of the corpus, ready to be called. */
import { createHmac, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** @typedef {Awaited<ReturnType<typeof openSubject>>} Subject */

/** Every sample and key. @type {any} */
export const corpus = JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8'))

/** The present of every call: after the samples were issued, before they expire. */
export const now = 1_800_000_000

export const lenient = Object.freeze({ issuer: null, audience: null, typ: null, requireExp: false, now })
export const strict = Object.freeze({
  issuer: 'https://issuer.example',
  audience: ['api', 'web'],
  subject: 'user-5',
  required: ['jti'],
  maxAgeSeconds: 1e9,
  clockToleranceSeconds: 5,
  now,
})

/** @param {string} name */
export const isHmac = (name) => name.startsWith('HS')

const signatureNames = Object.keys(corpus.keys).filter((name) => /^([HRPE]S\d|E[dS])/.test(name))

/**
 * @param {import('./engines.js').Library} library
 * @returns the library, its keys by the names of the corpus (absent where the runtime lacks them), and warm verifiers
 */
export async function openSubject(library) {
  /** @type {Record<string, any>} */
  const holders = {}
  for (const [name, jwk] of Object.entries(corpus.keys)) {
    const key = await library['importKey'](jwk).catch((/** @type {any} */ error) => {
      if (error.code !== 'unsupported') throw error
    })
    if (key !== undefined) holders[name] = key
  }
  /** What verifies. @param {string} name */
  const reader = (name) => holders[name]?.publicKey ?? holders[name]
  const publicJwks = Object.keys(holders).flatMap((name) => publicJwk(corpus.keys[name]))
  const jwkSet = library['createLocalJwkSet']({ keys: publicJwks })
  /** @type {Record<string, { lenient: any, strict: any }>} */
  const warm = {}
  for (const name of signatureNames.filter((known) => holders[known] !== undefined)) {
    const keys = reader(name)
    warm[name] = {
      lenient: library['createVerifier']({ keys, ...lenient }),
      strict: library['createVerifier']({ keys, ...strict }),
    }
  }
  const warmSet = library['createVerifier']({ keys: jwkSet, ...lenient })
  return { library, holders, reader, jwkSet, warm, warmSet }
}

/** The public half; none of a secret. @param {any} jwk @returns {object[]} */
function publicJwk({ kty, ...members }) {
  if (kty === 'oct') return []
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open } = members
  return [{ kty, ...open }]
}

/** @type {Map<string, import('node:crypto').KeyObject>} */
const nodeKeys = new Map()

/** Signs a signing input with a key of the corpus, by `node:crypto`; undefined for keys that would take long. @param {string} name */
export function signerFor(name) {
  if (isHmac(name)) {
    const key = Buffer.from(corpus.keys[name].k, 'base64url')
    return (/** @type {string} */ input) =>
      createHmac(`sha${name.slice(2)}`, key)
        .update(input)
        .digest('base64url')
  }
  if (name !== 'Ed25519') return undefined
  const known = nodeKeys.get(name) ?? createPrivateKey({ key: corpus.keys[name], format: 'jwk' })
  nodeKeys.set(name, known)
  return (/** @type {string} */ input) => sign(null, Buffer.from(input), known).toString('base64url')
}
