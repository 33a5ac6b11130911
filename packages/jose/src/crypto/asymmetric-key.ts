/** Making, reading and writing asymmetric keys with what the runtime offers. Everything travels as a JWK. */
import type { RuntimeKey } from './material.ts'
import type { Awaitable } from './awaitable.ts'
import { nodeCrypto } from './node-crypto.ts'
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
  if (nodeHas(scheme)) return derToJwk(await generateNodeKey(scheme, modulusBits), scheme)
  const pair = (await subtle().generateKey(generateParameters(scheme, modulusBits), true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return subtle().exportKey('jwk', pair.privateKey)
}

/**
 * The PKCS #8 of a new key. Not the key itself: Node 20 holds a lock of it while a JWK is written, and what made the key
 * takes the same lock when it is collected as garbage. Where that happens meanwhile, the process stands still for ever.
 */
function generateNodeKey(scheme: AsymmetricScheme, modulusBits: number): Promise<Uint8Array> {
  const { type, options } = nodeKeyKind(scheme, modulusBits)
  const encoded = {
    ...options,
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  } as const
  return new Promise((resolve, reject) => {
    nodeCrypto?.generateKeyPair(type, encoded, (error, _publicKey, privateKey) =>
      error === null ? resolve(privateKey) : reject(error),
    )
  })
}
