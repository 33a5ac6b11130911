/**
 * An RSA key that is bound to PSS with one hash and one length of salt (RFC 4055 §3.1). With it `node:crypto` needs no
 * options object for each call, which on Node 24 costs as much as half the verification. OpenSSL holds signatures against
 * the key's own parameters, the length of the salt included.
 */
import { concatBytes } from '../encoding/bytes.ts'
import { isNode, type NodeCrypto, type NodeKey } from './node-crypto.ts'
import type { HashName } from './scheme.ts'

/** The last octet of the hashes' object identifiers, 2.16.840.1.101.3.4.2.n. */
const hashArcs: Readonly<Record<HashName, number>> = { 'SHA-256': 1, 'SHA-384': 2, 'SHA-512': 3 }

/** The public key under the name id-RSASSA-PSS; undefined on runtimes that are not known to hold signatures against it. */
export function bindToPss(
  node: NodeCrypto,
  key: NodeKey,
  { hash, saltBytes }: { hash: HashName; saltBytes: number },
): NodeKey | undefined {
  if (!isNode) return undefined
  const identifier = sequence(pssIdentifier, parameters(hashArcs[hash], saltBytes))
  const modulus = key.export({ format: 'der', type: 'pkcs1' })
  const der = sequence(identifier, element(0x03, Uint8Array.of(0), modulus))
  return node.createPublicKey({ key: der, format: 'der', type: 'spki' })
}

const pssIdentifier = Uint8Array.of(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10)
const mgf1Identifier = Uint8Array.of(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8)

/** RSASSA-PSS-params: the hash, MGF1 with the same hash, and the salt. */
function parameters(hashArc: number, saltBytes: number): Uint8Array {
  const hash = sequence(Uint8Array.of(0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hashArc, 0x05, 0))
  const mask = sequence(mgf1Identifier, hash)
  const salt = Uint8Array.of(0x02, 1, saltBytes)
  return sequence(element(0xa0, hash), element(0xa1, mask), element(0xa2, salt))
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(0x30, ...parts)
}

function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(parts)
  const { length } = content
  const octets = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return concatBytes([Uint8Array.of(tag, ...octets), content])
}
