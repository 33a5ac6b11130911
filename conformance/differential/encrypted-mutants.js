// @ts-check
/** Mutants of encrypted tokens, encrypted again where that is needed, and how both libraries read them. */
import { mutateObject, writeJson } from '../fuzz/mutate-json.js'
import { mutateSerialization } from '../fuzz/mutate-serialization.js'
import { mutateToken } from '../fuzz/mutate-token.js'
import { jweForms } from './jwe-forms.js'
import { now, ourPolicy } from './jwts.js'
import { jose, tessera } from './libraries.js'
import { claims, donors, header, payload } from './mutant-content.js'
import { ephemeralFor, reseal } from './reseal.js'

/** @typedef {import('./mutants.js').Family} Family */

/** @param {import('./jwe-forms.js').JweForm} form @returns {Family} */
function jweFamily(form) {
  return {
    name: `JWE ${form.name}`,
    open: async (key) => {
      if (form.wrapsOnly && (key.alg === 'dir' || key.alg === 'ECDH-ES')) return undefined
      const content = {
        plaintext: payload,
        enc: 'A128CBC-HS256',
        zip: false,
        header,
        parties: { apu: 'QQ', apv: 'Qm9i' },
      }
      const made = await form.make.tessera(key, { ...content, aad: new Uint8Array([1, 2]), other: key })
      const context = { others: [String(made)], donors, sign: undefined }
      return (random) => {
        const text =
          typeof made === 'string'
            ? mutateToken(random, made, context)
            : writeJson(random, mutateSerialization(random, made, donors))
        return {
          text,
          ours: () => form.read.tessera(key, text),
          theirs: async () => form.read.jose(key, typeof made === 'string' ? text : JSON.parse(text)),
        }
      }
    },
  }
}

/** Encrypted under changed headers and claims, so that they get as far as the claims. @type {Family} */
const encryptedJwts = {
  name: 'JWT, encrypted',
  open: async (key) => {
    if (key.alg.includes('GCMKW')) return undefined
    const enc = key.alg === 'dir' ? key.algorithm : 'A256GCM'
    const { ephemeral, parameters } = ephemeralFor(key)
    const good = { alg: key.alg, enc, typ: 'JWT', ...parameters }
    const isPassword = key.alg.startsWith('PBES2')
    const ours = {
      ...ourPolicy,
      allowZip: true,
      ...(isPassword ? { keyManagementAlgorithms: [key.alg] } : {}),
    }
    const theirs = {
      currentDate: new Date(now * 1000),
      keyManagementAlgorithms: [key.alg],
      maxDecompressedLength: 262_144,
    }
    return (random) => {
      const changed = random.oneIn(3) ? good : mutateObject(random, good, donors)
      const body = random.oneIn(2) ? claims : mutateObject(random, claims, donors)
      const recipe = { key, enc, header: changed, ...(ephemeral === undefined ? {} : { ephemeral }) }
      const inside = writeJson(random, body)
      const text = reseal(writeJson(random, changed), Buffer.from(inside), recipe)
      return {
        text,
        inside,
        ours: async () => {
          const { claims: found, header: own } = await tessera['decryptJwt'](text, key.ours.read, ours)
          return [found, own]
        },
        theirs: async () => {
          const { payload: found, protectedHeader } = await jose.jwtDecrypt(text, key.theirs.read, theirs)
          return [found, protectedHeader]
        },
      }
    }
  },
}

/** @type {readonly Family[]} */
export const encryptionFamilies = [encryptedJwts, ...jweForms.map(jweFamily)]
