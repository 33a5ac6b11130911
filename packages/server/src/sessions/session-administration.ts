/** What whoever runs the server does with sessions: look, end. A running server refuses their tokens within a second. */
import type { Session, SessionPage, SessionStore } from '../store/store.ts'
import { endSession, isLive } from './end-session.ts'

/** A session as people who administer see it. */
export interface ShownSession {
  readonly session_id: string
  /** NumericDates. */
  readonly created_at: number
  readonly last_used_at: number
  readonly label: string
  readonly address_prefix: string
  readonly transport: string
  readonly scope: string
}

/** Beside it, whose it is. */
export interface ShownSessionOfUser extends ShownSession {
  readonly user_id: string
  readonly username: string
}

export interface SessionAdministration {
  /** The live sessions of a user, latest used first. */
  list(userId: string): Promise<readonly Session[]>
  /** The live sessions of everybody, newest first. Undefined: `after` is not the `next` of a page. */
  listAll(page: { readonly after?: string; readonly limit: number }): Promise<SessionPage | undefined>
  show(session: Session): ShownSession
  showOfUser(session: SessionPage['sessions'][number]): ShownSessionOfUser
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
    listAll: (page) => sessions.listAllLive({ ...page, now: Math.floor(nowMs() / 1000) }),
    show,
    showOfUser: (session) => ({
      ...show(session),
      user_id: session.userId,
      username: session.username,
    }),
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

function show(session: Session): ShownSession {
  return {
    session_id: session.sid,
    created_at: session.createdAt,
    last_used_at: session.lastUsedAt,
    label: session.label,
    address_prefix: session.addressPrefix,
    transport: session.transport,
    scope: session.scope,
  }
}
