/** Authenticated encryption of content, whatever the scheme. */
import { decryptCbcHmac, encryptCbcHmac } from './aes-cbc-hmac.ts'
import { type CipherInput, decryptGcm, encryptGcm, type Sealed } from './aes-gcm.ts'
import type { ContentScheme } from './cipher-scheme.ts'

/** Encrypts content. @throws {JoseError} `unsupported` where the runtime lacks the key size */
export function encryptContent(
  scheme: ContentScheme,
  input: CipherInput,
  plaintext: Uint8Array,
): Promise<Sealed> {
  return scheme.kind === 'gcm' ? encryptGcm(input, plaintext) : encryptCbcHmac(scheme.hash, input, plaintext)
}

/** The plaintext, or undefined for any fault of key, iv, AAD, ciphertext or tag. @throws {JoseError} `unsupported` */
export function decryptContent(
  scheme: ContentScheme,
  input: CipherInput,
  sealed: Sealed,
): Promise<Uint8Array | undefined> {
  return scheme.kind === 'gcm' ? decryptGcm(input, sealed) : decryptCbcHmac(scheme.hash, input, sealed)
}
