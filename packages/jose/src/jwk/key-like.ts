/**
 * Whether a secret looks like a key of another kind. A public key is public: a token whose MAC was made with its text
 * would pass (CVE-2022-29217 and many after it). Keys here are bound to one algorithm, which closes that hole already;
 * this is the second wall, and it only ever refuses.
 */
import { isDerSequence, readDerKeyInfo } from '../encoding/der.ts'
import { decodeBase64 } from '../encoding/pem.ts'

/** What the bytes of a secret look like (`PEM text`), or undefined when they look like a secret. */
export function looksLikeKey(bytes: Uint8Array): string | undefined {
  if (looksLikeDer(bytes)) return 'DER bytes'
  const text = asciiOf(bytes)
  return looksLikeKeyText(text)
}

function looksLikeKeyText(text: string): string | undefined {
  if (
    /-{2,5}\s*(BEGIN|END)\s/i.test(text) ||
    /(BEGIN|END)\s+([A-Z0-9]+\s+)*(PUBLIC|PRIVATE)\s+KEY|BEGIN\s+CERTIFICATE/i.test(text)
  ) {
    return 'PEM text'
  }
  if (/(^|[\s"'=])(ssh-(rsa|dss|ed25519|ed448)|ecdsa-sha2-|sk-(ssh|ecdsa)-)/i.test(text))
    return 'an SSH public key'
  if (/^\s*["']?\s*[[{]/.test(text) && /\\?["']\s*(kty|keys)\s*\\?["']\s*:/.test(text)) return 'a JWK'
  const body = text
    .replaceAll(/\\n|[\s"']/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  const der = decodeBase64(body.padEnd(Math.ceil(body.length / 4) * 4, '='))
  return der !== undefined && looksLikeDer(der) ? 'the base64 body of a key' : undefined
}

/** A key or certificate in DER. Forty random bytes look like one less than once in 2^60. */
function looksLikeDer(bytes: Uint8Array): boolean {
  if (bytes.length < 40) return false
  return readDerKeyInfo(bytes) !== undefined || (bytes.length > 64 && isDerSequence(bytes))
}

/** The ASCII of bytes, with the zero bytes of UTF-16 and byte order marks left out. */
function asciiOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes.subarray(0, 16_384)) if (byte > 0 && byte < 128) text += String.fromCharCode(byte)
  return text
}
