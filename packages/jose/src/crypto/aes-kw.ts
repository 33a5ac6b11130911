/** AES Key Wrap (RFC 3394), as RFC 7518 §4.4 uses it. */
import { importAesKey } from './aes-key.ts'
import { subtle } from './subtle.ts'

// WebCrypto wraps keys, not octets: the octets travel as an HMAC key, which takes any length.
const carrier: HmacImportParams = { name: 'HMAC', hash: 'SHA-256' }

/** The octets of a key, wrapped: eight octets longer. */
export async function wrapKeyBytes(wrappingKey: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  const key = await importAesKey('AES-KW', wrappingKey, 'wrapKey')
  const carried = await subtle().importKey('raw', bytes as BufferSource, carrier, true, ['sign'])
  return new Uint8Array(await subtle().wrapKey('raw', carried, key, 'AES-KW'))
}

/** The octets inside, or undefined when the integrity check of RFC 3394 §2.2.3 fails. */
export async function unwrapKeyBytes(
  wrappingKey: Uint8Array,
  wrapped: Uint8Array,
): Promise<Uint8Array | undefined> {
  // Two 64-bit blocks at least, and whole ones.
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return undefined
  const key = await importAesKey('AES-KW', wrappingKey, 'unwrapKey')
  try {
    const carried = await subtle().unwrapKey('raw', wrapped as BufferSource, key, 'AES-KW', carrier, true, [
      'sign',
    ])
    return new Uint8Array(await subtle().exportKey('raw', carried))
  } catch {
    return undefined
  }
}
