// @ts-check
/**
 * Raw signatures and MACs. They cannot be written as tokens, because a signing input is base64url text; they go to the
 * room that verifies bytes.
 */
import { createPublicKey } from 'node:crypto'
import { notDriven } from '../not-driven.js'
import { builtAlgorithms, whyMissing } from '../signature-algorithms.js'
import { verdictOf } from './judge.js'

/**
 * @typedef {import('../surface.js').Surface} Surface
 * @typedef {import('./wycheproof.js').Prepared} Prepared
 * @typedef {import('./wycheproof.js').Source} Source
 */

/** @type {Readonly<Record<string, string>>} */
const byCurveAndHash = {
  'secp256r1 SHA-256': 'ES256',
  'secp384r1 SHA-384': 'ES384',
  'secp521r1 SHA-512': 'ES512',
  'secp256k1 SHA-256': 'ES256K',
}

/** @param {Surface} surface @param {Source} source */
export function prepareEcdsa(surface, { group }) {
  const curve = group.publicKey?.curve ?? group.key?.curve
  const algorithm = byCurveAndHash[`${curve} ${group.sha}`]
  return prepareRaw(surface, group, algorithm ?? notDriven(`JOSE has no ECDSA on ${curve} with ${group.sha}`))
}

/** @param {Surface} surface @param {Source} source */
export function prepareEddsa(surface, { group }) {
  const curve = group.publicKeyJwk?.crv ?? (group.publicKey?.curve === 'edwards448' ? 'Ed448' : 'Ed25519')
  return prepareRaw(surface, group, curve)
}

/** JOSE has no contexts: a signature made with one is refused like any other. @param {Surface} surface @param {Source} source @returns {Prepared} */
export function prepareMlDsa(surface, { file, group }) {
  const prepared = prepareRaw(surface, group, String(file.algorithm))
  return { ...prepared, labelOf: ({ ctx = '', result }) => (ctx === '' ? result : 'invalid') }
}

const hashBytes = /** @type {Readonly<Record<string, number>>} */ ({
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
})

/** RSASSA-PKCS1-v1_5, and RSASSA-PSS with one hash and a salt of its size (RFC 7518 §3.5). @param {Surface} surface @param {Source} source */
export function prepareRsa(surface, { group }) {
  const { type, sha, mgf = 'MGF1', mgfSha = sha, sLen = hashBytes[sha] } = group
  const isPss = String(type).startsWith('RsassaPss')
  const known = hashBytes[sha] !== undefined && mgf === 'MGF1' && mgfSha === sha && sLen === hashBytes[sha]
  if (!known)
    notDriven(`JOSE has no RSA signatures with ${sha}${isPss ? `, ${mgf} ${mgfSha}, a salt of ${sLen}` : ''}`)
  return prepareRaw(surface, group, `${isPss ? 'PS' : 'RS'}${sha.slice(4)}`)
}

/** HMAC, whole: JOSE does not truncate (RFC 7518 §3.2). @param {Surface} surface @param {Source} source @returns {Prepared} */
export function prepareMac(surface, { file, group }) {
  const [, bits] = /^HMACSHA(256|384|512)$/.exec(file.algorithm) ?? []
  if (bits === undefined) notDriven(`JOSE has no ${file.algorithm}`)
  const { jose } = surface
  return {
    labelOf: ({ result, tag }) => (tag.length === Number(bits) / 4 ? result : 'invalid'),
    verify: (test) => {
      if (group.keySize === 0) return notDriven('an empty secret is refused on purpose (CVE-2026-44351)')
      return verdictOf(jose, async () => {
        const key = jose.secret(`HS${bits}`, fromHex(test.key), { allowWeakKey: true })
        return outcome(await surface.verifyRaw(key, fromHex(test.msg), fromHex(test.tag)))
      })
    },
  }
}

/** @param {Surface} surface @param {any} group @param {string} algorithm @returns {Prepared} */
function prepareRaw(surface, group, algorithm) {
  if (!builtAlgorithms.includes(algorithm)) notDriven(whyMissing(algorithm))
  const { jose } = surface
  const source = publicKeyOf(group, algorithm)
  const weakness = weaknessOf(group)
  return {
    verify: async (test) => {
      const verdict = await verdictOf(jose, async () => {
        const key = await jose.importKey(source, { algorithm })
        return outcome(await surface.verifyRaw(key, fromHex(test.msg), fromHex(test.sig)))
      })
      return weakness === undefined ? verdict : { ...verdict, refusedOnPurpose: weakness }
    },
  }
}

/** RSA keys that we refuse for good. @param {any} group */
function weaknessOf({ publicKeyPem, keyPem }) {
  const source = publicKeyPem ?? keyPem
  if (typeof source !== 'string') return undefined
  const { asymmetricKeyType, asymmetricKeyDetails: { modulusLength = 0, publicExponent = 0n } = {} } =
    createPublicKey(source)
  if (asymmetricKeyType !== 'rsa') return undefined
  if (modulusLength < 2048) return 'an RSA modulus below 2048 bits is refused on purpose (RFC 7518 §3.3)'
  return publicExponent < 65_537n ? 'an RSA exponent below 65537 is refused on purpose' : undefined
}

/** @param {any} group @param {string} algorithm */
function publicKeyOf({ publicKeyJwk, publicKeyPem, keyPem, publicKey, keyJwk }, algorithm) {
  if (algorithm.startsWith('ML-DSA'))
    return { kty: 'AKP', alg: algorithm, pub: Buffer.from(publicKey, 'hex').toString('base64url') }
  return (
    publicKeyJwk ??
    publicKeyPem ??
    keyPem ??
    keyJwk ??
    notDriven('a group without a public key in PEM or JWK has no driver')
  )
}

/** @param {boolean} good */
const outcome = (good) => (good ? { accepted: true } : { code: 'bad_signature' })

/** @param {string} text */
export const fromHex = (text) => new Uint8Array(Buffer.from(text, 'hex'))
