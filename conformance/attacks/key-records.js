// @ts-check
/** The keys of `attack-keys.json`, and the forms in which an entry asks for them. */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { notDriven } from '../not-driven.js'
import { evaluate } from '../vectors.js'

/**
 * One key of `attack-keys.json`.
 *
 * @typedef {object} KeyRecord
 * @property {string} kind
 * @property {string} [secretHex]
 * @property {string} [publicPem]
 * @property {string} [privatePem]
 * @property {string} [publicPkcs1Pem]
 * @property {string} [certPem]
 * @property {any} [jwk]
 * @property {any} [publicJwk]
 * @property {any} [privateJwk]
 */

/** @typedef {Record<string, KeyRecord>} KeyRecords */

/** @param {KeyRecords} records @param {unknown} ref @returns {KeyRecord} */
export function recordOf(records, ref) {
  const name = String(ref)
  return (
    (Object.hasOwn(records, name) ? records[name] : undefined) ??
    notDriven(`no key ${name} in attack-keys.json`)
  )
}

/** The record that an entry names, if it names one. @param {KeyRecords} records @param {any} key */
export function namedRecord(records, key) {
  return key.ref === undefined || key.ref === null ? undefined : recordOf(records, key.ref)
}

/** The public JWK, or the secret's; undefined where there is none (a curve that JWK has no name for). @param {KeyRecord | undefined} record */
export function jwkOf(record) {
  if (record === undefined) return undefined
  const pem = record.publicPem
  return (
    record.publicJwk ?? record.jwk ?? (pem === undefined ? undefined : exported(() => createPublicKey(pem)))
  )
}

/** The private JWK, or the secret's. @param {KeyRecord | undefined} record */
export function privateJwkOf(record) {
  if (record === undefined) return undefined
  const pem = record.privatePem
  return (
    record.privateJwk ?? record.jwk ?? (pem === undefined ? undefined : exported(() => createPrivateKey(pem)))
  )
}

/** @param {() => import('node:crypto').KeyObject} open */
function exported(open) {
  try {
    return open().export({ format: 'jwk' })
  } catch {
    return undefined
  }
}

/** @param {KeyRecord | undefined} record */
export function secretBytesOf(record) {
  const { k } = record?.jwk ?? {}
  return new Uint8Array(
    record?.secretHex === undefined
      ? Buffer.from(String(k ?? ''), 'base64url')
      : Buffer.from(record.secretHex, 'hex'),
  )
}

/** The JWKs of an entry that holds several keys: names of records, JWKs, or either in a wrapping. @param {any} key @param {KeyRecords} records @param {(record: KeyRecord) => any} [half] */
export function jwksOf({ keys }, records, half = jwkOf) {
  if (!Array.isArray(keys)) return notDriven('a key of several without a list of them')
  return keys.map((item) => {
    if (typeof item === 'string') return half(recordOf(records, item))
    return item?.ref === undefined
      ? (item?.jwk ?? item)
      : { ...half(recordOf(records, item.ref)), ...item.members }
  })
}

/** @param {KeyRecord | undefined} record @param {string} form @returns {string} */
export function pemOf(record, form) {
  const spki = record?.publicPem
  const pem = {
    'spki-pem': spki,
    'spki-pem-no-newline': spki?.trimEnd(),
    'spki-pem-crlf': spki?.replaceAll('\n', '\r\n'),
    'pkcs1-pem': record?.publicPkcs1Pem,
    'cert-pem': record?.certPem,
    'private-pem': record?.privatePem,
  }[form]
  return pem ?? notDriven(`key form ${form} has no driver, or its key no such form`)
}

/** A value that is no key, as an unset variable leaves it; it is written as JavaScript. @param {any} key */
export function valueOf({ jsValue }) {
  if (typeof jsValue !== 'string') return { name: String(jsValue), value: jsValue }
  return { name: jsValue === '' ? "''" : jsValue, value: jsValue === '' ? '' : evaluate(jsValue, {}) }
}
