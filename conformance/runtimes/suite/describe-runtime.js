/** What a runtime supports, as the library finds it: the columns of docs/runtimes.md. */
import { contentEncryptionAlgorithms } from '../../../packages/jose/src/jwa/content-encryption-algorithms.ts'
import { keyManagementAlgorithms } from '../../../packages/jose/src/jwa/key-management-algorithms.ts'
import { signatureAlgorithms } from '../../../packages/jose/src/jwa/signature-algorithms.ts'
import { encode, generateKey, supports } from '../../../packages/jose/src/index.ts'

/** @typedef {'sync' | 'async' | 'no'} Support */
/** @typedef {Record<string, Support>} SupportByName */
/** @typedef {{ signatures: SupportByName, keyManagement: SupportByName, curves: SupportByName, content: SupportByName }} RuntimeSupport */

/** @returns {Promise<RuntimeSupport>} */
export async function describeRuntime() {
  return {
    signatures: await byName(signatureAlgorithms, signatureSupport),
    keyManagement: await byName(keyManagementAlgorithms, (name) => encryptionSupport(name)),
    curves: await byName(['P-256', 'P-384', 'P-521', 'X25519', 'X448'], (curve) =>
      encryptionSupport('ECDH-ES', { curve }),
    ),
    content: await byName(contentEncryptionAlgorithms, (name) => encryptionSupport(name)),
  }
}

/** @param {readonly string[]} names @param {(name: any) => Promise<Support>} ask @returns {Promise<SupportByName>} */
async function byName(names, ask) {
  /** @type {SupportByName} */
  const answers = {}
  for (const name of names) answers[name] = await ask(name)
  return answers
}

/** Whether `encode` itself can do it, or only `signJwt`. @param {any} algorithm @returns {Promise<Support>} */
async function signatureSupport(algorithm) {
  if (!(await supports(algorithm))) return 'no'
  const key = await generateKey(algorithm)
  try {
    encode({}, key)
    return 'sync'
  } catch {
    return 'async'
  }
}

/** Encryption is asynchronous everywhere. @param {string} algorithm @param {any} [options] @returns {Promise<Support>} */
async function encryptionSupport(algorithm, options = {}) {
  return (await supports(algorithm, options)) ? 'async' : 'no'
}
