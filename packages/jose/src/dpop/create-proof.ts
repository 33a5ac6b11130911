/** Making a DPoP proof (RFC 9449 §4.2), as a client does for each of its requests. */
import { encodeBase64url } from '../encoding/base64url.ts'
import type { JsonObject } from '../encoding/json.ts'
import { JoseError } from '../errors.ts'
import { type PrivateKey, requireMaterial } from '../jwk/key.ts'
import type { AsymmetricMaterial } from '../crypto/material.ts'
import { requireSigningKey, signCompactTokenElsewhere } from '../jws/sign.ts'
import { type Clock, readClock } from '../jwt/numeric-date.ts'
import { badOption, type OnlyOptions, readOptions } from '../options.ts'
import { accessTokenHash } from './access-token-hash.ts'
import { proofProfile } from './proof-claims.ts'
import { readMethod, readOptionText, readUrlText } from './request-options.ts'
import { normalizeTargetUri } from './target-uri.ts'

export interface CreateDpopProofOptions {
  /** The method of the request, in upper case, as it is sent. */
  readonly method: string
  /** The URL of the request. Query and fragment are left out of the proof. */
  readonly url: string | URL
  /** The access token that goes along: claim `ath`. Default: none, as at the token endpoint. */
  readonly accessToken?: string
  /** What the server sent in `DPoP-Nonce` (RFC 9449 §8). Default: none. */
  readonly nonce?: string
  /** Claim `jti`. Default: 128 random bits. */
  readonly jwtId?: string
  /** The present, in seconds, or a function that gives it. Default: the system clock. */
  readonly now?: Clock
}

const optionNames = ['method', 'url', 'accessToken', 'nonce', 'jwtId', 'now'] as const
const where = 'createDpopProof'

/**
 * A proof that the sender of one request holds a private key. It goes into the header field `DPoP` of that request and is
 * of no use for another.
 *
 * @param privateKey - the client's own key, best not extractable; its public key goes along in the header
 * @throws {JoseError} `key_invalid` for a secret or a public key, `option_invalid`
 */
export async function createDpopProof<const O extends CreateDpopProofOptions>(
  privateKey: PrivateKey,
  options: O & OnlyOptions<O, CreateDpopProofOptions>,
): Promise<string> {
  const given = readOptions<CreateDpopProofOptions>(options, optionNames, where)
  const claims = proofClaims(given)
  const key = requirePrivateKey(privateKey)
  const { jwk } = requireMaterial(key.publicKey) as AsymmetricMaterial
  const header = { typ: proofProfile.typ, alg: key.algorithm, jwk }
  return signCompactTokenElsewhere({ header, claims }, key)
}

/** In the order in which RFC 9449 lists them. */
function proofClaims({ method, url, accessToken, nonce, jwtId, now }: CreateDpopProofOptions): JsonObject {
  return {
    jti: jwtId === undefined ? randomId() : readOptionText(jwtId, 'jwtId', where),
    htm: readMethod(method, where),
    htu: requestedUri(url),
    iat: Math.floor(readClock(now, where)),
    ...(accessToken === undefined
      ? {}
      : { ath: accessTokenHash(readOptionText(accessToken, 'accessToken', where)) }),
    ...(nonce === undefined ? {} : { nonce: readOptionText(nonce, 'nonce', where) }),
  }
}

/** What `fetch` makes of the URL is what the server will see. */
function requestedUri(url: unknown): string {
  const text = readUrlText(url, where)
  const parsed = URL.canParse(text) ? new URL(text) : undefined
  const uri =
    parsed !== undefined && parsed.username === '' && parsed.password === ''
      ? normalizeTargetUri(parsed.href)
      : undefined
  if (uri === undefined) throw badOption(where, 'url', 'an absolute http or https URL', url)
  return uri
}

/** RFC 9449 §4.2 wants 96 random bits or a version 4 UUID, which browsers make in secure contexts alone. */
function randomId(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(16)))
}

function requirePrivateKey(key: unknown): PrivateKey {
  const signingKey = requireSigningKey(key)
  if (signingKey.type === 'private') return signingKey
  throw new JoseError(
    'key_invalid',
    'key: expected a private key, got a secret: a proof shows that nobody else holds the key',
  )
}
