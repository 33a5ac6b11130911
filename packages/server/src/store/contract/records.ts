/** Users and sessions as tests put them into a store. */
import { randomBytes } from 'node:crypto'
import type { AuditEventOf, Ending, Session, User } from '../store.ts'

export const now: number = 1_767_225_600
export const nowMs: number = now * 1000
export const ending: Ending = { atMs: nowMs, reason: 'logout', keepSeconds: 660 }
export const event: AuditEventOf<'user.created'> = { atMs: nowMs, event: 'user.created' }
export const id = (): string => randomBytes(16).toString('base64url')

export function user(change: Partial<User> = {}): User {
  const name = change.username ?? id()
  return {
    id: id(),
    username: name,
    usernameNormalised: name.toLowerCase(),
    passwordHash: '$argon2id$stands for a hash',
    credentialVersion: 1,
    roles: [],
    scope: 'account',
    email: null,
    emailVerifiedAt: null,
    createdAt: now,
    disabledAt: null,
    ...change,
  }
}

export function session(owner: User, change: Partial<Session> = {}): Session {
  return {
    sid: id(),
    userId: owner.id,
    clientId: 'tessera',
    scope: 'account',
    transport: 'body',
    macNonce: id(),
    macKid: 'kidkidki',
    macFromGeneration: 0,
    generation: 0,
    rotatedAtMs: nowMs,
    retryKeyHash: null,
    retryReplays: 0,
    retryReplayedAtMs: null,
    clashed: false,
    clashedInARow: 0,
    sessionVersion: 1,
    credentialVersion: owner.credentialVersion,
    epoch: 'epoch',
    authTime: now,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: now + 1000,
    absoluteExpiresAt: now + 5000,
    label: 'a device',
    addressPrefix: '203.0.113.0/24',
    endedAt: null,
    endReason: null,
    ...change,
  }
}
