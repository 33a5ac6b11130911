// @ts-check
/** Mutants of signed tokens, signed again, and how both libraries read them. */
import { writeJson } from '../fuzz/mutate-json.js'
import { mutateSerialization } from '../fuzz/mutate-serialization.js'
import { mutateToken } from '../fuzz/mutate-token.js'
import { jwsForms } from './jws-forms.js'
import { now, ourPolicy, theirPolicy } from './jwts.js'
import { jose, tessera } from './libraries.js'
import { claims, donors, header, payload } from './mutant-content.js'
import { signerFor } from './resign.js'

/** @typedef {import('../fuzz/random.js').Random} Random */
/** @typedef {import('./algorithms.js').SharedKey} SharedKey */
/** @typedef {import('./mutants.js').Family} Family */
/** @typedef {import('./mutants.js').Mutant} Mutant */

const strictOurs = {
  issuer: claims.iss,
  audience: ['api', 'web'],
  subject: claims.sub,
  required: ['jti'],
  typ: 'JWT',
  maxAgeSeconds: 5000,
  clockToleranceSeconds: 5,
  now,
}
const strictTheirs = {
  issuer: claims.iss,
  audience: ['api', 'web'],
  subject: claims.sub,
  requiredClaims: ['jti', 'exp'],
  typ: 'JWT',
  maxTokenAge: 5000,
  clockTolerance: 5,
}

/** @param {string} name @param {object} ours @param {object} theirs @returns {Family} */
function jwtFamily(name, ours, theirs) {
  return {
    name,
    open: async (key) => {
      const good = tessera['encode'](claims, key.ours.make)
      const sign = signerFor(key)
      const context = { others: [good, tessera['encode']({ sub: 'a' }, key.ours.make)], donors, sign }
      return (random) => {
        const text = mutateToken(random, good, context)
        return {
          text,
          ours: async () => {
            const { claims: found, header: own } = await tessera['verifyJwt'](text, key.ours.read, ours)
            return [found, own]
          },
          theirs: async () => {
            const options = { ...theirPolicy(key), ...theirs }
            const { payload: found, protectedHeader } = await jose.jwtVerify(text, key.theirs.read, options)
            return [found, protectedHeader]
          },
        }
      }
    },
  }
}

/** @param {import('./jws-forms.js').JwsForm} form @returns {Family} */
function jwsFamily(form) {
  return {
    name: `JWS ${form.name}`,
    open: async (key) => {
      const made = await form.make.tessera(key, { payload, header, other: key })
      const sign = signerFor(key)
      const context = { others: [String(made.value)], donors, sign }
      return (random) => {
        const text =
          typeof made.value === 'string'
            ? mutateToken(random, made.value, context)
            : writeJson(random, signedAnew(random, mutateSerialization(random, made.value, donors), sign))
        return readingBoth(text, key, form, made.detached)
      }
    },
  }
}

/** The signatures of what a mutant says now, most of the time. @param {Random} random @param {any} jws @param {(input: string) => string} sign */
function signedAnew(random, jws, sign) {
  if (random.oneIn(4)) return jws
  for (const holder of [jws, ...(Array.isArray(jws.signatures) ? jws.signatures : [])]) {
    if (typeof holder?.signature !== 'string' || typeof jws.payload !== 'string') continue
    holder.signature = sign(`${typeof holder.protected === 'string' ? holder.protected : ''}.${jws.payload}`)
  }
  return jws
}

/** @param {string} text @param {SharedKey} key @param {any} form @param {Uint8Array} [detached] @returns {Mutant} */
function readingBoth(text, key, form, detached) {
  const isCompact = form.name.startsWith('compact')
  const jws = (/** @type {any} */ value) => (detached === undefined ? { value } : { value, detached })
  return {
    text,
    ours: () => form.read.tessera(key, jws(text)),
    // It takes an object where ours takes its text too.
    theirs: async () => form.read.jose(key, jws(isCompact ? text : JSON.parse(text))),
  }
}

/** @type {readonly Family[]} */
export const signatureFamilies = [
  jwtFamily('JWT', ourPolicy, {}),
  jwtFamily('JWT, strict', strictOurs, strictTheirs),
  ...jwsForms.map(jwsFamily),
]
