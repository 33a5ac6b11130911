/**
 * AES-CBC with HMAC-SHA-2 (RFC 7518 §5.2). The MAC is checked before anything is decrypted, so that nobody can ask about
 * the padding (CVE-2021-29443 and its like).
 */
import { concatBytes, equalBytes } from '../encoding/bytes.ts'
import { decryptCbc } from './aes-cbc.ts'
import type { CipherInput, Sealed } from './aes-gcm.ts'
import { importAesKey } from './aes-key.ts'
import { hmac } from './hmac.ts'
import type { HashName } from './scheme.ts'
import { subtle } from './subtle.ts'

/** Encrypts, then authenticates. */
export async function encryptCbcHmac(
  hash: HashName,
  input: CipherInput,
  plaintext: Uint8Array,
): Promise<Sealed> {
  const { encryptionKey } = splitKey(input.key)
  const key = await importAesKey('AES-CBC', encryptionKey, 'encrypt')
  const parameters = { name: 'AES-CBC', iv: input.iv as BufferSource }
  const ciphertext = new Uint8Array(await subtle().encrypt(parameters, key, plaintext as BufferSource))
  return { ciphertext, tag: tagOf(hash, input, ciphertext) }
}

/** The plaintext, or undefined when the tag is wrong, or (by whoever holds the key) the padding. */
export async function decryptCbcHmac(
  hash: HashName,
  input: CipherInput,
  { ciphertext, tag }: Sealed,
): Promise<Uint8Array | undefined> {
  if (!equalBytes(tagOf(hash, input, ciphertext), tag)) return undefined
  const { encryptionKey } = splitKey(input.key)
  return decryptCbc(encryptionKey, input.iv, ciphertext)
}

/** RFC 7518 §5.2.2.1: the initial half authenticates, the final half encrypts. */
function splitKey(key: Uint8Array): { macKey: Uint8Array; encryptionKey: Uint8Array } {
  const half = key.length / 2
  return { macKey: key.subarray(0, half), encryptionKey: key.subarray(half) }
}

function tagOf(hash: HashName, { key, iv, aad }: CipherInput, ciphertext: Uint8Array): Uint8Array {
  const data = concatBytes([aad, iv, ciphertext, bitLength(aad)])
  return hmac(hash, splitKey(key).macKey, data).subarray(0, key.length / 2)
}

/** AL: the number of bits of the AAD as 64 bits, big-endian; 32 bits would overflow (CVE-2016-9123). */
function bitLength(aad: Uint8Array): Uint8Array {
  const al = new Uint8Array(8)
  new DataView(al.buffer).setBigUint64(0, BigInt(aad.length) * 8n)
  return al
}
