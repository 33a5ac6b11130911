/** Making, reading and writing asymmetric keys with what the runtime offers. Everything travels as a JWK. */
import type { RuntimeKey } from './material.ts'
import type { Awaitable } from './awaitable.ts'
import { type NodeKey, nodeCrypto } from './node-crypto.ts'
import type { AsymmetricScheme } from './scheme.ts'
import { subtle } from './subtle.ts'
import { importNodeKey, nodeHas, nodeKeyKind } from './node-keys.ts'
import { generateParameters, importParameters } from './web-parameters.ts'

/** The runtime's key for checked JWK members. Throws what the runtime throws when it refuses them. */
export function importRuntimeKey(
  kind: 'public' | 'private',
  scheme: AsymmetricScheme,
  jwk: JsonWebKey,
): Awaitable<RuntimeKey> {
  const node = importNodeKey(kind, scheme, jwk)
  if (node !== undefined) return { node }
  const usage: KeyUsage = kind === 'public' ? 'verify' : 'sign'
  return subtle()
    .importKey('jwk', jwk, importParameters(scheme), kind === 'public', [usage])
    .then((web) => ({ web }))
}

/** The JWK of a private key in PKCS #8 that may lack its public half; `scheme` must fit the algorithm that it names. */
export async function derToJwk(pkcs8: Uint8Array, scheme: AsymmetricScheme): Promise<JsonWebKey> {
  if (nodeHas(scheme)) {
    return nodeCrypto!
      .createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
      .export({ format: 'jwk' })
  }
  const parameters = importParameters(scheme)
  const key = await subtle().importKey('pkcs8', pkcs8 as BufferSource, parameters, true, ['sign'])
  return subtle().exportKey('jwk', key)
}

/** The private JWK of a new key pair. */
export async function generateJwk(scheme: AsymmetricScheme, modulusBits: number): Promise<JsonWebKey> {
  if (nodeHas(scheme)) return (await generateNodeKey(scheme, modulusBits)).export({ format: 'jwk' })
  const pair = (await subtle().generateKey(generateParameters(scheme, modulusBits), true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return subtle().exportKey('jwk', pair.privateKey)
}

function generateNodeKey(scheme: AsymmetricScheme, modulusBits: number): Promise<NodeKey> {
  const { type, options } = nodeKeyKind(scheme, modulusBits)
  return new Promise((resolve, reject) => {
    nodeCrypto?.generateKeyPair(type, options, (error, _publicKey, privateKey) =>
      error === null ? resolve(privateKey) : reject(error),
    )
  })
}
