/**
 * The rules of refresh, as a pure function of a session, an authentic token and the time. The MAC has been verified
 * before (P5); generation, window and reuse are judged here and nowhere else.
 */
import { endSession, expiresAt } from '../sessions/end-session.ts'
import type { ClockReading } from '../sessions/clock-watch.ts'
import type { Judgement } from '../sessions/session-decision.ts'
import type { EndReason, Session, SessionWithUser } from '../store/store.ts'
import { hashRetryKey } from './refresh-token.ts'

/** What a refresh comes to. `session` is the row whose current generation is the successor. */
export type RefreshOutcome =
  | { readonly status: 'rotated'; readonly session: SessionWithUser; readonly scope: string }
  | {
      readonly status: 'replayed'
      readonly session: SessionWithUser
      readonly scope: string
      /** It came inside the window with another retry key (P13). */
      readonly isClash: boolean
    }
  | {
      readonly status: 'refused'
      readonly error: 'invalid_grant' | 'invalid_scope'
      readonly code: 'malformed' | 'expired' | 'revoked' | 'replayed' | 'request_invalid'
      readonly detail: string
      /** The session was ended by this attempt. */
      readonly ended?: EndReason
    }
  | { readonly status: 'wait'; readonly retryAfterSeconds: number }

export interface RefreshAttempt {
  readonly generation: number
  readonly retryKey: string | undefined
  /** Scopes asked for; undefined: those of the session. */
  readonly scope: string | undefined
}

export interface RefreshRules extends ClockReading {
  /** The database's clock, which stamps rotations: the wall clock, where the database has none of its own. */
  readonly clockMs: number
  /** How long ago the last rotation was, by a clock that nobody sets: where this process made it (P21). */
  readonly ownAgeMs: number | undefined
  readonly graceMs: number
  readonly idleSeconds: number
  /** The secret that a rotation makes the successor with: every live process holds it (P6). */
  readonly currentKid: string
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly storeEpoch: string
  /** NumericDate; 0: never. */
  readonly recoveredUntil: number
}

/** In the time after `data recovered`, a session that nobody has refreshed since may be behind its client (P7). */
function isRecovering({ epoch }: Session, { nowMs, storeEpoch, recoveredUntil }: RefreshRules): boolean {
  return nowMs < recoveredUntil * 1000 && epoch !== storeEpoch
}

/** After the window a retry key is good for so many replays, so far apart, for so long (P17). */
const retryReplays = 16
const retryIntervalMs = 60_000
const retryLifeMs = 7 * 86_400_000

/** So many rotations in a row that were replayed with another retry key end the session (P13). */
const clashesInARow = 3

export function judgeRefresh(
  session: SessionWithUser,
  attempt: RefreshAttempt,
  rules: RefreshRules,
): Judgement<RefreshOutcome> {
  const refusal = refuseState(session, rules)
  if (refusal !== undefined) return refusal
  const scope = narrowScope(session.scope, attempt.scope)
  if (scope === undefined) {
    return refused(
      'invalid_scope',
      'request_invalid',
      'expected a scope that the session has, got a wider one',
    )
  }
  const behind = session.generation - attempt.generation
  if (behind === 0) return rotate(session, attempt, { rules, scope })
  if (behind === 1) return replay(session, attempt, { ...rules, scope })
  if (behind < 0 && isRecovering(session, rules)) {
    // Rotations that the backup does not know: this once the client is believed.
    return rotate({ ...session, generation: attempt.generation }, attempt, { rules, scope })
  }
  // An authentic token of the future proves that commits were lost or a key leaked (P7).
  return end(session, behind < 0 ? 'generation_ahead' : 'replayed', attempt, rules)
}

function refuseState(
  session: SessionWithUser,
  { nowMs, lifeMs, keepSeconds }: RefreshRules,
): Judgement<RefreshOutcome> | undefined {
  if (session.endedAt !== null) {
    return session.endReason === 'replayed'
      ? refused('invalid_grant', 'replayed', 'the session has ended because a refresh token was used twice')
      : refused('invalid_grant', 'revoked', 'the session has ended')
  }
  if (lifeMs >= expiresAt(session) * 1000)
    return refused('invalid_grant', 'expired', 'the session has expired')
  const { disabledAt, credentialVersion } = session.user
  if (disabledAt === null && credentialVersion === session.credentialVersion) return undefined
  const reason = disabledAt === null ? 'credentials_changed' : 'user_disabled'
  const change = endSession(session, { atMs: nowMs, reason, keepSeconds })
  return { ...refused('invalid_grant', 'revoked', 'the account has changed: sign in again', reason), change }
}

/** The scopes asked for when all are among those granted (RFC 6749 §6), else undefined. */
function narrowScope(granted: string, asked: string | undefined): string | undefined {
  if (asked === undefined) return granted
  const grants = granted.split(' ')
  const asks = [...new Set(asked.split(' '))]
  return asks.every((scope) => grants.includes(scope)) ? asks.join(' ') : undefined
}

type Rules = RefreshRules & { readonly scope: string; readonly rotatedAtMs?: number }

