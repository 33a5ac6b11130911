/** AES-CBC with the padding of PKCS #7, which proves nothing: whoever decrypts has checked a MAC, or asks nobody. */
import { importAesKey } from './aes-key.ts'
import { subtle } from './subtle.ts'

/** The plaintext, or undefined when the padding is wrong. @throws {JoseError} `unsupported` */
export async function decryptCbc(
  keyOctets: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array | undefined> {
  const key = await importAesKey('AES-CBC', keyOctets, 'decrypt')
  try {
    const parameters = { name: 'AES-CBC', iv: iv as BufferSource }
    return new Uint8Array(await subtle().decrypt(parameters, key, ciphertext as BufferSource))
  } catch {
    return undefined
  }
}
