/**
 * `private_key_jwt`: a client proves itself with a JWT that its own key signed (RFC 7523 §3, OpenID Connect Core §9).
 * Each is for this server alone, lives minutes, and is good once.
 */
import { createLocalJwkSet, createVerifier } from '@tessera/jose'
import type { JwkSet, SignatureAlgorithm, TokenErrorCode } from '@tessera/jose'
import { decodeUnverified } from '@tessera/jose/unverified'
import type { Client } from '../store/client-store.ts'

/** Named in the metadata. Never HMAC: the server holds public keys only. */
export const assertionAlgorithms: readonly SignatureAlgorithm[] = [
  'ES256',
  'ES384',
  'Ed25519',
  'EdDSA',
  'PS256',
  'RS256',
]

/** So long may an assertion live, and so far may the client's clock be behind, in seconds. */
const longestLifeSeconds = 600
const toleranceSeconds = 30

export type AssertionVerdict =
  | { readonly ok: true; readonly jti: string; readonly expiresAt: number }
  | { readonly ok: false; readonly code: TokenErrorCode; readonly why: string }

export interface Assertions {
  /** Whether an assertion proves this client. Whether it was used before is for the store to say. */
  verify(assertion: string, client: Client): Promise<AssertionVerdict>
}

type Verifier = ReturnType<typeof createAssertionVerifier>

/** Verifiers kept; a server has few clients, and one of an attacker's making has no key. */
const mostVerifiers = 1000

/** @param audiences what this server is called: its issuer, and its token endpoint */
export function createAssertions(audiences: readonly string[], nowMs: () => number): Assertions {
  const verifiers = new Map<string, Verifier>()
  const verifierOf = ({ clientId, jwkSet }: Client): Verifier => {
    const name = `${clientId} ${jwkSet ?? ''}`
    const known = verifiers.get(name)
    if (known !== undefined) return known
    if (verifiers.size >= mostVerifiers) verifiers.clear()
    const made = createAssertionVerifier({ clientId, jwkSet: jwkSet ?? '{"keys":[]}', audiences, nowMs })
    verifiers.set(name, made)
    return made
  }
  return {
    verify: async (assertion, client) => {
      const result = await verifierOf(client).safeVerify(assertion)
      if (!result.ok) return { ok: false, code: result.code, why: result.error.message }
      return checkType(result.header.typ) ?? checkUse(result.claims, nowMs() / 1000)
    },
  }
}

interface VerifierParts {
  readonly clientId: string
  readonly jwkSet: string
  readonly audiences: readonly string[]
  readonly nowMs: () => number
}

function createAssertionVerifier({ clientId, jwkSet, audiences, nowMs }: VerifierParts) {
  return createVerifier({
    keys: createLocalJwkSet(JSON.parse(jwkSet) as JwkSet),
    issuer: clientId,
    subject: clientId,
    audience: audiences,
    typ: null,
    algorithms: assertionAlgorithms,
    required: ['iss', 'sub', 'aud', 'exp', 'jti'],
    clockToleranceSeconds: toleranceSeconds,
    now: () => nowMs() / 1000,
  })
}

/** An access token or a proof is no assertion, whoever signed it (RFC 8725 §3.12). */
function checkType(typ = 'JWT'): AssertionVerdict | undefined {
  if (['jwt', 'client-authentication+jwt'].includes(typ.toLowerCase().replace(/^application\//, ''))) {
    return undefined
  }
  const why = 'typ: expected JWT, client-authentication+jwt or none, got another'
  return { ok: false, code: 'typ_mismatch', why }
}

interface AssertionClaims {
  readonly aud?: string | readonly string[]
  readonly jti?: string
  readonly exp?: number
}

/** What RFC 7523 leaves to the server: how long one may live, and that it is meant for nobody else. */
function checkUse({ aud, jti = '', exp = 0 }: AssertionClaims, now: number): AssertionVerdict {
  if (Array.isArray(aud) && aud.length !== 1) {
    return { ok: false, code: 'claim_invalid', why: 'aud: expected this server alone, got several' }
  }
  if (exp > now + longestLifeSeconds + toleranceSeconds) {
    const why = `exp: expected at most ${longestLifeSeconds} seconds from now, got more`
    return { ok: false, code: 'claim_invalid', why }
  }
  return { ok: true, jti, expiresAt: Math.ceil(exp) + toleranceSeconds }
}

/** Which client an assertion says that it comes from, before anything of it is believed. */
export function claimedClientId(assertion: string): string | undefined {
  try {
    const { sub } = decodeUnverified(assertion).unverified.claims
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}
