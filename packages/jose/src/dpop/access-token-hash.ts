/** The claim `ath` (RFC 9449 §4.2): the access token that a proof goes along with. */
import { digest } from '../crypto/hmac.ts'
import { encodeBase64url } from '../encoding/base64url.ts'
import { encodeAscii } from '../encoding/utf8.ts'

/** The base64url text of the SHA-256 of an access token's characters. */
export function accessTokenHash(accessToken: string): string {
  return encodeBase64url(digest('SHA-256', encodeAscii(accessToken)))
}
