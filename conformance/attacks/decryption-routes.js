// @ts-check
/** The calls by which an application could open an encrypted token, for every way of holding its key. */
import { createHmac, randomBytes } from 'node:crypto'
import { contentKeyBytes, managementOf } from '../encryption-algorithms.js'
import { judge } from '../verdict.js'
import { decryptionHoldersOf } from './decryption-holders.js'
import { makeGoodJwe } from './good-jwe.js'
import { goodClaims } from './good-token.js'
import { policyOptions } from './policy-options.js'

/** @typedef {import('./verification-routes.js').Route} Route */

/** The secret of the signed token inside a nested one. */
const innerSecret = randomBytes(32)

/** @param {{ jose: any, records: Record<string, any> }} library @param {any} entry @returns {Route[]} */
export function decryptionRoutesOf({ jose, records }, entry) {
  const { keyManagementAlgorithms, contentEncryptionAlgorithms } = entry.options
  // Compressed tokens are among the good ones, and the entries do not say that they are allowed.
  const options = {
    ...policyOptions(entry.options),
    allowZip: true,
    ...(keyManagementAlgorithms === undefined ? {} : { keyManagementAlgorithms }),
    ...(contentEncryptionAlgorithms === undefined ? {} : { contentEncryptionAlgorithms }),
  }
  return decryptionHoldersOf({ jose, entry, records }).flatMap(({ name, open, probe }) => {
    const allowed = probe !== undefined && isAllowed(probe.algorithm, entry.options) ? probe : undefined
    return [
      {
        name: `decryptJwt with ${name}`,
        open,
        prepare: usingDecryptJwt(options),
        ...(allowed && { makeGood: () => goodJwe(allowed, entry.options) }),
      },
      {
        name: `openJwt with ${name}`,
        open,
        prepare: usingOpenJwt(options),
        ...(allowed && { makeGood: () => goodNested(allowed, entry.options) }),
      },
    ]
  })
}

/** Whether the entry's own lists leave this algorithm of a key anything to decrypt. @param {string} algorithm @param {any} options */
function isAllowed(algorithm, { keyManagementAlgorithms, contentEncryptionAlgorithms }) {
  const content = contentKeyBytes[algorithm] === undefined ? undefined : algorithm
  return (
    (keyManagementAlgorithms === undefined || keyManagementAlgorithms.includes(managementOf(algorithm))) &&
    (contentEncryptionAlgorithms === undefined ||
      contentEncryptionAlgorithms.some((/** @type {string} */ enc) =>
        content === undefined ? contentKeyBytes[enc] !== undefined : enc === content,
      ))
  )
}

/** @typedef {import('./decryption-holders.js').Probe} Probe */

/** @param {Probe} probe @param {any} options */
function goodJwe(probe, options) {
  return sealGood(probe, options, { plaintext: JSON.stringify(goodClaims(options)) })
}

/** @param {Probe} probe @param {any} options */
function goodNested(probe, options) {
  const input = [{ alg: 'HS256', typ: options.typ ?? 'JWT' }, goodClaims(options)]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const plaintext = `${input}.${createHmac('sha256', innerSecret).update(input).digest('base64url')}`
  return sealGood(probe, options, { plaintext, cty: 'JWT' })
}

/** @param {Probe} probe @param {any} options @param {{ plaintext: string, cty?: string }} content */
function sealGood(
  { algorithm, secret, publicJwk, kid },
  { contentEncryptionAlgorithms, typ },
  { plaintext, cty },
) {
  const enc =
    contentKeyBytes[algorithm] === undefined
      ? (contentEncryptionAlgorithms ?? ['A128GCM']).find(
          (/** @type {string} */ name) => contentKeyBytes[name],
        )
      : algorithm
  const header = { ...(typ && { typ }), ...(kid === undefined ? {} : { kid }), ...(cty && { cty }) }
  return makeGoodJwe({ algorithm, enc, publicJwk, ...(secret && { secret }) }, plaintext, header)
}

/** @param {any} options @returns {Route['prepare']} */
const usingDecryptJwt = (options) => (jose, key) => async (token) =>
  judge(jose, async () => (await jose.decryptJwt(token, key, options)).claims)

/** @param {any} options @returns {Route['prepare']} */
const usingOpenJwt = (options) => (jose, key) => {
  const verifyWith = jose.secret('HS256', new Uint8Array(innerSecret))
  return async (token) =>
    judge(jose, async () => (await jose.openJwt(token, { decryptWith: key, verifyWith, ...options })).claims)
}
