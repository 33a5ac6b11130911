/**
 * The one way to the WebAssembly that does the hot part of a token in one call (`wasm-token-engine.ts`): a MAC with the
 * key's blocks hashed before, its comparison in constant time, strict base64url, and a look at the JSON. It is loaded once
 * enough tokens came to be worth it, and never needed: until it is there, and wherever a runtime or a policy forbids to
 * compile code, the same is done without it, with the same verdicts.
 */
import type { TokenEngine } from './engine.ts'
import { nodeVersion } from './node-crypto.ts'

/** Tokens that come before the engine is asked for: fewer do not pay for compiling it. */
const firstTokens = 100

let engine: TokenEngine | undefined
let waiting = nodeVersion === undefined ? Infinity : firstTokens

/** The engine, once it is there. Each call counts as one token. */
export function tokenEngine(): TokenEngine | undefined {
  if (engine === undefined && waiting > 0) {
    waiting -= 1
    if (waiting === 0) void useTokenEngine('wasm')
  }
  return engine
}

/** The engines: WebAssembly, and the one for where code must not be compiled. */
export type EngineName = 'wasm' | 'node'

/**
 * Loads an engine, or goes on without any; for tests and measurements, which want to know what they look at.
 *
 * @returns whether it is there; in place of WebAssembly the other one is taken where it can be
 */
export async function useTokenEngine(wanted: EngineName | 'none'): Promise<boolean> {
  waiting = 0
  engine = undefined
  if (wanted === 'none') return false
  if (wanted === 'node') return useNodeEngine()
  try {
    const { createTokenEngine } = await import('./wasm-token-engine.ts')
    engine = await createTokenEngine()
    return true
  } catch {
    // No WebAssembly, no SIMD, or a policy against compiling code.
    await useNodeEngine()
    return false
  }
}

async function useNodeEngine(): Promise<boolean> {
  try {
    const { createNodeTokenEngine } = await import('./node-token-engine.ts')
    engine = createNodeTokenEngine()
  } catch {
    // No one-shot hash, or no decoder.
  }
  return engine !== undefined
}
