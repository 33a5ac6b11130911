/** The end of one session as one change: its row, its entry in the revocation feed, its audit line (P14). */
import { sessionEndedEntry, sessionEndedEvent } from '../store/session-ended.ts'
import type { Ending, Session, SessionChange } from '../store/store.ts'

/** @param detail What the audit line says beside the reason. */
export function endSession(
  session: Session,
  ending: Ending,
  detail: Readonly<Record<string, unknown>> = {},
): SessionChange {
  return {
    session: { ...session, endedAt: Math.floor(ending.atMs / 1000), endReason: ending.reason },
    revocation: sessionEndedEntry(session.sid, ending),
    event: sessionEndedEvent(session, ending, detail),
  }
}

/** When a session ends by itself: the earlier of its two lifetimes, as NumericDate. */
export function expiresAt(session: Pick<Session, 'idleExpiresAt' | 'absoluteExpiresAt'>): number {
  return Math.min(session.idleExpiresAt, session.absoluteExpiresAt)
}

/** Whether a session is neither ended nor expired. */
export function isLive(session: Session, nowMs: number): boolean {
  return session.endedAt === null && nowMs < expiresAt(session) * 1000
}
