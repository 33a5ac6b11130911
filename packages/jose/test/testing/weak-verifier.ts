/** Verifiers as they are written in a hurry. Each hole is one that a library or a service in use has had. */
import { createHmac, createPublicKey, verify } from 'node:crypto'
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

/** A verifier of ES256 tokens without any hole but those that are named; strict where they are not. */
export function weakVerifier(
  issuer: TestIssuer,
  ...holes: readonly Hole[]
): (token: string) => Promise<Json> {
  const has = (hole: Hole): boolean => holes.includes(hole)
  const jwk = issuer.jwks().keys[0]
  const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' })

  const octetsOf = (part: string | undefined): Buffer => {
    const octets = Buffer.from(part ?? '', 'base64url')
    if (has('reads-any-base64') || octets.toString('base64url') === part) return octets
    throw new Error('base64url')
  }

  const decode = (part: string | undefined, what: string): Json => {
    const octets = octetsOf(part)
    const text = has('reads-any-utf8')
      ? octets.toString()
      : new TextDecoder('utf-8', { fatal: true }).decode(octets)
    const value = JSON.parse(text) as Json
    if (!has('takes-any-object') && (typeof value !== 'object' || value === null || Array.isArray(value)))
      throw new Error(`${what}: no object`)
    return value
  }

  const isSigned = async (header: Json, [first, second, third]: readonly string[]): Promise<boolean> => {
    const input = Buffer.from(`${first}.${second}`)
    const signature = octetsOf(third)
    if (has('takes-none') && String(header['alg']).toLowerCase() === 'none') return true
    if (has('trusts-alg') && header['alg'] === 'HS256')
      return createHmac('sha256', pem).update(input).digest().equals(signature)
    if (has('follows-jku') && typeof header['jku'] === 'string') await fetch(header['jku'])
    const key = has('trusts-jwk') && header['jwk'] !== undefined ? header['jwk'] : jwk
    const publicKey = createPublicKey({ key: key as { kty: string }, format: 'jwk' })
    return verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  }

  const checkClaims = (claims: Json): void => {
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

  return async (token) => {
    const parts = String(token).split('.')
    if (parts.length !== 3) throw new Error('parts')
    const header = decode(parts[0], 'header')
    if (!has('ignores-crit') && header['crit'] !== undefined) throw new Error('crit')
    if (!(await isSigned(header, parts))) throw new Error('signature')
    const claims = decode(parts[1], 'payload')
    checkClaims(claims)
    return claims
  }
}
