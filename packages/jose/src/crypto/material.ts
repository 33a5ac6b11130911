/**
 * Key material as the runtime holds it, and what it can do: the operations are prepared when the key is made, so that
 * nothing is decided again for each token, and a bundle carries only the kinds of keys that it makes.
 */
import type { JsonObject } from '../encoding/json.ts'
import type { JsonText } from '../encoding/json-parser.ts'
import type { Awaitable } from './awaitable.ts'
import type { NodeKey } from './node-crypto.ts'
import type { WebKey } from './runtime-types.ts'
import type { AsymmetricScheme, HashName } from './scheme.ts'
import type { Dots } from './engine.ts'

/** The runtime's own key: a key object of `node:crypto`, or a WebCrypto key. */
export type RuntimeKey = { readonly node: NodeKey } | { readonly web: WebKey }

/** Whether a signature or MAC is that of the data; false, never an exception, for one of any other shape. */
export type VerifyBytes = (data: Uint8Array, signature: Uint8Array) => Awaitable<boolean>

/** The signature or MAC of data. */
export type SignBytes = (data: Uint8Array) => Awaitable<Uint8Array>

/** What a secret verifies with. */
export interface SecretVerification {
  readonly kind: 'secret'
  readonly verify: VerifyBytes
  /**
   * The payload of a compact token with this header, where there is a fast way to it; false when nothing but its MAC is
   * wrong, undefined when that is not known.
   */
  readonly openKnown?: (header: string, token: string) => JsonText | false | undefined
  /**
   * The payload of a compact token that ends in the MAC of what stands before its last dot, where there is a fast way to it;
   * undefined for any other.
   */
  readonly openToken?: (token: string, dots: Dots) => JsonText | undefined
}

/** A secret signs and verifies, at once on every runtime. */
export interface SecretMaterial extends SecretVerification {
  readonly scheme: { readonly kind: 'hmac'; readonly hash: HashName }
  readonly bytes: Uint8Array
  readonly sign: (data: Uint8Array) => Uint8Array
  readonly verify: (data: Uint8Array, mac: Uint8Array) => boolean
  /** The MAC of ASCII text, as base64url text. */
  readonly signText: (text: string) => string
  /** The compact token of an encoded header and of claims, where there is a fast way to it. */
  readonly signToken?: (header: string, claims: JsonObject) => string | undefined
}

interface AsymmetricMaterialBase {
  readonly scheme: AsymmetricScheme
  /** Octets that every signature of this key has. */
  readonly signatureBytes: number
  /** Public members always; private members only where the key is extractable. */
  readonly jwk: Readonly<Record<string, string>>
}

/** A public key verifies, and cannot sign. */
export interface PublicMaterial extends AsymmetricMaterialBase {
  readonly kind: 'public'
  readonly key: RuntimeKey
  /** Asked about signatures of `signatureBytes` octets alone. */
  readonly verify: VerifyBytes
}

/** A private key signs, and cannot verify. */
export interface PrivateMaterial extends AsymmetricMaterialBase {
  readonly kind: 'private'
  /** Undefined where the key itself is somewhere else. */
  readonly key: RuntimeKey | undefined
  readonly sign: SignBytes
  /** The same on another thread, where signing takes so long that others would wait for it. */
  readonly signElsewhere?: (data: Uint8Array) => Promise<Uint8Array>
}

export type AsymmetricMaterial = PublicMaterial | PrivateMaterial
export type KeyMaterial = SecretMaterial | AsymmetricMaterial
/** What verifies. */
export type VerifyingMaterial = SecretVerification | PublicMaterial
