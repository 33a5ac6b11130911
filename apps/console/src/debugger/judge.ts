/** The verdict on a token, by the engine that guards and the command use. Nothing of it leaves the page. */
import {
  createLocalJwkSet,
  importKey,
  isJoseError,
  safeVerifyJwt,
  secret,
  type AsymmetricAlgorithm,
  type HmacAlgorithm,
  type Jwk,
  type JwkSet,
  type KeySet,
  type TokenErrorCode,
  type VerificationKey,
} from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'

/** Where the keys come from: this server's JWK Set, a public key or JWK Set as text, or a shared secret. */
export type KeyChoice =
  | { readonly kind: 'server'; readonly jwkSet: JwkSet }
  /** `algorithm` is empty where the key says it. */
  | { readonly kind: 'public'; readonly text: string; readonly algorithm: string }
  | { readonly kind: 'secret'; readonly text: string; readonly algorithm: HmacAlgorithm }

export interface Expectation {
  readonly keys: KeyChoice
  /** Empty: any. */
  readonly issuer: string
  /** Empty: any. */
  readonly audience: string
  /** Whether the token has to be an access token (`at+jwt`), as guards demand. */
  readonly isAccessToken: boolean
}

export type Verdict =
  | { readonly kind: 'good' }
  | {
      readonly kind: 'refused'
      readonly code: TokenErrorCode
      readonly message: string
      /** Whether the signature was good, and what it says is authentic. */
      readonly isAuthentic: boolean
    }
  /** The key is of no use; the token was not judged. */
  | { readonly kind: 'no_key'; readonly code: TokenErrorCode; readonly message: string }

/** @param now Seconds since 1970. Default the page's clock. */
export async function judge(token: string, expected: Expectation, now?: number): Promise<Verdict> {
  try {
    const result = await safeVerifyJwt(token, await openKeys(expected.keys), {
      issuer: expected.issuer === '' ? null : expected.issuer,
      audience: expected.audience === '' ? null : expected.audience,
      typ: expected.isAccessToken ? 'at+jwt' : null,
      ...(now !== undefined && { now }),
    })
    if (result.ok) return { kind: 'good' }
    const { code, message } = result
    return { kind: 'refused', code, message, isAuthentic: 'authentic' in result }
  } catch (error) {
    if (!isJoseError(error)) throw error
    return { kind: 'no_key', code: error.code, message: error.message }
  }
}

async function openKeys(choice: KeyChoice): Promise<KeySet | VerificationKey> {
  if (choice.kind === 'server') return createLocalJwkSet(choice.jwkSet)
  if (choice.kind === 'secret') return secret(choice.algorithm, choice.text)
  const text = choice.text.trim()
  const json = parseObject(text)
  if (json !== undefined && 'keys' in json) return createLocalJwkSet(json as unknown as JwkSet)
  const algorithm = choice.algorithm as AsymmetricAlgorithm
  return importKey(json === undefined ? text : (json as unknown as Jwk), {
    type: 'public',
    ...(choice.algorithm !== '' && { algorithm }),
  })
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // No JSON: PEM, or nothing that importKey knows.
  }
  return undefined
}

/** Longer timers are none: browsers keep the time in 31 bits. */
const longestMs = 86_400_000

/** How long until the next date of a token comes, a little later than that; undefined where none comes within a day. */
export function nextDateMs(token: string, nowMs = Date.now()): number | undefined {
  try {
    const { exp, nbf } = decodeUnverified(token).unverified.claims
    const waits = [exp, nbf].map((date) => (typeof date === 'number' ? date * 1000 - nowMs + 100 : 0))
    const next = Math.min(...waits.filter((wait) => wait > 0))
    return next < longestMs ? next : undefined
  } catch {
    return undefined
  }
}

/** A token as it comes from a header or a terminal: without the words before it, and without white space. */
export function cleanToken(text: string): string {
  return text.replaceAll(/\s/g, '').replace(/^(authorization:)?bearer(?=ey)/i, '')
}
