/** The server's own guard: who may speak for which session at the server's own endpoints. */
import { createGuard, tokenProblem } from '@tessera/guard'
import type { ProblemAnswer, RevocationSource } from '@tessera/guard'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { AccessTokens } from '../tokens/access-token.ts'

/** The session that a verified access token of this server stands for. */
export interface Visitor {
  readonly userId: string
  readonly sessionId: string
  readonly scope: string
  /** The access token itself. */
  readonly token: string
}

export type DoorResult =
  | { readonly ok: true; readonly visitor: Visitor }
  | { readonly ok: false; readonly problem: ProblemAnswer }

export interface Door {
  /** Verifies the bearer token of a request; the token must have the scope `account`. */
  admit(request: Request): Promise<DoorResult>
}

export interface DoorOptions {
  readonly issuer: string
  readonly audience: string
  readonly keys: SigningKeys
  readonly revocations: RevocationSource
  readonly accessTokens: AccessTokens
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

export function createDoor(options: DoorOptions): Door {
  const { issuer, audience, keys, revocations, accessTokens, nowMs, onError } = options
  const guard = createGuard({
    issuer,
    audience,
    keys: keys.verificationKeys,
    required: ['sub', 'sid', 'scope'],
    scopes: ['account'],
    revocations,
    now: () => nowMs() / 1000,
    onError,
  })
  return {
    admit: async ({ method, url, headers }) => {
      const result = await guard.authenticate({ method, url, headers })
      if (!result.ok) return { ok: false, problem: result }
      const { claims } = result.auth
      const { sub, sid, scope } = claims as { sub?: unknown; sid?: unknown; scope?: unknown }
      const isOurs = typeof sub === 'string' && typeof sid === 'string' && typeof scope === 'string'
      if (!isOurs || !accessTokens.isOurs(claims)) {
        const why = 'expected a token that this server issued, got one of another holder of the shared secret'
        return { ok: false, problem: tokenProblem('claim_invalid', why) }
      }
      return { ok: true, visitor: { userId: sub, sessionId: sid, scope, token: result.auth.token } }
    },
  }
}
