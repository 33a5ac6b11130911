// @ts-check
/** The examples of JWE: RFC 7516 §A, RFC 7517 §C, RFC 7518 §B and §C, RFC 8037 §A.6 and §A.7. */
import { createPrivateKey } from 'node:crypto'
import { makeJweUnderKey } from '../attacks/good-jwe.js'
import { contentKeyBytes, isPassword } from '../encryption-algorithms.js'
import { NotDriven } from '../not-driven.js'
import { refusedAlgorithms } from '../policy.js'
import { judge } from '../verdict.js'
import { decodeHeader, refusal, refusedOnPurpose } from './expectations.js'

/** @typedef {import('../surface.js').Surface} Surface */

/** A JWE of whatever serialization; text is compact. @param {Surface} surface @param {any} jwe @param {any} key @param {any} [options] @returns {Promise<{ plaintext: Uint8Array, aad?: Uint8Array }>} */
export function decryptAnyJwe({ jwe: room }, jwe, key, options = {}) {
  const decrypt =
    typeof jwe === 'string'
      ? room.decryptCompact
      : jwe.recipients === undefined
        ? room.decryptFlattened
        : room.decryptGeneral
  return decrypt(jwe, key, options)
}

/** The header of each recipient. @param {any} jwe @returns {any[]} */
export function recipientHeaders(jwe) {
  if (typeof jwe === 'string') return [decodeHeader(jwe.split('.')[0])]
  const shared = { ...jwe.unprotected, ...decodeHeader(jwe.protected) }
  return (jwe.recipients ?? [jwe]).map((/** @type {any} */ { header }) => ({ ...shared, ...header }))
}

/** What an application has to allow by name for a header: passwords and compression. @param {any} header */
export function optionsFor({ alg, zip }) {
  return {
    ...(isPassword(alg) ? { keyManagementAlgorithms: [alg] } : {}),
    ...(zip === undefined ? {} : { allowZip: true }),
  }
}

/** The key for a header: of a password, or a JWK that names the algorithm or is told it. @param {Surface} surface @param {any} header @param {{ jwk?: any, password?: string | Uint8Array }} source */
export function openDecryptionKey({ jose }, { alg, enc }, { jwk, password }) {
  const algorithm = alg === 'dir' ? enc : alg
  if (jwk === undefined || jwk === null)
    return jose.encryptionSecret(algorithm, password, { allowWeakKey: true })
  return jose.importKey(jwk, {
    algorithm,
    allowWeakKey: true,
    ...(jwk.kty === 'oct' ? {} : { type: 'private' }),
  })
}

