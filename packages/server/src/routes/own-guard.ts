/** The guard of the server's own endpoints: what both doors ask of every token. */
import { createGuard, tokenProblem } from '@tessera/guard'
import type { Auth, GuardOptions, ProblemAnswer, RevocationSource } from '@tessera/guard'
import type { Audiences } from '../config/audiences.ts'
import type { Incoming } from '../http/incoming.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { AccessTokens } from '../tokens/access-token.ts'

export interface DoorOptions {
  readonly issuer: string
  readonly audiences: Audiences
  readonly keys: SigningKeys
  readonly revocations: RevocationSource
  readonly accessTokens: AccessTokens
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

/** What was let in: a token of a session of this server. */
export interface OwnAuth extends Auth {
  readonly userId: string
  readonly sessionId: string
  /** The claim as it stands: scopes separated by spaces. */
  readonly scope: string
}

export type OwnGuardResult =
  | { readonly ok: true; readonly auth: OwnAuth }
  | { readonly ok: false; readonly problem: ProblemAnswer }

export type OwnGuard = (request: Incoming) => Promise<OwnGuardResult>

/** @param asks The audience, and the scopes without which nobody comes in */
export function createOwnGuard(
  { issuer, keys, revocations, accessTokens, nowMs, onError }: DoorOptions,
  asks: Pick<GuardOptions, 'audience' | 'scopes'>,
): OwnGuard {
  const guard = createGuard({
    ...asks,
    issuer,
    keys: keys.verificationKeys,
    required: ['sub', 'sid', 'scope'],
    revocations,
    now: () => nowMs() / 1000,
    onError,
  })
  return async ({ method, url, headers }) => {
    const authorization = headers.get('authorization') ?? undefined
    const result = await guard.authenticate({ method, url, headers: { authorization } })
    if (!result.ok) return { ok: false, problem: result }
    const { claims } = result.auth
    const { sub, sid, scope } = claims as { sub?: unknown; sid?: unknown; scope?: unknown }
    const isSession = typeof sub === 'string' && typeof sid === 'string' && typeof scope === 'string'
    if (isSession && accessTokens.isOurs(claims)) {
      return { ok: true, auth: { ...result.auth, userId: sub, sessionId: sid, scope } }
    }
    // Whoever holds the shared secret could be the issuer (P1).
    const why = 'expected a token that this server issued, got one of another holder of the shared secret'
    return { ok: false, problem: tokenProblem('claim_invalid', why) }
  }
}
