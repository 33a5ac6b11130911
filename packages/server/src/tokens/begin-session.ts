/** A new session for somebody whose credentials were just verified. */
import type { ServerSecrets } from '../keys/server-secrets.ts'
import type { AuditEvent, Session, Transport, User } from '../store/store.ts'
import { randomId } from './access-token.ts'

export interface BeginSession {
  readonly user: Pick<User, 'id' | 'credentialVersion'>
  readonly label: string
  readonly addressPrefix: string
  readonly transport: Transport
  /** What its tokens may have: `account`, and what the log-in asked for beside it. */
  readonly scope: string
}

export interface SessionRules {
  readonly secrets: ServerSecrets
  readonly epoch: string
  readonly idleSeconds: number
  readonly absoluteSeconds: number
  readonly nowMs: () => number
}

/** Our own log-ins. */
const ownClientId = 'tessera'

/** The row of a session at generation 0; the store takes it in if the user's credentials have not changed (P2). */
export function beginSession(
  rules: SessionRules,
  { user, label, addressPrefix, transport, scope }: BeginSession,
): Session {
  const atMs = rules.nowMs()
  const now = Math.floor(atMs / 1000)
  return {
    sid: randomId(),
    userId: user.id,
    clientId: ownClientId,
    scope,
    transport,
    macNonce: randomId(),
    macKid: rules.secrets.current.kid,
    macFromGeneration: 0,
    generation: 0,
    rotatedAtMs: atMs,
    retryKeyHash: null,
    retryReplays: 0,
    retryReplayedAtMs: null,
    clashed: false,
    clashedInARow: 0,
    sessionVersion: 1,
    credentialVersion: user.credentialVersion,
    epoch: rules.epoch,
    authTime: now,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: now + rules.idleSeconds,
    absoluteExpiresAt: now + rules.absoluteSeconds,
    label,
    addressPrefix,
    endedAt: null,
    endReason: null,
  }
}

export function sessionBegunEvent({ sid, userId, addressPrefix }: Session, atMs: number): AuditEvent {
  return { atMs, event: 'session.begun', sid, userId, addressPrefix }
}
