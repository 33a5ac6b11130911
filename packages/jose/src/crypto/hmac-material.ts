/** The material of an HMAC secret. Only what makes a secret imports this file, so that others go without its weight. */
import { decodeBase64urlText, decodeCanonical, encodeBase64url } from '../encoding/base64url.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { jsonText } from '../encoding/json.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { hmac } from './hmac.ts'
import type { SecretMaterial } from './material.ts'
import { fitsTextMac, prepareTextMac } from './node-mac.ts'
import type { HashName } from './scheme.ts'

/** Prepares a secret. */
export function makeSecretMaterial(hash: HashName, bytes: Uint8Array): SecretMaterial {
  const textMac = prepareTextMac(hash, bytes)
  const sign = (data: Uint8Array): Uint8Array => hmac(hash, bytes, data)
  const verify = (data: Uint8Array, mac: Uint8Array): boolean => equalBytes(sign(data), mac)
  const endsInMac = (token: string, signedLength: number): boolean => {
    if (textMac !== undefined && fitsTextMac(token)) return textMac.verify(token, signedLength)
    const mac = decodeCanonical(token.slice(signedLength + 1))
    return mac !== undefined && verify(encodeAscii(token.slice(0, signedLength)), mac)
  }
  return {
    kind: 'secret',
    scheme: { kind: 'hmac', hash },
    bytes,
    sign,
    verify,
    signText: (text) =>
      textMac !== undefined && fitsTextMac(text)
        ? textMac.sign(text)
        : encodeBase64url(sign(encodeAscii(text))),
    openToken: (token, { firstDot, secondDot }) =>
      endsInMac(token, secondDot)
        ? jsonText(decodeBase64urlText(token.slice(firstDot + 1, secondDot), 'payload'))
        : undefined,
  }
}
