/** Stands in for `test/portable.ts`: there is nothing to load anew where the library runs on WebCrypto anyway. */
import { nodeCrypto } from '../../../packages/jose/src/crypto/node-crypto.ts'
import { Unavailable } from '../suite/unavailable.js'

/** @template T @param {() => Promise<T>} load @returns {Promise<T>} */
export function loadPortable(load) {
  if (nodeCrypto !== undefined)
    throw new Unavailable('is about WebCrypto, and here node:crypto does the work')
  return load()
}
