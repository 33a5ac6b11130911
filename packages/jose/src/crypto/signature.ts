/** Signing and verifying bytes and text with key material: synchronous where the runtime can, a promise elsewhere. */
import { decodeCanonical, encodeBase64url } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { JsonText } from '../encoding/json-parser.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { JoseError } from '../errors.ts'
import { type Awaitable, chain } from './awaitable.ts'
import type { KeyMaterial, PrivateMaterial, RuntimeKey, VerifyBytes, VerifyingMaterial } from './material.ts'
import { isCanonicalEdwards } from './edwards.ts'
import { nodeCrypto } from './node-crypto.ts'
import { asciiOctets, prepareNodeSign, prepareNodeVerify } from './node-signature.ts'
import { readPayload } from './payload-text.ts'
import type { AsymmetricScheme } from './scheme.ts'
import { subtle } from './subtle.ts'
import { type Dots, knownHeader, longestText } from './engine.ts'
import { tokenEngine } from './token-engine.ts'
import { signParameters } from './web-parameters.ts'

/** The verification of a public key, whichever way the runtime holds it; `members` are those of its JWK. */
export function prepareVerify(
  scheme: AsymmetricScheme,
  key: RuntimeKey,
  members: Readonly<Record<string, string>>,
): VerifyBytes {
  const verify = prepareRuntimeVerify(scheme, key)
  if (scheme.kind === 'rsa-pss') {
    const modulus = decodeCanonical(members['n']!)!
    return (data, signature) => isBelowModulus(signature, modulus) && verify(data, signature)
  }
  if (scheme.kind !== 'eddsa') return verify
  const { curve } = scheme
  return (data, signature) => isCanonicalEdwards(curve, signature) && verify(data, signature)
}

function prepareRuntimeVerify(scheme: AsymmetricScheme, key: RuntimeKey): VerifyBytes {
  if ('node' in key) return prepareNodeVerify(nodeCrypto!, scheme, key.node)
  const parameters = signParameters(scheme)
  return (data, signature) =>
    subtle().verify(parameters, key.web, signature as BufferSource, data as BufferSource)
}

/** The signing of a private key. */
export function prepareSign(
  scheme: AsymmetricScheme,
  key: RuntimeKey,
): Pick<PrivateMaterial, 'sign' | 'signElsewhere'> {
  if ('node' in key) return prepareNodeSign(nodeCrypto!, scheme, key.node)
  const parameters = signParameters(scheme)
  return {
    sign: async (data) => new Uint8Array(await subtle().sign(parameters, key.web, data as BufferSource)),
  }
}

/** The signature or MAC of data. @throws {JoseError} `key_invalid` for a public key */
export function signBytes(material: KeyMaterial, data: Uint8Array): Awaitable<Uint8Array> {
  if (material.kind === 'public') throw cannot('sign')
  return material.sign(data)
}

/** The signature or MAC of ASCII text, as base64url text. @throws {JoseError} `key_invalid` for a public key */
export function signText(material: KeyMaterial, text: string): Awaitable<string> {
  if (material.kind === 'secret') return material.signText(text)
  return chain(signBytes(material, encodeAscii(text)), encodeBase64url)
}

/** The compact token of an encoded header and of claims, where there is a fast way to it. */
export function signToken(material: KeyMaterial, header: string, claims: JsonObject): string | undefined {
  if (material.kind === 'secret') return material.signToken?.(header, claims)
  // Code of others, behind keys that are somewhere else, could use the engine in the middle of it.
  if (material.kind === 'public' || material.key === undefined || !('node' in material.key)) return undefined
  if (header.length > knownHeader.longest || header.length < knownHeader.shortest) return undefined
  return tokenEngine()?.signWith?.(material.sign as SignAtOnce, header, claims)
}

/** What keys of `node:crypto` do. */
type SignAtOnce = (data: Uint8Array) => Uint8Array

