/**
 * The one way to the WebAssembly that does the hot part of a token in one call (`wasm-token-engine.ts`): a MAC with the
 * key's blocks hashed before, its comparison in constant time, strict base64url, and a look at the JSON. It is loaded once
 * enough tokens came to be worth it, and never needed: until it is there, and wherever a runtime or a policy forbids to
 * compile code, the same is done without it, with the same verdicts.
 */
import type { JsonText } from '../encoding/json.ts'
import { nodeVersion } from './node-crypto.ts'

/** What stands between the dots of a compact token. */
export interface Dots {
  readonly firstDot: number
  readonly secondDot: number
}

/** A secret for HMAC-SHA-256, prepared. It holds hashed key blocks, and is as secret as the key. */
export type KeyContext = Uint8Array

/** Every text is of ASCII and at most `longestText` characters. */
export interface TokenEngine {
  /** Prepares a secret of at most 64 octets. */
  prepareKey(secret: Uint8Array): KeyContext
  /**
   * The payload of a compact token that ends in its MAC; undefined for any other, and for a payload that is not canonical
   * base64url.
   *
   * @throws {JoseError} `malformed` for a payload that is not UTF-8
   */
  openToken(key: KeyContext, token: string, dots: Dots): JsonText | undefined
  /**
   * `openToken` for a token whose header is this one, in less time: false when nothing but its MAC is wrong, undefined when
   * it is another token or something else is wrong with it. The header passed its checks before.
   */
  openKnown(key: KeyContext, header: string, token: string): JsonText | false | undefined
  /** A payload as it stands in a token; undefined when it is not canonical base64url. @throws {JoseError} as `openToken` */
  readPayload(encoded: string): JsonText | undefined
  /** The compact token of an encoded header and the text of a payload. */
  signToken(key: KeyContext, header: string, payload: string): string
}

/** Characters that the engine takes at most. */
export const longestText = 16_384

/** Characters of a header that `openKnown` takes, the shortest that there is and the longest. */
export const knownHeader = { shortest: 8, longest: 500 } as const

/** Tokens that come before the engine is asked for: fewer do not pay for compiling it. */
const firstTokens = 100

let engine: TokenEngine | undefined
let waiting = nodeVersion === undefined ? Number.POSITIVE_INFINITY : firstTokens

/** The engine, once it is there. Each call counts as one token. */
export function tokenEngine(): TokenEngine | undefined {
  if (engine === undefined && waiting > 0) {
    waiting -= 1
    if (waiting === 0) void useTokenEngine(true)
  }
  return engine
}

/**
 * Loads the engine, or goes on without one; for tests and measurements, which want to know what they look at.
 *
 * @returns whether there is one now
 */
export async function useTokenEngine(wanted: boolean): Promise<boolean> {
  waiting = 0
  engine = undefined
  if (!wanted) return false
  try {
    const { createTokenEngine } = await import('./wasm-token-engine.ts')
    engine = await createTokenEngine()
  } catch {
    // No WebAssembly, no SIMD, or a policy against compiling code.
  }
  return engine !== undefined
}
