/**
 * Tokens for the administration are asked for by name, live minutes, and are for nothing else (P10): an API that is handed a
 * person's ordinary token must not be able to use it against the issuer.
 */
import type { Audiences } from '../config/audiences.ts'
import { adminAudience, notOneResource } from '../config/audiences.ts'
import type { Session } from '../store/store.ts'

/** How long a token for the administration lives at most, and how long ago its log-in may be, in seconds. */
export const adminTokenSeconds = 300
export const adminLoginSeconds = 900

/** What a refresh is for (RFC 8707). */
export type RefreshTarget =
  | { readonly kind: 'ordinary'; readonly audience: string }
  | { readonly kind: 'admin' }
  | {
      readonly kind: 'refused'
      readonly error: 'invalid_target' | 'invalid_scope'
      readonly detail: string
    }

export function refreshTarget(
  { resource, scope }: { readonly resource: string | undefined; readonly scope: string | undefined },
  { issuer, audiences }: { readonly issuer: string; readonly audiences: Audiences },
): RefreshTarget {
  const asksAdmin = scope?.split(' ').includes('admin') ?? false
  if (resource === adminAudience(issuer)) {
    if (scope === 'admin') return { kind: 'admin' }
    return {
      kind: 'refused',
      error: 'invalid_scope',
      detail: 'scope: expected admin alone for this resource',
    }
  }
  const audience = resource ?? audiences[0]
  if (!audiences.includes(audience)) {
    return { kind: 'refused', error: 'invalid_target', detail: notOneResource(audience) }
  }
  if (!asksAdmin) return { kind: 'ordinary', audience }
  const detail = `scope: admin is for the resource ${adminAudience(issuer)} alone`
  return { kind: 'refused', error: 'invalid_scope', detail }
}

/** The scope of ordinary tokens: that of the session without what has to be asked for. */
export function ordinaryScope(scope: string): string {
  return scope
    .split(' ')
    .filter((part) => part !== 'admin')
    .join(' ')
}

/** Whether the person proved himself lately enough. */
export function isFreshLogin({ authTime }: Pick<Session, 'authTime'>, now: number): boolean {
  return now - authTime <= adminLoginSeconds
}
