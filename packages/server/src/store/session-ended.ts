/** What is told when a session ends: its entry in the revocation feed and its line in the audit trail. */
import type { AuditDetails, AuditEvent, Ending, NewRevocation, Session } from './store.ts'

/** The entry that refuses the access tokens of a session. */
export function sessionEndedEntry(sid: string, { atMs, keepSeconds }: Ending): NewRevocation {
  const createdAt = Math.floor(atMs / 1000)
  return { kind: 'session', sid, createdAt, expiresAt: createdAt + keepSeconds }
}

export function sessionEndedEvent(
  { sid, userId }: Pick<Session, 'sid' | 'userId'>,
  { atMs, reason }: Ending,
  detail: Omit<AuditDetails['session.ended'], 'reason'> = {},
): AuditEvent {
  return { atMs, event: 'session.ended', userId, sid, detail: { reason, ...detail } }
}
