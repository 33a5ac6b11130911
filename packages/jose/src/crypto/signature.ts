/** Signing and verifying bytes with key material: synchronous where the runtime can, a promise elsewhere. */
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { type Awaitable, chain } from './awaitable.ts'
import { hmac } from './hmac.ts'
import type { AsymmetricMaterial, KeyMaterial } from './material.ts'
import { fitsTextMac } from './node-mac.ts'
import { type NodeCrypto, type NodeKey, nodeCrypto } from './node-crypto.ts'
import type { AsymmetricScheme } from './scheme.ts'
import { signParameters } from './web-parameters.ts'
import { subtle } from './subtle.ts'

/** The signature or MAC of data. */
export function signBytes(material: KeyMaterial, data: Uint8Array): Awaitable<Uint8Array> {
  if (material.kind === 'secret') return hmac(material.hash, material.bytes, data)
  const { key, scheme } = material
  if ('node' in key) return nodeSign(nodeCrypto!, scheme, key.node, data)
  return subtle()
    .sign(signParameters(scheme), key.web, data as BufferSource)
    .then((signature) => new Uint8Array(signature))
}

/** The signature or MAC of ASCII text, as base64url text. */
export function signText(material: KeyMaterial, text: string): Awaitable<string> {
  if (material.kind === 'secret' && material.textMac !== undefined && fitsTextMac(text)) {
    return material.textMac.sign(text)
  }
  return chain(signBytes(material, encodeAscii(text)), encodeBase64url)
}

/**
 * Whether a compact token ends in the signature or MAC of what stands before its last dot.
 *
 * @param signedLength - characters before the last dot
 * @throws {JoseError} `malformed` for a signature of a public key that is not base64url
 */
export function verifyTokenText(
  material: KeyMaterial,
  token: string,
  signedLength: number,
): Awaitable<boolean> {
  if (material.kind === 'secret' && material.textMac !== undefined && fitsTextMac(token)) {
    return material.textMac.verify(token, signedLength)
  }
  const signature = decodeBase64url(token.slice(signedLength + 1), 'signature')
  return verifyBytes(material, encodeAscii(token.slice(0, signedLength)), signature)
}

/** Whether a signature or MAC is that of the data. False, never an exception, for a signature of any other shape. */
export function verifyBytes(
  material: KeyMaterial,
  data: Uint8Array,
  signature: Uint8Array,
): Awaitable<boolean> {
  if (material.kind === 'secret') return equalBytes(hmac(material.hash, material.bytes, data), signature)
  // Some verifiers forgive a wrong length (leading zeros of RSA, DER in place of r ‖ s); none gets to see one.
  if (signature.length !== material.signatureBytes) return false
  return verifyAsymmetric(material, data, signature)
}

function verifyAsymmetric(
  material: AsymmetricMaterial,
  data: Uint8Array,
  signature: Uint8Array,
): Awaitable<boolean> {
  const { key, scheme } = material
  if ('node' in key) return nodeVerify(nodeCrypto!, { scheme, key: key.node }, data, signature)
  return subtle().verify(signParameters(scheme), key.web, signature as BufferSource, data as BufferSource)
}

function nodeSign(node: NodeCrypto, scheme: AsymmetricScheme, key: NodeKey, data: Uint8Array): Uint8Array {
  return node.sign(nodeHash(scheme), data, nodeKeyArgument(node, scheme, key))
}

function nodeVerify(
  node: NodeCrypto,
  { scheme, key }: { scheme: AsymmetricScheme; key: NodeKey },
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return node.verify(nodeHash(scheme), data, nodeKeyArgument(node, scheme, key), signature)
}

type KeyArgument = Parameters<NodeCrypto['sign']>[2]

function nodeKeyArgument(node: NodeCrypto, scheme: AsymmetricScheme, key: NodeKey): KeyArgument {
  if (scheme.kind === 'ecdsa') return { key, dsaEncoding: 'ieee-p1363' }
  if (scheme.kind === 'rsa-pss')
    return { key, padding: node.constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltBytes }
  return key
}

function nodeHash(scheme: AsymmetricScheme): string | null {
  if (scheme.kind === 'eddsa' || scheme.kind === 'ml-dsa') return null
  return scheme.hash.replace('-', '').toLowerCase()
}
