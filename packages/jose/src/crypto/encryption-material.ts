/** Making, reading and writing the keys of encryption. All of them are WebCrypto's: every runtime has it. */
import type { AsymmetricKeyScheme } from './cipher-scheme.ts'
import { agreementParameters, hasAgreement } from './ecdh.ts'
import { lacks } from './runtime-name.ts'
import { subtle } from './subtle.ts'

/** An AES key, or a password. */
export interface EncryptionSecretMaterial {
  readonly kind: 'secret'
  readonly bytes: Uint8Array
}

/** A key of RSA-OAEP or of a key agreement. */
export interface EncryptionPairMaterial {
  readonly kind: 'public' | 'private'
  readonly scheme: AsymmetricKeyScheme
  readonly key: CryptoKey
  /** Public members always; private members only where the key is extractable. */
  readonly jwk: Readonly<Record<string, string>>
}

export type EncryptionMaterial = EncryptionSecretMaterial | EncryptionPairMaterial

type KeyParameters = AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams

/**
 * The runtime's key for checked JWK members.
 *
 * @throws {JoseError} `unsupported` where the runtime lacks the curve; what the runtime throws when it refuses the key
 */
export function importEncryptionJwkKey(
  kind: 'public' | 'private',
  scheme: AsymmetricKeyScheme,
  jwk: JsonWebKey,
): Promise<CryptoKey> {
  const parameters = keyParameters(scheme)
  return known(scheme, subtle().importKey('jwk', jwk, parameters, kind === 'public', usages(kind, scheme)))
}

/** The JWK of a private key in PKCS #8 that may lack its public half. Throws as `importEncryptionJwkKey`. */
export async function encryptionDerToJwk(
  pkcs8: Uint8Array,
  scheme: AsymmetricKeyScheme,
): Promise<JsonWebKey> {
  const parameters = keyParameters(scheme)
  const imported = subtle().importKey(
    'pkcs8',
    pkcs8 as BufferSource,
    parameters,
    true,
    usages('private', scheme),
  )
  return subtle().exportKey('jwk', await known(scheme, imported))
}

/** The private JWK of a new key pair. @throws {JoseError} `unsupported` */
export async function generateEncryptionJwk(
  scheme: AsymmetricKeyScheme,
  modulusBits: number,
): Promise<JsonWebKey> {
  const parameters = {
    ...(keyParameters(scheme) as RsaHashedImportParams),
    modulusLength: modulusBits,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
  const uses: KeyUsage[] = scheme.kind === 'ecdh' ? ['deriveBits'] : ['encrypt', 'decrypt']
  const made = subtle().generateKey(scheme.kind === 'ecdh' ? keyParameters(scheme) : parameters, true, uses)
  const pair = (await known(scheme, made)) as CryptoKeyPair
  return subtle().exportKey('jwk', pair.privateKey)
}

function keyParameters(scheme: AsymmetricKeyScheme): KeyParameters {
  return scheme.kind === 'ecdh' ? agreementParameters(scheme.curve) : { name: 'RSA-OAEP', hash: scheme.hash }
}

function usages(kind: 'public' | 'private', scheme: AsymmetricKeyScheme): KeyUsage[] {
  if (scheme.kind === 'ecdh') return kind === 'public' ? [] : ['deriveBits']
  return [kind === 'public' ? 'encrypt' : 'decrypt']
}

/** Tells a runtime that lacks the algorithm from one that refuses the key. */
async function known<T>(scheme: AsymmetricKeyScheme, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt
  } catch (cause) {
    if (scheme.kind !== 'ecdh' || (await hasAgreement(scheme.curve))) throw cause
    throw lacks(scheme.curve, cause)
  }
}
