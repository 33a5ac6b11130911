/**
 * Types of WebCrypto that a user's compiler knows by one name or another: the DOM's library names them globally, and the
 * types of Node do not. Only what our declarations show needs them.
 */

/** A key of WebCrypto (`CryptoKey`). */
export type WebKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>

/** A JWK as runtimes read and write it (`JsonWebKey`). */
export interface RuntimeJwk {
  alg?: string
  crv?: string
  d?: string
  dp?: string
  dq?: string
  e?: string
  ext?: boolean
  k?: string
  key_ops?: string[]
  kty?: string
  n?: string
  oth?: { d?: string; r?: string; t?: string }[]
  p?: string
  q?: string
  qi?: string
  use?: string
  x?: string
  y?: string
}
