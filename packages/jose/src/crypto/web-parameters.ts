/** The parameter objects that WebCrypto wants for each scheme. */
import type { AsymmetricScheme } from './scheme.ts'

/** For `importKey`. */
export function importParameters(
  scheme: AsymmetricScheme,
): AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams {
  if (scheme.kind === 'eddsa') return { name: scheme.curve }
  if (scheme.kind === 'ml-dsa') return { name: scheme.set }
  if (scheme.kind === 'ecdsa') return { name: 'ECDSA', namedCurve: scheme.curve }
  return { name: scheme.kind === 'rsa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: scheme.hash }
}

/** For `generateKey`. */
export function generateParameters(
  scheme: AsymmetricScheme,
  modulusBits: number,
): AlgorithmIdentifier | RsaHashedKeyGenParams | EcKeyGenParams {
  if (scheme.kind !== 'rsa-pkcs1' && scheme.kind !== 'rsa-pss') return importParameters(scheme)
  return {
    ...(importParameters(scheme) as RsaHashedImportParams),
    modulusLength: modulusBits,
    publicExponent: new Uint8Array([1, 0, 1]),
  }
}

/** For `sign` and `verify`. */
export function signParameters(scheme: AsymmetricScheme): AlgorithmIdentifier | RsaPssParams | EcdsaParams {
  if (scheme.kind === 'eddsa') return { name: scheme.curve }
  if (scheme.kind === 'ml-dsa') return { name: scheme.set }
  if (scheme.kind === 'ecdsa') return { name: 'ECDSA', hash: scheme.hash }
  return scheme.kind === 'rsa-pss'
    ? { name: 'RSA-PSS', saltLength: scheme.saltBytes }
    : { name: 'RSASSA-PKCS1-v1_5' }
}
