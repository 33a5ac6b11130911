// @ts-check
/** Keys from one library to the other and back: JWK, PEM, thumbprints. What goes out comes in as the same key. */
import { publicJwk } from './algorithms.js'
import { jose, tessera } from './libraries.js'

/** @typedef {import('./algorithms.js').SharedKey} SharedKey */

/** Members that say what a key is, not which. */
const notOfKey = new Set(['alg', 'use', 'kid', 'key_ops', 'ext'])

/** @param {any} jwk */
const ownMembers = (jwk) =>
  JSON.stringify(
    Object.entries(jwk)
      .filter(([name]) => !notOfKey.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** @param {unknown} got @param {unknown} expected @param {string} what */
function same(got, expected, what) {
  if (got !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(got)}`)
}

/** @type {Readonly<Record<string, (key: SharedKey) => Promise<void>>>} */
const forms = {
  'JWK, ours to theirs': async ({ jwk, alg, algorithm }) => {
    const key = await tessera['importKey'](jwk, { extractable: true })
    for (const half of [key, key.publicKey]) {
      const exported = await tessera['exportJwk'](half)
      same(exported.alg, algorithm, 'alg')
      const { use: _use, ...members } = exported
      const theirs = await jose.importJWK(members, alg, { extractable: true })
      same(ownMembers(await jose.exportJWK(theirs)), ownMembers(exported), 'JWK')
    }
  },
  'JWK, theirs to ours': async ({ jwk, alg, algorithm }) => {
    const theirs = await jose.importJWK(withoutUse(jwk), alg, { extractable: true })
    const exported = await jose.exportJWK(theirs)
    const ours = await tessera['importKey'](
      exported.alg === undefined ? { ...exported, alg: algorithm } : exported,
      {
        extractable: true,
      },
    )
    same(ownMembers(await tessera['exportJwk'](ours)), ownMembers(jwk), 'JWK')
  },
  'PKCS #8, ours to theirs': async ({ jwk, alg }) => {
    const pem = await tessera['exportPem'](await tessera['importKey'](jwk, { extractable: true }))
    const theirs = await jose.importPKCS8(pem, alg, { extractable: true })
    same(ownMembers(await jose.exportJWK(theirs)), ownMembers(jwk), 'JWK')
    same(await jose.exportPKCS8(theirs), pem.trimEnd(), 'PEM')
  },
  'PKCS #8, theirs to ours': async ({ jwk, alg, algorithm }) => {
    const theirs = await jose.importJWK(withoutUse(jwk), alg, { extractable: true })
    const options = { algorithm, extractable: true }
    const ours = await tessera['importKey'](await jose.exportPKCS8(theirs), options)
    same(ownMembers(await tessera['exportJwk'](ours)), ownMembers(jwk), 'JWK')
  },
  'SPKI, ours to theirs': async ({ jwk, alg }) => {
    const { publicKey } = await tessera['importKey'](jwk)
    const pem = await tessera['exportPem'](publicKey)
    const theirs = await jose.importSPKI(pem, alg, { extractable: true })
    same(ownMembers(await jose.exportJWK(theirs)), ownMembers(publicJwk(jwk)), 'JWK')
    same(await jose.exportSPKI(theirs), pem.trimEnd(), 'PEM')
  },
  'SPKI, theirs to ours': async ({ jwk, alg, algorithm }) => {
    const theirs = await jose.importJWK(withoutUse(publicJwk(jwk)), alg, { extractable: true })
    const ours = await tessera['importKey'](await jose.exportSPKI(theirs), { algorithm })
    same(ownMembers(await tessera['exportJwk'](ours)), ownMembers(publicJwk(jwk)), 'JWK')
  },
  thumbprint: async ({ jwk }) => {
    for (const one of [jwk, publicJwk(jwk)])
      same(await tessera['calculateThumbprint'](one), await jose.calculateJwkThumbprint(one), 'thumbprint')
  },
}

/** @param {any} jwk */
function withoutUse({ use: _use, key_ops: _operations, ...members }) {
  return members
}

/** The forms that a key has: a secret has a thumbprint alone. @param {SharedKey} key */
const formsOf = ({ jwk }) =>
  Object.entries(forms).filter(([name]) => jwk.kty !== 'oct' || name === 'thumbprint')

/** @param {import('./tally.js').Tally} tally @param {readonly SharedKey[]} keys */
export async function keyForms(tally, keys) {
  for (const key of keys) {
    for (const [form, check] of formsOf(key)) {
      try {
        await check(key)
        tally.agree(key.label, form)
      } catch (error) {
        tally.differ(`${key.label}, ${form}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}
