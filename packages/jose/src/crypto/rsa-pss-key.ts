/**
 * An RSA key that is bound to PSS with one hash and one length of salt (RFC 4055 §3.1). With it `node:crypto` needs no
 * options object for each call, which on Node 24 costs as much as half the verification. OpenSSL holds signatures against
 * the key's own parameters, the length of the salt included.
 */
import { SEQUENCE } from '../encoding/der.ts'
import { writeBits, writeDer } from '../encoding/der-writer.ts'
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
  const der = sequence(identifier, writeBits(modulus))
  return node.createPublicKey({ key: der, format: 'der', type: 'spki' })
}

const pssIdentifier = Uint8Array.of(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10)
const mgf1Identifier = Uint8Array.of(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8)

/** RSASSA-PSS-params: the hash, MGF1 with the same hash, and the salt. */
function parameters(hashArc: number, saltBytes: number): Uint8Array {
  const hash = sequence(Uint8Array.of(0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, hashArc, 0x05, 0))
  const mask = sequence(mgf1Identifier, hash)
  const salt = Uint8Array.of(0x02, 1, saltBytes)
  return sequence(writeDer(0xa0, hash), writeDer(0xa1, mask), writeDer(0xa2, salt))
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return writeDer(SEQUENCE, ...parts)
}
