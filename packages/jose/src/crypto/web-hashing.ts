/** What bundles for browsers have in place of `awaited-hashing.ts` (`browser` in package.json): WebCrypto hashes. */
import type { Hashing } from './hashing.ts'
import { subtle } from './subtle.ts'

export const awaitedHashing: Hashing = {
  makeMaterial: (hash, secret) => {
    let key: Promise<CryptoKey> | undefined
    return {
      kind: 'secret',
      verify: async (data, mac) => {
        key ??= subtle().importKey('raw', secret as BufferSource, { name: 'HMAC', hash }, false, ['verify'])
        return subtle().verify('HMAC', await key, mac as BufferSource, data as BufferSource)
      },
    }
  },
  digest: async (hash, data) => new Uint8Array(await subtle().digest(hash, data as BufferSource)),
}
