/** Signing: protected header and payload to the compact serialization (RFC 7515 §5.1). */
import type { Awaitable } from '../crypto/awaitable.ts'
import { signText, signTextElsewhere, signToken } from '../crypto/signature.ts'
import { encodeBase64urlText } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import { isSignatureKey, refuseEncryptionKey, requireMaterial, type SigningKey } from '../jwk/key.ts'
import { maximumLengthFor } from '../jwa/token-length.ts'
import { maximumHeaderBytes } from './header.ts'

/** Encoded headers by their JSON text: the tokens of one issuer share a handful. Bounded. */
const encodedHeaders = new Map<string, string>()
const rememberedHeaders = 64

/** What a compact JWS is made of. */
export interface CompactParts {
  /** The whole protected header; its `alg` is the key's. */
  readonly header: JsonObject
  /** Plain copies, nothing that runs code when it is read. */
  readonly claims: JsonObject
}

/**
 * The compact JWS of a claims set, at once wherever the runtime can.
 *
 * @throws {JoseError} `too_large` for a token that no verifier would take
 */
export function signCompactToken(parts: CompactParts, key: SigningKey): Awaitable<string> {
  return signAtOnce(parts, key) ?? signWith(signText, parts, key)
}

/** `signCompactToken` for a caller that waits anyway: a signature that takes long is made on another thread. */
export function signCompactTokenElsewhere(parts: CompactParts, key: SigningKey): Awaitable<string> {
  const material = requireMaterial(key)
  const isLeftToOthers = material.kind === 'private' && material.signElsewhere !== undefined
  return (isLeftToOthers ? undefined : signAtOnce(parts, key)) ?? signWith(signTextElsewhere, parts, key)
}

function signAtOnce({ header, claims }: CompactParts, key: SigningKey): string | undefined {
  const token = signToken(requireMaterial(key), encodedHeaderOf(header), claims)
  return token && checkLength(token, maximumLengthFor(key.algorithm))
}

function signWith(
  sign: typeof signText,
  { header, claims }: CompactParts,
  key: SigningKey,
): Awaitable<string> {
  const most = maximumLengthFor(key.algorithm)
  const payload = encodeBase64urlText(JSON.stringify(claims), 'payload')
  const signingInput = `${encodedHeaderOf(header)}.${payload}`
  const signature = sign(requireMaterial(key), signingInput)
  return typeof signature === 'string'
    ? joinCompact(signingInput, signature, most)
    : signature.then((text) => joinCompact(signingInput, text, most))
}

function encodedHeaderOf(header: JsonObject): string {
  return lastHeader?.header === header ? lastHeader.encoded : encodeHeader(header)
}

function joinCompact(signingInput: string, signature: string, most: number): string {
  return checkLength(`${signingInput}.${signature}`, most)
}

function checkLength(token: string, most: number): string {
  if (token.length <= most) return token
  throw new JoseError(
    'too_large',
    `token: expected at most ${most} characters, got ${token.length}: keep large data behind an identifier`,
  )
}

/** The last header that was frozen, and so is what it was. */
let lastHeader: { readonly header: JsonObject; readonly encoded: string } | undefined

function encodeHeader(header: JsonObject): string {
  const text = JSON.stringify(header)
  const encoded = encodedHeaders.get(text) ?? encodeNewHeader(text)
  if (Object.isFrozen(header)) lastHeader = { header, encoded }
  return encoded
}

function encodeNewHeader(text: string): string {
  const encoded = encodeBase64urlText(text, 'protected header')
  if (Math.floor((encoded.length * 3) / 4) > maximumHeaderBytes) {
    throw new JoseError(
      'too_large',
      `protected header: expected at most ${maximumHeaderBytes} octets, got more`,
    )
  }
  if (encodedHeaders.size >= rememberedHeaders) encodedHeaders.clear()
  encodedHeaders.set(text, encoded)
  return encoded
}

/**
 * A key that signs.
 *
 * @throws {JoseError} `key_invalid` for a public key and for anything that is no key of this library
 */
export function requireSigningKey(key: unknown): SigningKey {
  if (!isSignatureKey(key)) {
    refuseEncryptionKey(key)
    throw new JoseError('key_invalid', 'key: expected a key from secret, generateKey or importKey')
  }
  if (key.type === 'public')
    throw new JoseError(
      'key_invalid',
      'key: expected a private key or a secret, got a public key, which cannot sign',
    )
  return key
}
