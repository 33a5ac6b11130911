// @ts-check
/** The keys of an agreement in the forms of Wycheproof (JWK, PEM, DER, bare octets), as JWKs. */
import { createECDH, createPrivateKey } from 'node:crypto'
import { notDriven } from '../not-driven.js'

/** @typedef {{ surface: import('../surface.js').Surface, crv: string, type: string }} Context */

/** PKCS #8 up to the octets of the private key (RFC 8410 §7). @type {Readonly<Record<string, string>>} */
const pkcs8 = {
  X25519: '302e020100300506032b656e04220420',
  X448: '3046020100300506032b656f043a0438',
}

/** @type {Readonly<Record<string, { name: string, bytes: number }>>} */
const nistCurves = {
  'P-256': { name: 'prime256v1', bytes: 32 },
  'P-384': { name: 'secp384r1', bytes: 48 },
  'P-521': { name: 'secp521r1', bytes: 66 },
}

/** @param {Context} context @param {any} source @returns {any} what `importKey` is handed */
export function openPrivateJwk({ crv, type }, source) {
  if (typeof source === 'object' || type.includes('Pem')) return source
  if (type === 'XdhAsnComp') return new Uint8Array(Buffer.from(source, 'hex'))
  const prefix = pkcs8[crv]
  return prefix === undefined ? nistPrivateJwk(crv, source) : octetPrivateJwk(prefix + source)
}

/** @param {string} hex */
function octetPrivateJwk(hex) {
  const key = Buffer.from(hex, 'hex')
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
}

/** A private key that stands there as a number, with a sign. @param {string} crv @param {string} hex */
function nistPrivateJwk(crv, hex) {
  const { name, bytes } = nistCurves[crv] ?? notDriven(`private keys on ${crv} have no driver`)
  const d = Buffer.from(hex.replace(/^0+/, '').padStart(bytes * 2, '0'), 'hex')
  const pair = createECDH(name)
  pair.setPrivateKey(d)
  return { ...pointJwk(crv, pair.getPublicKey('hex')), d: d.toString('base64url') }
}

/** @param {string} crv @param {string} hex an uncompressed point @returns {any} */
function pointJwk(crv, hex) {
  const half = (hex.length - 2) / 2
  const [x, y] = [hex.slice(2, 2 + half), hex.slice(2 + half)].map((part) =>
    Buffer.from(part, 'hex').toString('base64url'),
  )
  return { kty: 'EC', crv, x, y }
}

/** Read by the library itself where it is PEM or DER. @param {Context} context @param {any} source @returns {Promise<any>} */
export async function openPublicJwk({ surface, crv, type }, source) {
  if (typeof source === 'object') return source
  if (type === 'XdhComp') return { kty: 'OKP', crv, x: Buffer.from(source, 'hex').toString('base64url') }
  if (type === 'EcdhEcpointTest') {
    if (/^0[23]/.test(source)) return notDriven('JWK has no compressed points')
    return pointJwk(crv, source)
  }
  const { jose } = surface
  const spki = type.includes('Pem') ? source : new Uint8Array(Buffer.from(source, 'hex'))
  return jose.exportJwk(await jose.importKey(spki, { algorithm: 'ECDH-ES', type: 'public' }))
}
