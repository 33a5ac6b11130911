/** `createCipheriv` for AES in GCM, by @noble: what good tokens are encrypted with where `node:crypto` is not the reference. */
import { gcm } from '@noble/ciphers/aes.js'
import { Unavailable } from '../suite/unavailable.js'
import { Buffer } from './buffer.js'

const tagBytes = 16
const octets = (/** @type {Uint8Array} */ data) => new Uint8Array(data)

/** @param {string} name @param {Uint8Array} key @param {Uint8Array} iv */
export function createCipheriv(name, key, iv) {
  if (!name.endsWith('-gcm')) throw new Unavailable(`needs ${name} of node:crypto`)
  /** @type {Uint8Array[]} */
  const parts = []
  let aad = new Uint8Array()
  let sealed = new Uint8Array()
  return {
    setAAD(/** @type {Uint8Array} */ data) {
      aad = octets(data)
      return this
    },
    update(/** @type {Uint8Array} */ data) {
      parts.push(data)
      return Buffer.alloc(0)
    },
    final() {
      sealed = gcm(octets(key), octets(iv), aad).encrypt(octets(Buffer.concat(parts)))
      return Buffer.from(sealed.subarray(0, -tagBytes))
    },
    getAuthTag: () => Buffer.from(sealed.subarray(-tagBytes)),
  }
}
