/** PBKDF2 with HMAC (RFC 8018 §5.2). */
import type { OaepHash } from './cipher-scheme.ts'
import { subtle } from './subtle.ts'

/** SHA-1 is what older files of keys were made with; under HMAC it is not broken. */
export type Pbkdf2Hash = OaepHash

export interface Pbkdf2Input {
  readonly hash: Pbkdf2Hash
  readonly salt: Uint8Array
  readonly iterations: number
  readonly keyBytes: number
}

/** The key that a password gives. The caller bounds `iterations`: the time is theirs to choose. */
export async function derivePasswordKey(
  password: Uint8Array,
  { hash, salt, iterations, keyBytes }: Pbkdf2Input,
): Promise<Uint8Array> {
  const key = await subtle().importKey('raw', password as BufferSource, 'PBKDF2', false, ['deriveBits'])
  const parameters = { name: 'PBKDF2', hash, salt: salt as BufferSource, iterations }
  return new Uint8Array(await subtle().deriveBits(parameters, key, keyBytes * 8))
}
