// @ts-check
/** @tessera/jose, and a second copy of it as it is where WebAssembly may not be compiled. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as jose from '../../packages/jose/dist/index.js'
import { decodeUnverified } from '../../packages/jose/dist/unverified.js'
import { makeTokens, standardClaims } from '../tokens.js'

/** @typedef {import('./libraries.js').Peer} Peer */
/** @typedef {import('../tokens.js').Keys} Keys */
/** @typedef {import('../tokens.js').Expected} Expected */

/**
 * A verifier for the tokens of these keys.
 *
 * @param {typeof jose} library @param {Keys} keys @param {Expected} expected @param {Record<string, unknown>} [more]
 * @returns {Promise<import('../../packages/jose/dist/index.js').Verifier>}
 */
async function makeVerifier(library, { algorithm, verifying }, expected, more = {}) {
  const key =
    algorithm === 'HS256'
      ? library.secret('HS256', verifying.bytes)
      : await library.importKey(verifying.text, { algorithm })
  const { issuer, audience } = expected ?? { issuer: null, audience: null }
  return library.createVerifier(/** @type {any} */ ({ keys: key, issuer, audience, ...more }))
}

/** Verifications after which the table of a key is whole for sure. */
const verificationsToTables = 400

/** What turns the memory of verified tokens off. */
export const uncachedOptions = { cache: false }

/** A verifier that remembers what it verified. @param {Keys} keys @param {Expected} expected @param {number} [maxTokens] */
export const cachedVerifier = (keys, expected, maxTokens = 1000) =>
  makeVerifier(jose, keys, expected, { cache: { maxTokens } })

/** @param {Keys} keys @param {Expected} expected */
export const uncachedVerifier = (keys, expected) => makeVerifier(jose, keys, expected, uncachedOptions)

/** @type {Peer} */
export const tessera = {
  verifiers: async (keys, expected) => {
    const { verifySync } = await uncachedVerifier(keys, expected)
    return [{ name: 'tessera', act: (token) => verifySync(token).claims }]
  },
  signers: async ({ tessera: key }) => [
    { name: 'tessera', act: (claims) => jose.encode(/** @type {any} */ (claims), key) },
  ],
  decoders: () => [{ name: 'tessera', act: (token) => decodeUnverified(token).unverified.claims }],
}

/**
 * With `signatures: 'webassembly'`, for the algorithms that it makes a difference to. The tables are there before anything is
 * measured.
 *
 * @type {Peer}
 */
export const tesseraWithTables = {
  verifiers: async (keys, expected) => {
    if (keys.algorithm !== 'ES256' && keys.algorithm !== 'EdDSA') return []
    const more = { ...uncachedOptions, signatures: 'webassembly' }
    const { verifySync } = await makeVerifier(jose, keys, expected, more)
    const token = makeTokens(keys, standardClaims)[0] ?? ''
    for (let count = 0; count < verificationsToTables; count += 1) {
      verifySync(token)
      // The module is loaded meanwhile.
      if (count % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return [{ name: 'tessera, WebAssembly', act: (token) => verifySync(token).claims }]
  },
  signers: () => [],
  decoders: () => [],
}

/** Another instance of the same code, with a state of its own. */
async function importCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bench-'))
  cpSync(fileURLToPath(new URL('../../packages/jose/dist', import.meta.url)), join(folder, 'dist'), {
    recursive: true,
  })
  cpSync(
    fileURLToPath(new URL('../../packages/jose/package.json', import.meta.url)),
    join(folder, 'package.json'),
  )
  try {
    const copy = await import(pathToFileURL(join(folder, 'dist/index.js')).href)
    const { useTokenEngine } = await import(pathToFileURL(join(folder, 'dist/crypto/token-engine.js')).href)
    await useTokenEngine('node')
    return /** @type {typeof jose} */ (copy)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @type {Promise<typeof jose> | undefined} */
let copy

/** HS256 alone: WebAssembly does nothing for the other algorithms. @type {Peer} */
export const tesseraWithoutWebAssembly = {
  verifiers: async (keys, expected) => {
    if (keys.algorithm !== 'HS256') return []
    copy ??= importCopy()
    const { verifySync } = await makeVerifier(await copy, keys, expected, uncachedOptions)
    return [{ name: 'tessera without WebAssembly', act: (token) => verifySync(token).claims }]
  },
  signers: async ({ algorithm, signing }) => {
    if (algorithm !== 'HS256') return []
    copy ??= importCopy()
    const { encode, secret } = await copy
    const key = secret('HS256', signing.bytes)
    return [
      { name: 'tessera without WebAssembly', act: (claims) => encode(/** @type {any} */ (claims), key) },
    ]
  },
  decoders: () => [],
}
