/** AES keys as WebCrypto wants them. */
import { probe } from './probe.ts'
import { lacks } from './runtime-name.ts'
import { subtle } from './subtle.ts'

/**
 * The runtime's AES key for octets of 16, 24 or 32.
 *
 * @throws {JoseError} `unsupported` where the runtime lacks the size: Chromium has no AES with 192-bit keys
 */
export async function importAesKey(
  name: 'AES-GCM' | 'AES-CBC' | 'AES-KW',
  bytes: Uint8Array,
  usage: KeyUsage,
): Promise<CryptoKey> {
  try {
    return await subtle().importKey('raw', bytes as BufferSource, name, false, [usage])
  } catch (cause) {
    throw lacks(`${name} with ${bytes.length * 8}-bit keys`, cause)
  }
}

/** Whether the runtime has AES with keys of so many octets. */
export function hasAes(keyBytes: number): Promise<boolean> {
  return probe(`AES ${keyBytes}`, () => importAesKey('AES-GCM', new Uint8Array(keyBytes), 'encrypt'))
}
