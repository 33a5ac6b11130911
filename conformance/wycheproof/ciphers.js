// @ts-check
/** Content encryption, key wrap and RSA-OAEP, below the tokens: any additional data, any length of message. */
import { contentKeyBytes } from '../encryption-algorithms.js'
import { notDriven } from '../not-driven.js'
import { verdictOf } from './judge.js'
import { fromHex } from './signatures.js'

/**
 * @typedef {import('../surface.js').Surface} Surface
 * @typedef {import('./wycheproof.js').Prepared} Prepared
 * @typedef {import('./wycheproof.js').Source} Source
 */

/** @param {Uint8Array | undefined} bytes */
const toHex = (bytes) => (bytes === undefined ? undefined : Buffer.from(bytes).toString('hex'))

/** @param {Surface} surface @param {Source} source @returns {Prepared} */
export function prepareAead(surface, { file, group }) {
  const enc = contentEncryptionOf(file.algorithm, group)
  return {
    verify: ({ key, iv, aad, msg, ct, tag, result }) =>
      verdictOf(surface.jose, async () => {
        const cipher = { key: fromHex(key), iv: fromHex(iv), aad: fromHex(aad) }
        const opened = await surface.decryptContent(enc, cipher, {
          ciphertext: fromHex(ct),
          tag: fromHex(tag),
        })
        if (opened === undefined) return { code: 'decrypt_failed' }
        if (toHex(opened) !== msg && result !== 'invalid') return { broken: 'decrypted to another plaintext' }
        const sealed = await surface.encryptContent(enc, cipher, opened)
        const same = toHex(sealed.ciphertext) === ct && toHex(sealed.tag) === tag
        return same ? { accepted: true } : { broken: 'encrypting again gives other octets' }
      }),
  }
}

/** The `enc` of JOSE for a file; its sizes are fixed (RFC 7518 §5.1). @param {unknown} algorithm @param {any} group */
function contentEncryptionOf(algorithm, { keySize, ivSize, tagSize }) {
  const name = algorithm === 'AES-GCM' ? `A${keySize}GCM` : String(algorithm)
  if (contentKeyBytes[name] === undefined) return notDriven(`JOSE has no content encryption ${name}`)
  const isGcm = name.endsWith('GCM')
  const sized = ivSize === (isGcm ? 96 : 128) && tagSize === (isGcm ? 128 : Number(name.slice(-3)) / 2)
  return sized ? name : notDriven('JOSE has one size of iv and one of tag for each content encryption')
}

/** @param {Surface} surface @param {Source} source @returns {Prepared} */
export function prepareKeyWrap(surface, { file, group }) {
  if (file.algorithm !== 'AES-WRAP' || ![128, 192, 256].includes(group.keySize))
    notDriven(`JOSE has no key wrap ${file.algorithm} with keys of ${group.keySize} bits`)
  return {
    verify: ({ key, msg, ct, result }) =>
      verdictOf(surface.jose, async () => {
        const opened = await surface.unwrapKeyBytes(fromHex(key), fromHex(ct))
        if (opened === undefined) return { code: 'decrypt_failed' }
        if (result !== 'invalid' && toHex(opened) !== msg) return { broken: 'unwrapped to other octets' }
        const again = toHex(await surface.wrapKeyBytes(fromHex(key), opened))
        return again === ct ? { accepted: true } : { broken: 'wrapping again gives other octets' }
      }),
  }
}

const oaepBySha = /** @type {Readonly<Record<string, string>>} */ ({
  'SHA-1': 'RSA-OAEP',
  'SHA-256': 'RSA-OAEP-256',
  'SHA-384': 'RSA-OAEP-384',
  'SHA-512': 'RSA-OAEP-512',
})

/** @param {Surface} surface @param {Source} source @returns {Promise<Prepared>} */
export async function prepareOaep(surface, { group }) {
  const { sha, mgf, mgfSha, keySize, privateKeyPem } = group
  const algorithm = mgf === 'MGF1' && mgfSha === sha ? oaepBySha[sha] : undefined
  if (algorithm === undefined) return notDriven(`JOSE has no RSA-OAEP with ${sha} and ${mgf} ${mgfSha}`)
  if (keySize < 2048) return notDriven('an RSA modulus below 2048 bits is refused on purpose (RFC 7518 §4.3)')
  if (group.privateKey?.otherPrimeInfos !== undefined)
    return notDriven('an RSA key of more than two primes is refused on purpose (RFC 7518 §6.3.2.7)')
  const key = await surface.jose.importKey(privateKeyPem, { algorithm })
  return {
    verify: ({ ct, label = '', msg, result }) =>
      label === ''
        ? verdictOf(surface.jose, async () => {
            const opened = await surface.decryptOaep(key, fromHex(ct))
            if (opened === undefined) return { code: 'decrypt_failed' }
            const differs = result !== 'invalid' && toHex(opened) !== msg
            return differs ? { broken: 'decrypted to other octets' } : { accepted: true }
          })
        : notDriven('JOSE has no labels of RSA-OAEP'),
  }
}
