// @ts-check
/**
 * Makes good tokens without the library under test, from `node:crypto` alone. Before an attack counts as refused, the
 * same key and the same options must accept a good token: a driver that cannot verify anything proves nothing.
 */
import { constants, createHmac, createPrivateKey, sign } from 'node:crypto'

/** @typedef {import('./key-records.js').KeyRecord} KeyRecord */

/**
 * @param {{ algorithm: string, record: KeyRecord, kid?: string | undefined, options: any }} recipe
 * @returns {string | undefined} undefined when the key cannot sign with this algorithm
 */
export function makeGoodToken({ algorithm, record, kid, options }) {
  const header = { alg: algorithm, typ: options.typ ?? 'JWT', ...(kid === undefined ? {} : { kid }) }
  const input = `${encodeJson(header)}.${encodeJson(goodClaims(options))}`
  const signature = signInput(input, algorithm, record)
  return signature === undefined ? undefined : `${input}.${signature.toString('base64url')}`
}

/** @param {any} options */
export function goodClaims(options) {
  const now = options.now ?? Math.floor(Date.now() / 1000)
  const required = Object.fromEntries(
    (options.requiredClaims ?? []).map((/** @type {string} */ name) => [name, 'x']),
  )
  return {
    ...required,
    sub: options.subject ?? 'alice',
    iat: now,
    exp: now + 60,
    ...(required['nbf'] === undefined ? {} : { nbf: now }),
    ...(options.issuer === undefined ? {} : { iss: options.issuer }),
    ...(options.audience === undefined ? {} : { aud: options.audience }),
  }
}

/** @param {unknown} value */
function encodeJson(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/**
 * @param {string} input
 * @param {string} algorithm
 * @param {KeyRecord} record
 */
function signInput(input, algorithm, record) {
  const hash = `sha${algorithm.slice(2, 5)}`
  if (record.secretHex !== undefined) {
    return createHmac(hash, Buffer.from(record.secretHex, 'hex')).update(input).digest()
  }
  if (record.privatePem === undefined) return undefined
  const key = createPrivateKey(record.privatePem)
  const bytes = Buffer.from(input)
  switch (algorithm.slice(0, 2)) {
    case 'RS':
      return sign(hash, bytes, key)
    case 'PS':
      return sign(hash, bytes, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      })
    case 'ES':
      return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' })
    default:
      return sign(null, bytes, key)
  }
}
