/**
 * Tokens for the administration are asked for by name, live minutes, and are for nothing else (P10): an API that is handed a
 * person's ordinary token must not be able to use it against the issuer.
 */
import type { Audiences } from '../config/audiences.ts'
import { adminAudience, notOneResource } from '../config/audiences.ts'
import type { Session, SessionWithUser } from '../store/store.ts'
import type { IssueAccessToken } from './access-token.ts'

/** How long a token for the administration lives at most, and how long ago its log-in may be, in seconds. */
const adminTokenSeconds = 300
export const adminLoginSeconds = 900

/** What a log-in or a refresh is for (RFC 8707). */
export type RefreshTarget =
  | { readonly kind: 'ordinary'; readonly audience: string }
  | { readonly kind: 'admin' }
  | {
      readonly kind: 'refused'
      readonly error: 'invalid_target' | 'invalid_scope'
      readonly detail: string
    }

export type GrantedTarget = Exclude<RefreshTarget, { kind: 'refused' }>

interface Wanted {
  readonly resource?: string | undefined
  readonly scope?: string | undefined
}

interface Offered {
  readonly issuer: string
  readonly audiences: Audiences
}

/** A refresh may ask for less than the session has; for `admin` alone, and then for the administration. */
export function refreshTarget(wanted: Wanted, offered: Offered): RefreshTarget {
  const target = loginTarget(wanted, offered)
  const asksAdmin = wanted.scope?.split(' ').includes('admin') ?? false
  if (target.kind !== 'ordinary' || !asksAdmin) return target
  const detail = `scope: admin is for the resource ${adminAudience(offered.issuer)} alone`
  return { kind: 'refused', error: 'invalid_scope', detail }
}

/** A log-in may ask for `admin` without a token for the administration: one for a refresh to come. */
export function loginTarget({ resource, scope }: Wanted, { issuer, audiences }: Offered): RefreshTarget {
  if (resource === adminAudience(issuer)) {
    if (scope === 'admin') return { kind: 'admin' }
    const detail = 'scope: expected admin alone for this resource'
    return { kind: 'refused', error: 'invalid_scope', detail }
  }
  const audience = resource ?? audiences[0]
  if (audiences.includes(audience)) return { kind: 'ordinary', audience }
  return { kind: 'refused', error: 'invalid_target', detail: notOneResource(audience) }
}

/** The scope of ordinary tokens: that of the session without what has to be asked for. */
export function ordinaryScope(scope: string): string {
  if (!scope.includes('admin')) return scope
  return scope
    .split(' ')
    .filter((part) => part !== 'admin')
    .join(' ')
}

/** What sets a token for the administration apart from an ordinary one (P10). */
export function tokenRequest(
  target: GrantedTarget,
  { session, scope }: { readonly session: SessionWithUser; readonly scope: string },
  issuer: string,
): IssueAccessToken {
  const { roles } = session.user
  if (target.kind === 'ordinary') {
    return { session, roles, scope: ordinaryScope(scope), audience: target.audience }
  }
  const audience = adminAudience(issuer)
  return { session, roles, scope: 'admin', audience, lifeSeconds: adminTokenSeconds }
}

/** Whether the person proved himself lately enough. */
export function isFreshLogin({ authTime }: Pick<Session, 'authTime'>, now: number): boolean {
  return now - authTime <= adminLoginSeconds
}
