/**
 * `node:crypto`, where the runtime has it, reached without an import so that bundles still run in a browser. Only the
 * few functions that this room uses are described.
 */

import type { RuntimeJwk } from './runtime-types.ts'
import type { HashName } from './scheme.ts'

/** A key object of `node:crypto`. */
export interface NodeKey {
  readonly type: 'public' | 'private' | 'secret'
  export(options: { format: 'jwk' }): RuntimeJwk
  export(options: { format: 'der'; type: 'pkcs1' }): Uint8Array
}

/** A key as it goes into an operation. */
export type NodeKeyArgument =
  | NodeKey
  | { readonly key: NodeKey; readonly padding: number; readonly saltLength: number }
type NodeKeySource =
  | { key: RuntimeJwk; format: 'jwk' }
  | { key: Uint8Array; format: 'der'; type: 'spki' | 'pkcs8' }
type GenerateOptions = { modulusLength?: number; publicExponent?: number; namedCurve?: string }

export interface NodeCrypto {
  createPublicKey(source: NodeKeySource): NodeKey
  createPrivateKey(source: NodeKeySource): NodeKey
  createHmac(hash: string, key: Uint8Array): { update(data: Uint8Array): { digest(): Uint8Array } }
  /** One shot; Node 20.12 and later. */
  readonly hash?: (hash: string, data: Uint8Array, output: 'latin1' | 'base64url') => string
  createHash(hash: string): { update(data: Uint8Array): { digest(): Uint8Array } }
  sign(hash: string | null, data: Uint8Array, key: NodeKeyArgument): Uint8Array
  /** The same on the thread pool. */
  sign(
    hash: string | null,
    data: Uint8Array,
    key: NodeKeyArgument,
    done: (error: Error | null, signature: Uint8Array) => void,
  ): void
  verify(hash: string | null, data: Uint8Array, key: NodeKeyArgument, signature: Uint8Array): boolean
  generateKeyPairSync(type: string, options: GenerateOptions): unknown
  generateKeyPair(
    type: string,
    options: GenerateOptions & {
      readonly publicKeyEncoding: { readonly format: 'der'; readonly type: 'spki' }
      readonly privateKeyEncoding: { readonly format: 'der'; readonly type: 'pkcs8' }
    },
    done: (error: Error | null, publicKey: Uint8Array, privateKey: Uint8Array) => void,
  ): void
  readonly constants: { readonly RSA_PKCS1_PSS_PADDING: number }
}

interface Global {
  readonly process?: {
    readonly versions?: { readonly node?: string; readonly bun?: string; readonly deno?: string }
    readonly getBuiltinModule?: (name: string) => unknown
  }
  readonly WebSocketPair?: unknown
}

/** What `node:crypto` calls each hash. */
export const nodeHashNames: Readonly<Record<HashName, string>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** The version of Node.js, or the one that another runtime says it is like. */
export const nodeVersion: string | undefined = (globalThis as Global).process?.versions?.node

/** Whether this is Node.js itself, whose `node:crypto` is OpenSSL: Bun and Deno have a `node:crypto` of their own. */
export const isNode: boolean = isNodeItself()

function isNodeItself(): boolean {
  const { node, bun, deno } = (globalThis as Global).process?.versions ?? {}
  return node !== undefined && bun === undefined && deno === undefined
}

/** `node:crypto`, or undefined where it is missing or (workerd) cannot verify with key objects. */
export const nodeCrypto: NodeCrypto | undefined = findNodeCrypto()

function findNodeCrypto(): NodeCrypto | undefined {
  const { process, WebSocketPair } = globalThis as Global
  if (typeof process?.versions?.node !== 'string' || WebSocketPair !== undefined) return undefined
  return process.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined
}