/** Compact, flattened or general, read by every recipient whose key is there. @param {Surface} surface @param {any} entry */
export async function checkJwe(surface, { key, input, expected }) {
  const jwe = input.compact ?? input.jwe
  const refuse = expected.valid === false
  for (const header of recipientHeaders(jwe)) {
    const jwk = key === null || key?.kty !== undefined ? key : key[header.kid]
    if (jwk === undefined) continue
    if (refusedAlgorithms[header.alg] !== undefined) {
      const fault = await refuseAlgorithm(surface, { jwe, header, jwk })
      if (fault !== undefined) return fault
      continue
    }
    const open = async () =>
      decryptAnyJwe(
        surface,
        jwe,
        await openDecryptionKey(surface, header, { jwk, password: input.password }),
        optionsFor(header),
      )
    const fault = refuse ? await refusal(surface, open) : samePlaintext(expected, (await open()).plaintext)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** @param {any} expected @param {Uint8Array} plaintext */
function samePlaintext({ plaintext: wanted, plaintextHex }, plaintext) {
  const got = Buffer.from(plaintext)
  const differs =
    wanted === undefined
      ? got.toString('hex') !== (plaintextHex ?? got.toString('hex'))
      : got.toString('utf8') !== wanted
  return differs ? 'the plaintext differs' : undefined
}

/** A recipient of an algorithm that we never accept. The example counts as left out when it is for nobody else. @param {Surface} surface @param {{ jwe: any, header: any, jwk: any }} recipient @returns {Promise<string | undefined>} */
async function refuseAlgorithm(surface, { jwe, header, jwk }) {
  const call = async () =>
    decryptAnyJwe(surface, jwe, await openDecryptionKey(surface, { alg: 'RSA-OAEP' }, { jwk }))
  return recipientHeaders(jwe).length === 1
    ? refusedOnPurpose(surface, header.alg, call)
    : refusal(surface, call)
}

/** AES-CBC-HMAC in both directions (RFC 7518 §B). @param {Surface} surface @param {any} entry */
export async function checkAead(surface, { input, expected }) {
  const { enc, cek, iv, aad, plaintext } = input
  const cipher = { key: hex(cek), iv: hex(iv), aad: hex(aad) }
  const sealed = await surface.encryptContent(enc, cipher, hex(plaintext))
  if (toHex(sealed.ciphertext) !== expected.ciphertext) return 'the ciphertext differs'
  if (toHex(sealed.tag) !== expected.tag) return 'the tag differs'
  const opened = await surface.decryptContent(enc, cipher, sealed)
  return opened !== undefined && toHex(opened) === plaintext ? undefined : 'the plaintext differs'
}

/** @param {string} text */
const hex = (text) => new Uint8Array(Buffer.from(text, 'hex'))
/** @param {Uint8Array} bytes */
const toHex = (bytes) => Buffer.from(bytes).toString('hex')

/**
 * A key agreement of which the example gives the derived key and no token: a token is made under that key, and the
 * recipient, or in its place the sender, whose secret is the same, has to open it.
 *
 * @param {Surface} surface
 * @param {any} entry
 */
export async function checkAgreement(surface, { input, key, expected }) {
  const jwks = findJwks({ input, key })
  const privateJwk = privateKeyOf(input) ?? jwks.find((jwk) => jwk.d !== undefined)
  const peer = jwks.find((jwk) => jwk.x !== privateJwk?.x)
  const header = findHeader(input)
  if (privateJwk === undefined || peer === undefined || header === undefined)
    throw new NotDriven('an agreement without a private key, a public key and a header has no driver')
  const { d: _d, kid: _kid, use: _use, ...epk } = peer
  const derived = derivedKeys(expected, header)
  if (derived.length === 0) throw new NotDriven('an agreement without its derived key has no driver')
  const { kid: _k, ...ours } = privateJwk
  const decryptionKey = await openDecryptionKey(surface, header, { jwk: ours })
  for (const agreed of derived) {
    const { alg, enc, apu, apv } = header
    const parties = { ...(apu === undefined ? {} : { apu }), ...(apv === undefined ? {} : { apv }) }
    const jwe = makeJweUnderKey({ alg, enc, epk, ...parties }, agreed, 'agreed')
    const { kind } = await judge(surface.jose, () => decryptAnyJwe(surface, jwe, decryptionKey))
    if (kind === 'accepted') return undefined
  }
  return 'the derived key differs'
}

/** The ephemeral key of RFC 8037 §A.6 and §A.7, which stands there as its secret alone. @param {any} input */
function privateKeyOf({ ephemeralSecretHex, recipient }) {
  if (ephemeralSecretHex === undefined) return undefined
  const prefix =
    recipient.crv === 'X448' ? '3046020100300506032b656f043a0438' : '302e020100300506032b656e04220420'
  const key = Buffer.from(prefix + ephemeralSecretHex, 'hex')
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
}

/** Every JWK anywhere in a value. @param {any} value @returns {any[]} */
function findJwks(value) {
  if (typeof value !== 'object' || value === null) return []
  return value.kty === undefined ? Object.values(value).flatMap(findJwks) : [value]
}

/** @param {any} input */
function findHeader(input) {
  const header = [input.header, input.protected, input.protectedHeader, input].find(
    (one) => one?.enc !== undefined,
  )
  return header === undefined ? undefined : { alg: 'ECDH-ES', ...header }
}

/** What of an example can be the derived key: text of the right number of octets. @param {any} expected @param {any} header */
function derivedKeys(expected, { alg, enc }) {
  const bits = /\+A(\d{3})KW$/.exec(alg)?.[1]
  const bytes = bits === undefined ? contentKeyBytes[enc] : Number(bits) / 8
  const isSecret = (/** @type {string} */ name) => /^z/i.test(name)
  return Object.entries(expected)
    .filter(([name, value]) => typeof value === 'string' && !isSecret(name))
    .flatMap(([, value]) => [Buffer.from(value, 'hex'), Buffer.from(value, 'base64url')])
    .filter(({ length }) => length === bytes)
}
