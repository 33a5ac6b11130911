/**
 * What an application grants at log-in: roles and scopes that it knows better than the row. They are written before the session
 * begins, so that its first token says them; where they are others than before, tokens that are out are refused and refreshed
 * (P11), and sessions go on.
 */
import type { GrantsHook } from '../config/server-config.ts'
import type { User, UserStore } from '../store/store.ts'
import type { Accounts } from './accounts.ts'
import type { SignedIn } from './verdicts.ts'
import { claimsFault, heldScope } from './user-administration.ts'

export interface GrantsOptions {
  readonly users: Pick<UserStore, 'changeClaims'>
  readonly grants: GrantsHook | undefined
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

/** Accounts whose log-ins and sign-ups ask the application what somebody may. */
export function withGrants(accounts: Accounts, options: GrantsOptions): Accounts {
  const { grants } = options
  if (grants === undefined) return accounts
  const granting = async <Verdict extends SignedIn | { readonly ok: false }>(
    verdict: Verdict,
  ): Promise<Verdict> => {
    if (!verdict.ok) return verdict
    try {
      return { ...verdict, user: await grant(verdict.user, grants, options) }
    } catch (error) {
      // The password was right: what the application cannot say is no guess (P15).
      await verdict.attempt.refund()
      throw error
    }
  }
  return {
    ...accounts,
    signIn: async (credentials) => granting(await accounts.signIn(credentials)),
    signUp: async (credentials) => granting(await accounts.signUp(credentials)),
  }
}

async function grant(
  user: User,
  grants: GrantsHook,
  { users, keepSeconds, nowMs }: GrantsOptions,
): Promise<User> {
  const { id: userId, username, roles: held, scope: heldText } = user
  const granted = await grants({ userId, username, roles: held, scope: heldText })
  const fault = grantsFault(granted)
  if (fault !== undefined) throw new Error(`grants hook: ${fault}`)
  const roles = granted.roles === undefined ? held : [...new Set(granted.roles)]
  // What the command on the server's own machine gave is not for a hook to take away.
  const kept = heldText.split(' ').includes('admin') ? ' admin' : ''
  const scope = granted.scope === undefined ? heldText : heldScope(`${granted.scope}${kept}`)
  if (scope === heldText && JSON.stringify(roles) === JSON.stringify(held)) return user
  const event = {
    atMs: nowMs(),
    event: 'user.claims_changed' as const,
    userId,
    detail: { roles, scope },
  }
  await users.changeClaims({ userId, roles, scope, keepSeconds, event })
  return { ...user, roles, scope }
}

/** `admin` is given by the command on the server's own machine alone: no hook can be talked into it (P10). */
function grantsFault(granted: unknown): string | undefined {
  if (typeof granted !== 'object' || granted === null) return 'expected an object, got something else'
  const { roles = [], scope = '' } = granted as { roles?: unknown; scope?: unknown }
  if (!Array.isArray(roles) || roles.some((role) => typeof role !== 'string')) {
    return 'roles: expected a list of texts'
  }
  if (typeof scope !== 'string') return 'scope: expected text'
  if (scope.split(' ').includes('admin')) return 'scope: expected scopes of the application, got admin'
  return claimsFault({ roles: roles as string[], scope })
}