function rotate(
  session: SessionWithUser,
  attempt: RefreshAttempt,
  { rules, scope }: { readonly rules: RefreshRules; readonly scope: string },
): Judgement<RefreshOutcome> {
  const { nowMs, clockMs, currentKid, idleSeconds, storeEpoch } = rules
  const generation = session.generation + 1
  const isSameSecret = session.macKid === currentKid
  const now = Math.floor(nowMs / 1000)
  const rotated: SessionWithUser = {
    ...session,
    generation,
    epoch: storeEpoch,
    rotatedAtMs: clockMs,
    retryKeyHash: freshRetryKeyHash(session, attempt.retryKey),
    retryReplays: 0,
    retryReplayedAtMs: null,
    clashed: false,
    clashedInARow: session.clashed ? session.clashedInARow + 1 : 0,
    lastUsedAt: now,
    idleExpiresAt: now + idleSeconds,
    macKid: currentKid,
    macFromGeneration: isSameSecret ? session.macFromGeneration : generation,
  }
  return { outcome: { status: 'rotated', session: rotated, scope }, change: { session: rotated } }
}

/** A key that served the previous rotation too proves nothing: it counts as absent (P17). */
function freshRetryKeyHash(session: Session, retryKey: string | undefined): string | null {
  if (retryKey === undefined) return null
  const { sid, generation, retryKeyHash } = session
  const isReused = generation > 0 && hashRetryKey(sid, generation - 1, retryKey) === retryKeyHash
  return isReused ? null : hashRetryKey(sid, generation, retryKey)
}

/** The previous generation: the same successor again, or the end. Extends no lifetime. */
function replay(session: SessionWithUser, attempt: RefreshAttempt, rules: Rules): Judgement<RefreshOutcome> {
  const { clockMs, ownAgeMs, graceMs } = rules
  const ageMs = ownAgeMs ?? clockMs - session.rotatedAtMs
  const isUncertain = rules.isUncertain && ownAgeMs === undefined
  if (isUncertain || (ageMs >= 0 && ageMs <= graceMs)) return replayInside(session, attempt, rules)
  // A clock that was set back before this process looked: the window is counted from here (P21).
  if (ageMs < 0) return replayInside(session, attempt, { ...rules, rotatedAtMs: clockMs })
  if (!knowsRetryKey(session, attempt) || ageMs > retryLifeMs) return end(session, 'replayed', attempt, rules)
  if (session.retryReplays >= retryReplays) {
    return { outcome: { status: 'wait', retryAfterSeconds: 3600 } }
  }
  const sinceMs = clockMs - (session.retryReplayedAtMs ?? -Infinity)
  if (sinceMs >= 0 && sinceMs < retryIntervalMs) {
    return { outcome: { status: 'wait', retryAfterSeconds: Math.ceil((retryIntervalMs - sinceMs) / 1000) } }
  }
  const counted = { ...session, retryReplays: session.retryReplays + 1, retryReplayedAtMs: clockMs }
  return replayed(session, counted, rules)
}

/**
 * Inside the window a thief who moves in step with the owner looks like a second tab: but their retry keys differ, where
 * one program of ours has one for all its attempts. Three such rotations in a row are no accident (P13).
 */
function replayInside(
  session: SessionWithUser,
  attempt: RefreshAttempt,
  rules: Rules,
): Judgement<RefreshOutcome> {
  const { retryKeyHash, clashed, clashedInARow } = session
  const hasKey = attempt.retryKey !== undefined || retryKeyHash !== null
  const isClash = hasKey && !knowsRetryKey(session, attempt)
  if (isClash && clashedInARow >= clashesInARow - 1) return end(session, 'lockstep', attempt, rules)
  const { rotatedAtMs = session.rotatedAtMs } = rules
  const isChanged = (isClash && !clashed) || rotatedAtMs !== session.rotatedAtMs
  const changed = { ...session, rotatedAtMs, clashed: clashed || isClash }
  return replayed(session, isChanged ? changed : undefined, { ...rules, isClash })
}

function knowsRetryKey({ sid, retryKeyHash }: Session, { generation, retryKey }: RefreshAttempt): boolean {
  return retryKey !== undefined && hashRetryKey(sid, generation, retryKey) === retryKeyHash
}

/** The successor once more; the audit trail tells each time. */
function replayed(
  session: SessionWithUser,
  changed: SessionWithUser | undefined,
  { nowMs, scope, isClash = false }: Rules & { readonly isClash?: boolean },
): Judgement<RefreshOutcome> {
  const { sid, userId, generation, clashed } = changed ?? session
  const detail = { generation, clashed }
  const event = { atMs: nowMs, event: 'refresh.replayed' as const, sid, userId, detail }
  const change = changed === undefined ? { event } : { session: changed, event }
  return { outcome: { status: 'replayed', session, scope, isClash }, change }
}

function end(
  session: SessionWithUser,
  reason: EndReason,
  attempt: RefreshAttempt,
  { nowMs, keepSeconds }: RefreshRules,
): Judgement<RefreshOutcome> {
  const detail = { presented: attempt.generation, current: session.generation }
  const change = endSession(session, { atMs: nowMs, reason, keepSeconds }, detail)
  const told = 'the refresh token was used before: the session has ended, sign in again'
  return { ...refused('invalid_grant', 'replayed', told, reason), change }
}

function refused(
  error: 'invalid_grant' | 'invalid_scope',
  code: 'malformed' | 'expired' | 'revoked' | 'replayed' | 'request_invalid',
  detail: string,
  ended?: EndReason,
): { outcome: RefreshOutcome } {
  return { outcome: { status: 'refused', error, code, detail, ...(ended !== undefined && { ended }) } }
}
