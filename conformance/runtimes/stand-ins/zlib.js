/** `node:zlib` by fflate. */
import { deflateSync as raw, gunzipSync as gunzip, gzipSync as gzip, zlibSync } from 'fflate'
import { Unavailable } from '../suite/unavailable.js'
import { Buffer } from './buffer.js'

export const constants = { Z_DEFAULT_STRATEGY: 0, Z_HUFFMAN_ONLY: 2, Z_RLE: 3, Z_FIXED: 4 }

/** @typedef {{ level?: any, strategy?: number }} Options */
const octets = (/** @type {string | Uint8Array} */ data) =>
  typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)

export function deflateRawSync(
  /** @type {string | Uint8Array} */ data,
  /** @type {Options} */ { level = 6, strategy = 0 } = {},
) {
  if (strategy !== 0) throw new Unavailable('needs the strategies of node:zlib')
  return Buffer.from(raw(octets(data), { level }))
}
export const deflateSync = (/** @type {string | Uint8Array} */ data) => Buffer.from(zlibSync(octets(data)))
export const gzipSync = (/** @type {string | Uint8Array} */ data) => Buffer.from(gzip(octets(data)))
export const gunzipSync = (/** @type {Uint8Array} */ data) => Buffer.from(gunzip(octets(data)))
