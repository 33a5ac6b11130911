/** What whoever runs the server does with sessions: look, end. A running server refuses their tokens within a second. */
import type { Session, SessionStore } from '../store/store.ts'
import { endSession, isLive } from './end-session.ts'

export interface SessionAdministration {
  /** The live sessions of a user, latest used first. */
  list(userId: string): Promise<readonly Session[]>
  /** Ends a session; false when there is no such live one. */
  end(sid: string): Promise<boolean>
  /** Ends every session of a user, and tells how many. */
  endAll(userId: string): Promise<number>
}

export interface SessionAdministrationOptions {
  readonly sessions: SessionStore
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
}

export function createSessionAdministration(options: SessionAdministrationOptions): SessionAdministration {
  const { sessions, keepSeconds, nowMs } = options
  const ending = () => ({ atMs: nowMs(), reason: 'ended_by_admin', keepSeconds }) as const
  return {
    list: (userId) => sessions.listLive(userId, Math.floor(nowMs() / 1000)),
    end: async (sid) => {
      const ended = await sessions.change([sid], (found) => {
        const session = found.get(sid)
        if (session === undefined || !isLive(session, nowMs())) return []
        return [endSession(session, ending())]
      })
      return ended.length > 0
    },
    // No session has an empty id: none goes on.
    endAll: async (userId) => (await sessions.endOthers(userId, '', ending())).length,
  }
}
