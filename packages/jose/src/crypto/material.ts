/** Key material as the runtime holds it. */
import type { NodeKey } from './node-crypto.ts'
import { prepareTextMac, type TextMac } from './node-mac.ts'
import type { AsymmetricScheme, HashName } from './scheme.ts'

/** The runtime's own key: a key object of `node:crypto`, or a WebCrypto key. */
export type RuntimeKey = { readonly node: NodeKey } | { readonly web: CryptoKey }

export interface SecretMaterial {
  readonly kind: 'secret'
  readonly hash: HashName
  readonly bytes: Uint8Array
  /** The prepared fast way, where the runtime has one. */
  readonly textMac: TextMac | undefined
}

/** A public or private key: the runtime's key, and the JWK members that may be given out. */
export interface AsymmetricMaterial {
  readonly kind: 'public' | 'private'
  readonly scheme: AsymmetricScheme
  readonly key: RuntimeKey
  /** Octets that every signature of this key has. */
  readonly signatureBytes: number
  /** Public members always; private members only where the key is extractable. */
  readonly jwk: Readonly<Record<string, string>>
}

export type KeyMaterial = SecretMaterial | AsymmetricMaterial

/** The material of an HMAC secret. */
export function secretMaterial(hash: HashName, bytes: Uint8Array): SecretMaterial {
  return { kind: 'secret', hash, bytes, textMac: prepareTextMac(hash, bytes) }
}
