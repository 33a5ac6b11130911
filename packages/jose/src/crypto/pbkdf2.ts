/** PBKDF2 with HMAC-SHA-2 (RFC 8018 §5.2). */
import type { HashName } from './scheme.ts'
import { subtle } from './subtle.ts'

export interface Pbkdf2Input {
  readonly hash: HashName
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
