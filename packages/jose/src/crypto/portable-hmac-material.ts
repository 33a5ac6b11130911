/** What bundles for browsers have in place of `hmac-material.ts` (`browser` in package.json): no way is faster than another. */
import { encodeBase64url } from '../encoding/base64url.ts'
import { equalBytes } from '../encoding/bytes.ts'
import { encodeAscii } from '../encoding/utf8.ts'
import { hmac } from './hmac.ts'
import type { SecretMaterial } from './material.ts'
import type { HashName } from './scheme.ts'

export function makeSecretMaterial(hash: HashName, bytes: Uint8Array): SecretMaterial {
  const sign = (data: Uint8Array): Uint8Array => hmac(hash, bytes, data)
  return {
    kind: 'secret',
    scheme: { kind: 'hmac', hash },
    bytes,
    sign,
    verify: (data, mac) => equalBytes(sign(data), mac),
    signText: (text) => encodeBase64url(sign(encodeAscii(text))),
  }
}
