/** RSAES-OAEP (RFC 8017 §7.1) with MGF1 over the same hash and an empty label. */
import { subtle } from './subtle.ts'

/** The octets encrypted to a public key. */
export async function encryptOaep(publicKey: CryptoKey, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle().encrypt({ name: 'RSA-OAEP' }, publicKey, bytes as BufferSource))
}

/** The octets inside, or undefined for every fault alike. */
export async function decryptOaep(
  privateKey: CryptoKey,
  encrypted: Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await subtle().decrypt({ name: 'RSA-OAEP' }, privateKey, encrypted as BufferSource))
  } catch {
    return undefined
  }
}
