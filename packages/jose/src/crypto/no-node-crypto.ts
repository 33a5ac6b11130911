/** What bundles for browsers have in place of `node-crypto.ts` (`browser` in package.json). */
import type { NodeCrypto } from './node-crypto.ts'

export const nodeHashNames = {}
export const nodeVersion: string | undefined = undefined
export const isNode = false
export const nodeCrypto: NodeCrypto | undefined = undefined
