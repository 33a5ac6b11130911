/** The material of an HMAC secret. Only what makes a secret imports this file, so that others go without its weight. */
import { decodeCanonical, encodeBase64url } from '../encoding/base64url.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { knownHeader, longestText, type TokenEngine } from './engine.ts'
import { digest, hmac } from './hmac.ts'
import type { SecretMaterial } from './material.ts'
import { fitsTextMac, prepareTextMac } from './node-mac.ts'
import { readPayload } from './payload-text.ts'
import type { HashName } from './scheme.ts'
import { tokenEngine } from './token-engine.ts'

/** Prepares a secret. */
export function makeSecretMaterial(hash: HashName, bytes: Uint8Array): SecretMaterial {
  const textMac = prepareTextMac(hash, bytes)
  const engineFor = (length: number): TokenEngine | undefined =>
    hash === 'SHA-256' && length <= longestText ? tokenEngine() : undefined
  let [owner, context]: [TokenEngine | undefined, object | undefined] = [undefined, undefined]
  const contextFor = (engine: TokenEngine): object => {
    if (context === undefined || owner !== engine) {
      owner = engine
      context = engine.prepareKey(bytes.length > 64 ? digest(hash, bytes) : bytes)
    }
    return context
  }

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
    signToken: (header, claims) => {
      const engine = isKnownHeader(header) ? engineFor(header.length) : undefined
      return engine?.signToken(contextFor(engine), header, claims)
    },
    openKnown: (header, token) => {
      const engine = isKnownHeader(header) ? engineFor(token.length) : undefined
      return engine?.openKnown(contextFor(engine), header, token)
    },
    openToken: (token, dots) => {
      const engine = engineFor(token.length)
      if (engine !== undefined) return engine.openToken(contextFor(engine), token, dots)
      return endsInMac(token, dots.secondDot) ? readPayload(token, dots) : undefined
    },
  }
}

function isKnownHeader({ length }: string): boolean {
  return length >= knownHeader.shortest && length <= knownHeader.longest
}
