/**
 * Whether a secret looks like a key of another kind. A public key is public: a token whose MAC was made with its text
 * would pass (CVE-2022-29217 and many after it). Keys here are bound to one algorithm, which closes that hole already;
 * this is the second wall, and it only ever refuses.
 */
import { type DerElement, findElement, INTEGER, OBJECT_IDENTIFIER, SEQUENCE } from '../encoding/der.ts'
import { decodeBase64 } from '../encoding/pem.ts'

/** What the bytes of a secret look like (`PEM text`), or undefined when they look like a secret. */
export function looksLikeKey(bytes: Uint8Array): string | undefined {
  const text = asciiOf(bytes)
  const found = looksLikeBareKey(bytes, text)
  if (found !== undefined) return found
  // Variables often carry a key in base64; what is inside is looked at once.
  const body = text
    .replaceAll(/\\n|[\s"']/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/=+$/, '')
  const inner = decodeBase64(body.padEnd(Math.ceil(body.length / 4) * 4, '='))
  const hidden = inner === undefined ? undefined : looksLikeBareKey(inner, asciiOf(inner))
  return hidden === undefined ? undefined : `the base64 of ${hidden}`
}

/** Each expression is asked of texts that hold a word of it: a first secret need not wait until all are compiled. */
function looksLikeBareKey(bytes: Uint8Array, text: string): string | undefined {
  if (looksLikeDerFile(bytes)) return 'DER bytes'
  const upper = text.toUpperCase()
  const holds = (...words: readonly string[]): boolean => words.some((word) => upper.includes(word))
  if (
    holds('BEGIN', 'END') &&
    /-{2,5}\s*(BEGIN|END)\s|(BEGIN|END)\s+([A-Z0-9]+\s+)*(PUBLIC|PRIVATE)\s+KEY|BEGIN\s+CERTIFICATE/.test(
      upper,
    )
  )
    return 'PEM text'
  // In its wire form the name follows a length; in text it stands alone.
  if (
    holds('SSH-', 'ECDSA-') &&
    /(^|[\0-\x20"'=,:])(SSH-(RSA|DSS|ED25519|ED448)|ECDSA-SHA2-|SK-(SSH|ECDSA)-)/.test(upper)
  )
    return 'an SSH public key'
  return holds('[', '{', '\\U00') && looksLikeJwk(text) ? 'a JWK' : undefined
}

function looksLikeJwk(text: string): boolean {
  const json = text.replaceAll(/\\u00([0-9a-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return /[[{]/.test(json) && /["']\s*(kty|keys)\s*\\?["']\s*:/.test(json)
}

/** A key or certificate in DER. Random bytes look like one less than once in 2^24, and up to 64 of them in 2^36. */
function looksLikeDer(bytes: Uint8Array): boolean {
  const outer = findElement(bytes, 0)
  if (bytes.length < 40 || outer?.tag !== SEQUENCE || outer.end !== bytes.length) return false
  const first = findElement(bytes, outer.start)
  if (first === undefined || first.end >= bytes.length) return false
  if (first.tag === SEQUENCE) return bytes.length > 64 || namesAlgorithm(bytes, first)
  if (first.tag !== INTEGER) return false
  const second = findElement(bytes, first.end)
  return bytes.length > 64 || (second?.tag === SEQUENCE && namesAlgorithm(bytes, second))
}

/** Whether an AlgorithmIdentifier begins as one does. */
function namesAlgorithm(bytes: Uint8Array, { start, end }: DerElement): boolean {
  const identifier = findElement(bytes, start)
  return identifier?.tag === OBJECT_IDENTIFIER && identifier.end <= end
}

/** The same with the line end of a file behind it; a key may end in such a byte itself, so every cut is tried. */
function looksLikeDerFile(bytes: Uint8Array): boolean {
  for (let end = bytes.length; end >= bytes.length - 2 && end > 0; end -= 1) {
    if (looksLikeDer(bytes.subarray(0, end))) return true
    if (![9, 10, 13, 32].includes(bytes[end - 1]!)) return false
  }
  return false
}

/** The ASCII of bytes, with the zero bytes of UTF-16 and byte order marks left out. */
function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 16_384).filter((octet) => octet > 0 && octet < 0x80))
}
