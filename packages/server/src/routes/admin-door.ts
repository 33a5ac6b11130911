/**
 * Who may administer (P10): a token for the administration and nothing else, of a person who signed in lately. Any other
 * good token is 403, an administrator's ordinary one too.
 */
import { challenge, problem } from '@tessera/guard'
import type { AccessClaims, ProblemAnswer } from '@tessera/guard'
import { adminAudience } from '../config/audiences.ts'
import type { Incoming } from '../http/incoming.ts'
import { adminLoginSeconds } from '../tokens/admin-target.ts'
import { createOwnGuard } from './own-guard.ts'
import type { DoorOptions } from './own-guard.ts'

export type AdminDoorResult =
  | { readonly ok: true; readonly userId: string }
  | { readonly ok: false; readonly problem: ProblemAnswer }

export interface AdminDoor {
  admit(request: Incoming): Promise<AdminDoorResult>
}

export function createAdminDoor(options: DoorOptions): AdminDoor {
  const { issuer, audiences, nowMs } = options
  const own = adminAudience(issuer)
  // Others are let in to here, and told that what they may is not enough.
  const admitOwn = createOwnGuard(options, { audience: [own, ...audiences] })
  return {
    admit: async (request) => {
      const entry = await admitOwn(request)
      if (!entry.ok) return entry
      const { claims, scopes, userId } = entry.auth
      const isAdmin = claims.aud === own && scopes.includes('admin') && isFresh(claims, nowMs() / 1000)
      return isAdmin ? { ok: true, userId } : { ok: false, problem: notEnough(own) }
    },
  }
}

function isFresh(claims: AccessClaims, now: number): boolean {
  const authTime = claims['auth_time']
  return typeof authTime === 'number' && now - authTime <= adminLoginSeconds
}

function notEnough(own: string): ProblemAnswer {
  const detail = `expected a token for ${own} with the scope admin: log in, or refresh, with this resource and scope=admin`
  const authenticate = challenge({ error: 'insufficient_scope', scope: 'admin' })
  return problem('insufficient_scope', detail, { headers: { 'www-authenticate': authenticate } })
}
