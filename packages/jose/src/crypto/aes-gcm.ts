/** AES-GCM with a 96-bit nonce and a 128-bit tag, no other sizes (RFC 7518 §5.3). */
import { importAesKey } from './aes-key.ts'
import { subtle } from './subtle.ts'

/** What authenticated encryption needs beside the text. */
export interface CipherInput {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly aad: Uint8Array
}

/** What authenticated encryption gives. */
export interface Sealed {
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

const tagBytes = 16

/** Encrypts. The caller never uses one pair of key and iv twice. */
export async function encryptGcm(input: CipherInput, plaintext: Uint8Array): Promise<Sealed> {
  const key = await importAesKey('AES-GCM', input.key, 'encrypt')
  const joined = new Uint8Array(await subtle().encrypt(parameters(input), key, plaintext as BufferSource))
  const end = joined.length - tagBytes
  return { ciphertext: joined.slice(0, end), tag: joined.slice(end) }
}

/** The plaintext, or undefined when the tag is wrong. The tag must have its 16 octets (CVE-2018-1000539, CVE-2023-37464). */
export async function decryptGcm(
  input: CipherInput,
  { ciphertext, tag }: Sealed,
): Promise<Uint8Array | undefined> {
  if (tag.length !== tagBytes || input.iv.length !== 12) return undefined
  const key = await importAesKey('AES-GCM', input.key, 'decrypt')
  const joined = new Uint8Array(ciphertext.length + tagBytes)
  joined.set(ciphertext)
  joined.set(tag, ciphertext.length)
  try {
    return new Uint8Array(await subtle().decrypt(parameters(input), key, joined))
  } catch {
    return undefined
  }
}

function parameters({ iv, aad }: CipherInput): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv: iv as BufferSource,
    additionalData: aad as BufferSource,
    tagLength: tagBytes * 8,
  }
}
