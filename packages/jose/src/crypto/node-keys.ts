/** Which keys are those of `node:crypto` here. */
import { isNode, type NodeKey, nodeCrypto } from './node-crypto.ts'
import { decodeCanonical } from '../encoding/base64url.ts'
import { isOnCurve } from './curve-point.ts'
import type { AsymmetricScheme, CurveName } from './scheme.ts'

/** What `node:crypto` calls a kind of key, and what it needs to make one. */
export interface NodeKeyKind {
  readonly type: string
  readonly options: { readonly namedCurve?: string; readonly modulusLength?: number }
}

/** The kind of key that a scheme needs. */
export function nodeKeyKind(scheme: AsymmetricScheme, modulusBits = 2048): NodeKeyKind {
  if (scheme.kind === 'ecdsa') return { type: 'ec', options: { namedCurve: scheme.curve } }
  if (scheme.kind === 'eddsa') return { type: scheme.curve.toLowerCase(), options: {} }
  if (scheme.kind === 'ml-dsa') return { type: scheme.set.toLowerCase(), options: {} }
  return { type: 'rsa', options: { modulusLength: modulusBits } }
}

const nodeKnows = new Map<string, boolean>()

/** Whether the keys of a scheme are those of `node:crypto` here. Deno has ML-DSA in WebCrypto alone, for example. */
export function nodeHas(scheme: AsymmetricScheme): boolean {
  if (nodeCrypto === undefined) return false
  if (isEverywhere(scheme) || isWidespread(scheme)) return true
  const { type, options } = nodeKeyKind(scheme)
  const name = `${type} ${options.namedCurve ?? ''}`
  const known = nodeKnows.get(name)
  if (known !== undefined) return known
  let has = true
  try {
    nodeCrypto.generateKeyPairSync(type, options)
  } catch {
    has = false
  }
  nodeKnows.set(name, has)
  return has
}

function isEverywhere({ kind }: AsymmetricScheme): boolean {
  return kind === 'rsa-pkcs1' || kind === 'rsa-pss'
}

/** What every `node:crypto` has. */
function isWidespread(scheme: AsymmetricScheme): boolean {
  if (scheme.kind === 'ecdsa') return scheme.curve !== 'secp256k1'
  return scheme.kind === 'eddsa' && scheme.curve === 'Ed25519'
}

/** The key of checked JWK members, where it is one of `node:crypto`. Throws what that throws when it refuses them. */
export function importNodeKey(
  kind: 'public' | 'private',
  scheme: AsymmetricScheme,
  jwk: JsonWebKey,
): NodeKey | undefined {
  if (!nodeHas(scheme)) return undefined
  if (scheme.kind === 'ecdsa' && !isNode) requireOnCurve(scheme.curve, jwk)
  const source = { key: jwk, format: 'jwk' } as const
  try {
    return kind === 'public' ? nodeCrypto!.createPublicKey(source) : nodeCrypto!.createPrivateKey(source)
  } catch (error) {
    // That of Deno takes no RSA above 4096 bits, and its WebCrypto does.
    if (isNode || jwk.kty !== 'RSA') throw error
    return undefined
  }
}

/** Node.js sees this by itself, and so does every browser's WebCrypto; that of Deno 2.9 does not. */
function requireOnCurve(curve: CurveName, { x, y }: JsonWebKey): void {
  if (!isOnCurve(curve, decodeCanonical(x!)!, decodeCanonical(y!)!)) throw new RangeError('not on the curve')
}
