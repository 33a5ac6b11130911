/** JSON Web Encryption (RFC 7516): every serialization. Decrypting proves who encrypted only where the key is a shared secret. */
export { decryptCompact, type DecryptedCompact, encryptCompact } from './compact.ts'
export type { DecryptOptions } from './decrypt-options.ts'
export type { Plaintext } from './encrypt.ts'
export type { EncryptOptions } from './encrypt-options.ts'
export type { DecryptionInput } from './encryption-keys.ts'
export {
  decryptFlattened,
  encryptFlattened,
  type EncryptJsonOptions,
  type FlattenedJwe,
} from './flattened.ts'
export { decryptGeneral, encryptGeneral, type GeneralJwe, type Recipient } from './general.ts'
export type { JweHeader } from './header.ts'
export type { DecryptedJson } from './json-serialization.ts'
export type { DecryptionKeySelector, DecryptionKeySet } from '../jwk/decryption-key-set.ts'
export type { ContentEncryptionAlgorithm, KeyManagementAlgorithm } from '../jwa/encryption-algorithm.ts'
