/** Who may speak for which session at the server's own endpoints. */
import type { ProblemAnswer } from '@tessera/guard'
import type { Incoming } from '../http/incoming.ts'
import { createOwnGuard } from './own-guard.ts'
import type { DoorOptions } from './own-guard.ts'

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
  /** Verifies the bearer token of a request; the token may be for any API of the server and must have the scope `account`. */
  admit(request: Incoming): Promise<DoorResult>
}

export function createDoor(options: DoorOptions): Door {
  const admitOwn = createOwnGuard(options, { audience: options.audiences, scopes: ['account'] })
  return {
    admit: async (request) => {
      const entry = await admitOwn(request)
      if (!entry.ok) return entry
      const { userId, sessionId, scope, token } = entry.auth
      return { ok: true, visitor: { userId, sessionId, scope, token } }
    },
  }
}
