// @ts-check
/** Mutants of keys, and how both libraries import them. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mutateDer } from '../fuzz/mutate-der.js'
import { mutateObject } from '../fuzz/mutate-json.js'
import { jose, tessera } from './libraries.js'

/** @typedef {import('./mutants.js').Family} Family */

/** @type {Family} */
const jwks = {
  name: 'JWK',
  open: async (key) => {
    if (key.jwk.kty === 'oct') return undefined
    const keyDonors = Object.values(key.jwk)
    return (random) => {
      const jwk = mutateObject(random, key.jwk, keyDonors)
      return {
        text: JSON.stringify(jwk),
        ours: async () => void (await tessera['importKey'](jwk, { algorithm: key.algorithm })),
        theirs: async () => void (await jose.importJWK(jwk, key.alg)),
      }
    }
  },
}

/** @param {'spki' | 'pkcs8'} form @returns {Family} */
function pemFamily(form) {
  const [label, verb] = form === 'spki' ? ['PUBLIC KEY', 'importSPKI'] : ['PRIVATE KEY', 'importPKCS8']
  return {
    name: form === 'spki' ? 'SPKI' : 'PKCS #8',
    open: async (key) => {
      if (key.jwk.kty === 'oct') return undefined
      const der = derOf(key.jwk, form)
      return (random) => {
        const body = Buffer.from(mutateDer(random, der)).toString('base64')
        const text = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`
        return {
          text,
          ours: async () => void (await tessera['importKey'](text, { algorithm: key.algorithm })),
          theirs: async () => void (await jose[verb](text, key.alg)),
        }
      }
    },
  }
}

/** @param {any} jwk @param {'spki' | 'pkcs8'} form */
function derOf(jwk, form) {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  if (form === 'pkcs8') return new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }))
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }))
}

/** @type {readonly Family[]} */
export const keyFamilies = [jwks, pemFamily('spki'), pemFamily('pkcs8')]
