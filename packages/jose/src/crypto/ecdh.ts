/** Diffie-Hellman on the NIST curves (SP 800-56A §5.7.1.2), X25519 and X448 (RFC 7748 §6). */
import type { AgreementCurve } from './cipher-scheme.ts'
import { probe } from './probe.ts'
import { subtle } from './subtle.ts'

/** Octets of the shared secret of each curve. */
const secretBytes: Readonly<Record<AgreementCurve, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
  X25519: 32,
  X448: 56,
}

/** The name of a curve's algorithm, for `importKey` and `generateKey`. */
export function agreementParameters(curve: AgreementCurve): AlgorithmIdentifier | EcKeyImportParams {
  return curve === 'X25519' || curve === 'X448' ? { name: curve } : { name: 'ECDH', namedCurve: curve }
}

/**
 * The shared secret of two keys of one curve, or undefined when there is none. On X25519 and X448 a secret of zeros comes
 * from a point of low order, whatever the private key is, and then everybody knows it (RFC 7748 §6.1, RFC 8037 §3.2); on
 * the NIST curves it is one secret among others.
 */
export async function agreeSecret(
  curve: AgreementCurve,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
): Promise<Uint8Array | undefined> {
  const { name } = privateKey.algorithm
  try {
    const bits = await subtle().deriveBits({ name, public: publicKey }, privateKey, secretBytes[curve] * 8)
    const secret = new Uint8Array(bits)
    return curve.startsWith('P') || secret.some((byte) => byte !== 0) ? secret : undefined
  } catch {
    return undefined
  }
}

/** A key pair for one message: its private key, and the public JWK that travels in the header. */
export async function generateEphemeralKey(
  curve: AgreementCurve,
): Promise<{ readonly privateKey: CryptoKey; readonly publicJwk: Record<string, string> }> {
  const pair = (await subtle().generateKey(agreementParameters(curve), true, ['deriveBits'])) as CryptoKeyPair
  const { kty, crv, x, y } = await subtle().exportKey('jwk', pair.publicKey)
  return {
    privateKey: pair.privateKey,
    publicJwk: { kty: kty!, crv: crv!, x: x!, ...(y === undefined ? {} : { y }) },
  }
}

/** Whether the runtime has a curve. */
export function hasAgreement(curve: AgreementCurve): Promise<boolean> {
  return probe(curve, () => generateEphemeralKey(curve))
}

/** The runtime's public key for checked JWK members. Throws what the runtime throws when it refuses them. */
export function importAgreementKey(curve: AgreementCurve, jwk: JsonWebKey): Promise<CryptoKey> {
  return subtle().importKey('jwk', jwk, agreementParameters(curve), true, [])
}
