/** Verifiers as they are written in a hurry. Each hole is one that a library or a service in use has had. */
import type { TestIssuer } from '../../src/testing/index.ts'

/** What a verifier leaves out. */
export type Hole =
  | 'takes-none'
  | 'trusts-alg'
  | 'trusts-jwk'
  | 'follows-jku'
  | 'ignores-crit'
  | 'reads-any-base64'
  | 'reads-any-utf8'
  | 'forgets-exp'
  | 'forgets-aud'
  | 'reads-dates-as-they-are'
  | 'finds-iss-inside'
  | 'takes-any-object'

type Json = Readonly<Record<string, unknown>>
type Has = (hole: Hole) => boolean

const es256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const hs256 = { name: 'HMAC', hash: 'SHA-256' }
const encoder = new TextEncoder()

/** A verifier of ES256 tokens without any hole but those that are named; strict where they are not. */
export function weakVerifier(
  issuer: TestIssuer,
  ...holes: readonly Hole[]
): (token: string) => Promise<Json> {
  const has: Has = (hole) => holes.includes(hole)
  return async (token) => {
    const parts = String(token).split('.')
    if (parts.length !== 3) throw new Error('parts')
    const header = decode(parts[0], has)
    if (!has('ignores-crit') && header['crit'] !== undefined) throw new Error('crit')
    if (!(await isSigned(header, parts, { issuer, has }))) throw new Error('signature')
    const claims = decode(parts[1], has)
    checkClaims(claims, issuer, has)
    return claims
  }
}

function octetsOf(part: string | undefined, has: Has): Uint8Array<ArrayBuffer> {
  const octets = Uint8Array.from(Buffer.from(part ?? '', 'base64url'))
  if (has('reads-any-base64') || Buffer.from(octets).toString('base64url') === part) return octets
  throw new Error('base64url')
}

function decode(part: string | undefined, has: Has): Json {
  const fatal = !has('reads-any-utf8')
  const value = JSON.parse(new TextDecoder('utf-8', { fatal }).decode(octetsOf(part, has))) as Json
  if (!has('takes-any-object') && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw new Error('no object')
  return value
}

async function isSigned(
  header: Json,
  [first, second, third]: readonly string[],
  { issuer, has }: { issuer: TestIssuer; has: Has },
): Promise<boolean> {
  const input = encoder.encode(`${first}.${second}`)
  const signature = octetsOf(third, has)
  if (has('takes-none') && String(header['alg']).toLowerCase() === 'none') return true
  if (has('follows-jku') && typeof header['jku'] === 'string') await fetch(header['jku'])
  const [own] = issuer.jwks().keys
  if (has('trusts-alg') && header['alg'] === 'HS256') return isMac(input, signature, await pemOf(own))
  const jwk = has('trusts-jwk') && header['jwk'] !== undefined ? header['jwk'] : own
  return crypto.subtle.verify(es256, await publicKeyOf(jwk), signature, input)
}

function publicKeyOf(jwk: unknown): Promise<CryptoKey> {
  const { kty, crv, x, y } = jwk as { kty: string; crv: string; x: string; y: string }
  return crypto.subtle.importKey('jwk', { kty, crv, x, y }, es256, true, ['verify'])
}

async function pemOf(jwk: unknown): Promise<string> {
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', await publicKeyOf(jwk))).toString('base64')
  return `-----BEGIN PUBLIC KEY-----\n${spki.replaceAll(/(.{1,64})/g, '$1\n')}-----END PUBLIC KEY-----\n`
}

async function isMac(
  input: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  secret: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), hs256, false, ['verify'])
  return crypto.subtle.verify(hs256, key, signature, input)
}

function checkClaims(claims: Json, issuer: TestIssuer, has: Has): void {
  const now = issuer.clock.now()
  const { exp, nbf, iss, aud } = claims as { exp?: unknown; nbf?: unknown; iss?: unknown; aud?: unknown }
  if (!has('reads-dates-as-they-are')) {
    for (const date of [exp ?? 0, nbf ?? 0])
      if (typeof date !== 'number') throw new Error('a date is no number')
  }
  // Every comparison with what is no number is false.
  if (!has('forgets-exp') && now >= (exp as number)) throw new Error('expired')
  if (now < (nbf as number)) throw new Error('not yet valid')
  const isIssuer = has('finds-iss-inside') ? String(iss).includes(issuer.issuer) : iss === issuer.issuer
  if (!isIssuer) throw new Error('issuer')
  if (!has('forgets-aud') && ![aud].flat().includes(issuer.audience)) throw new Error('audience')
}
