/**
 * Who may administer (P10): a token for the administration and nothing else, of a person who signed in lately. Any other
 * good token is 403, an administrator's ordinary one too.
 */
import { challenge, createGuard, problem, tokenProblem } from '@tessera/guard'
import type { AccessClaims, ProblemAnswer } from '@tessera/guard'
import { adminAudience, adminLoginSeconds } from '../tokens/admin-target.ts'
import type { DoorOptions } from './door.ts'

export type AdminDoorResult =
  | { readonly ok: true; readonly userId: string }
  | { readonly ok: false; readonly problem: ProblemAnswer }

export interface AdminDoor {
  admit(request: Request): Promise<AdminDoorResult>
}

export function createAdminDoor(options: DoorOptions): AdminDoor {
  const { issuer, audience, keys, revocations, accessTokens, nowMs, onError } = options
  const own = adminAudience(issuer)
  const guard = createGuard({
    issuer,
    // Others are let in to here, and told that what they may is not enough.
    audience: [own, audience],
    keys: keys.verificationKeys,
    required: ['sub', 'sid', 'scope'],
    revocations,
    now: () => nowMs() / 1000,
    onError,
  })
  return {
    admit: async ({ method, url, headers }) => {
      const result = await guard.authenticate({ method, url, headers })
      if (!result.ok) return { ok: false, problem: result }
      const { claims, scopes } = result.auth
      if (!accessTokens.isOurs(claims)) {
        const why = 'expected a token that this server issued, got one of another holder of the shared secret'
        return { ok: false, problem: tokenProblem('claim_invalid', why) }
      }
      const isAdmin = claims.aud === own && scopes.includes('admin') && isFresh(claims, nowMs() / 1000)
      if (!isAdmin || typeof claims.sub !== 'string') return { ok: false, problem: notEnough(own) }
      return { ok: true, userId: claims.sub }
    },
  }
}

function isFresh(claims: AccessClaims, now: number): boolean {
  const authTime = claims['auth_time']
  return typeof authTime === 'number' && now - authTime <= adminLoginSeconds
}

function notEnough(own: string): ProblemAnswer {
  const detail = `expected a token for ${own} with the scope admin: log in with scope=admin, then refresh with resource and scope`
  const authenticate = challenge({ error: 'insufficient_scope', scope: 'admin' })
  return problem('insufficient_scope', detail, { headers: { 'www-authenticate': authenticate } })
}
