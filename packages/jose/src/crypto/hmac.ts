/** HMAC (RFC 2104) and digests, synchronous on every runtime. */
import { blockBytes } from './hash-lengths.ts'
import { nodeCrypto, nodeHashNames } from './node-crypto.ts'
import type { HashName } from './scheme.ts'
import { sha2 } from './sha2.ts'

/** The MAC of data under a key. */
export function hmac(hash: HashName, key: Uint8Array, data: Uint8Array): Uint8Array {
  if (nodeCrypto === undefined) return portableHmac(hash, key, data)
  return nodeCrypto.createHmac(nodeHashNames[hash], key).update(data).digest()
}

/** The digest of data. */
export function digest(hash: HashName, data: Uint8Array): Uint8Array {
  return nodeCrypto === undefined
    ? sha2(hash, data)
    : nodeCrypto.createHash(nodeHashNames[hash]).update(data).digest()
}

/** HMAC from our own SHA-2 alone; exported so that it can be tested where `node:crypto` would be taken. */
export function portableHmac(hash: HashName, key: Uint8Array, data: Uint8Array): Uint8Array {
  const size = blockBytes[hash]
  const block = new Uint8Array(size)
  block.set(key.length > size ? sha2(hash, key) : key)
  const inner = sha2(
    hash,
    join(
      block.map((byte) => byte ^ 0x36),
      data,
    ),
  )
  return sha2(
    hash,
    join(
      block.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
