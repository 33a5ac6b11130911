/** What a token engine does, and how much it takes at once (`token-engine.ts`). */
import type { JsonObject } from '../encoding/json.ts'
import type { JsonText } from '../encoding/json-parser.ts'

/** What stands between the dots of a compact token. */
export interface Dots {
  readonly firstDot: number
  readonly secondDot: number
}

/** What a compact token holds behind its header. */
export interface UnverifiedParts {
  readonly payload: JsonText
  readonly signature: Uint8Array
}

/**
 * Every text is of ASCII and at most `longestText` characters. A key is a secret for HMAC-SHA-256 as this engine wants it; it
 * is as secret as the octets that it was made of.
 */
export interface TokenEngine<Key extends object = object> {
  /** Prepares a secret of at most 64 octets. */
  prepareKey(secret: Uint8Array): Key
  /**
   * The payload of a compact token that ends in its MAC; undefined for any other, and for a payload that is not canonical
   * base64url.
   *
   * @throws {JoseError} `malformed` for a payload that is not UTF-8
   */
  openToken(key: Key, token: string, dots: Dots): JsonText | undefined
  /**
   * `openToken` for a token whose header is this one, in less time: false when nothing but its MAC is wrong, undefined when
   * it is another token or something else is wrong with it. The header passed its checks before.
   */
  openKnown(key: Key, header: string, token: string): JsonText | false | undefined
  /**
   * The payload of a compact token, once it was asked whether its signature is good: what was signed, then the octets of the
   * signature, both read before anything else happens. False when it is not; undefined for what is not ASCII in canonical
   * base64url, of which nothing was asked or nothing said.
   *
   * @throws {JoseError} as `openToken`
   */
  openSigned(
    token: string,
    dots: Dots,
    isGood: (data: Uint8Array, signature: Uint8Array) => boolean,
  ): JsonText | false | undefined
  /** A payload as it stands in a token; undefined when it is not canonical base64url. @throws {JoseError} as `openToken` */
  readPayload(encoded: string): JsonText | undefined
  /**
   * The payload and the signature of a compact token that nobody verified, undefined where either is not canonical base64url.
   * What is learned of the payload serves others of that kind alone.
   *
   * @throws {JoseError} as `openToken`
   */
  readUnverified(token: string, dots: Dots): UnverifiedParts | undefined
  /**
   * The compact token of an encoded header, as long as `openKnown` takes them, and of claims that are plain copies; undefined
   * for one that may be too long.
   */
  signToken(key: Key, header: string, claims: JsonObject): string | undefined
  /** The same with a signature that is made at once, of octets that are there until then. */
  signWith?(sign: (data: Uint8Array) => Uint8Array, header: string, claims: JsonObject): string | undefined
}

/** Characters that the engine takes at most. */
export const longestText = 16_384

/** A token of the longest text holds no more octets. */
export const longestPayload: number = (longestText / 4) * 3

/** Characters of a MAC of SHA-256, with the dot in front of it. */
export const macCharacters = 44

/** Whether a token that is to be signed may have no room, or has no payload. */
export function isTooLong(header: string, octets: number, signatureCharacters: number): boolean {
  return octets < 0 || header.length + 2 + (octets * 4) / 3 + signatureCharacters > longestText
}

/** Characters of a header that `openKnown` and `signToken` take, the shortest that there is and the longest. */
export const knownHeader = { shortest: 8, longest: 500 } as const