/** `signBytes` for a caller that waits anyway: what takes long is left to another thread. */
export function signBytesElsewhere(material: KeyMaterial, data: Uint8Array): Awaitable<Uint8Array> {
  const elsewhere = material.kind === 'private' ? material.signElsewhere : undefined
  return elsewhere === undefined ? signBytes(material, data) : elsewhere(data)
}

/** `signText` for a caller that waits anyway. */
export function signTextElsewhere(material: KeyMaterial, text: string): Awaitable<string> {
  if (material.kind === 'secret') return material.signText(text)
  return chain(signBytesElsewhere(material, encodeAscii(text)), encodeBase64url)
}

/**
 * The payload of a compact token, once it is known to end in the signature or MAC of what stands before its last dot;
 * undefined when it does not.
 *
 * @throws {JoseError} `malformed` for a payload that was signed and is no text in canonical base64url, `key_invalid` for a
 *   private key
 */
export function openTokenText(
  material: KeyMaterial | VerifyingMaterial,
  token: string,
  dots: Dots,
): Awaitable<JsonText | undefined> {
  if (material.kind === 'secret' && material.openToken !== undefined) return material.openToken(token, dots)
  const known = openByEngine(material, token, dots)
  if (known !== undefined) return known === false ? undefined : known
  const signature = decodeCanonical(token.slice(dots.secondDot + 1))
  if (signature === undefined) return undefined
  const isGood = verifyBytes(material, signingInput(material, token, dots), signature)
  if (isGood instanceof Promise) return readLater(isGood, token, dots)
  return isGood ? readPayload(token, dots) : undefined
}

function readLater(isGood: Promise<boolean>, token: string, dots: Dots): Promise<JsonText | undefined> {
  return isGood.then((good) => (good ? readPayload(token, dots) : undefined))
}

/** `openTokenText` by the token engine, where signatures are verified at once; undefined when it has nothing to say. */
function openByEngine(
  material: KeyMaterial | VerifyingMaterial,
  token: string,
  dots: Dots,
): JsonText | false | undefined {
  if (material.kind !== 'public' || !('node' in material.key) || token.length > longestText) return undefined
  return tokenEngine()?.openSigned(
    token,
    dots,
    (data, signature) => verifyBytes(material, data, signature) === true,
  )
}

/** The octets before the last dot; where they are read before anything else happens, in a buffer that is used again. */
function signingInput(
  material: KeyMaterial | VerifyingMaterial,
  token: string,
  { secondDot }: Dots,
): Uint8Array {
  const isReadAtOnce = material.kind === 'public' && 'node' in material.key
  return (
    (isReadAtOnce ? asciiOctets?.(token, secondDot) : undefined) ?? encodeAscii(token.slice(0, secondDot))
  )
}

/**
 * Whether a signature or MAC is that of the data. False, never an exception, for a signature of any other shape.
 *
 * @throws {JoseError} `key_invalid` for a private key
 */
export function verifyBytes(
  material: KeyMaterial | VerifyingMaterial,
  data: Uint8Array,
  signature: Uint8Array,
): Awaitable<boolean> {
  if (material.kind === 'secret') return material.verify(data, signature)
  if (material.kind === 'private') throw cannot('verify')
  // Some verifiers forgive a wrong length (leading zeros of RSA, DER in place of r ‖ s); none gets to see one.
  if (signature.length !== material.signatureBytes) return false
  return material.verify(data, signature)
}

function cannot(operation: 'sign' | 'verify'): JoseError {
  const kind = operation === 'sign' ? 'a public' : 'a private'
  return new JoseError('key_invalid', `key: expected one that can ${operation}, got ${kind} one`)
}

/**
 * Whether an RSA signature, as long as the modulus, is a number below it (RFC 8017 §5.2.2). Deno 2.9 takes s + n for s in
 * PSS, which gives one token two spellings.
 */
export function isBelowModulus(signature: Uint8Array, modulus: Uint8Array): boolean {
  const index = signature.findIndex((octet, at) => octet !== modulus[at])
  return index >= 0 && signature[index]! < modulus[index]!
}
