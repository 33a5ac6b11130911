/**
 * What can be done with sessions by those who prove that they may: begin one with verified credentials, refresh and
 * end one with its refresh token. Every step that changes a session goes through the group commit.
 */
import type { Audiences } from '../config/audiences.ts'
import { adminAudience } from '../config/audiences.ts'
import type { Log } from '../config/server-config.ts'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import { endSession, isLive } from '../sessions/end-session.ts'
import type { ClockWatch } from '../sessions/clock-watch.ts'
import type { RotationMemory } from '../sessions/rotation-memory.ts'
import type { SessionGroup } from '../sessions/session-group.ts'
import type {
  EndReason,
  Session,
  SessionProof,
  SessionStore,
  SessionWithUser,
  Transport,
  User,
} from '../store/store.ts'
import type { RefreshTarget } from './admin-target.ts'
import {
  adminLoginSeconds,
  adminTokenSeconds,
  isFreshLogin,
  ordinaryScope,
  refreshTarget,
} from './admin-target.ts'
import type { SessionRules } from './begin-session.ts'
import { beginSession, sessionBegunEvent } from './begin-session.ts'
import type { RefreshAttempt, RefreshOutcome } from './judge-refresh.ts'
import { judgeRefresh } from './judge-refresh.ts'
import type { RefreshCounts } from './refresh-counts.ts'
import { refreshStatus } from './refresh-counts.ts'
import type { ParsedRefreshToken } from './refresh-token.ts'
import { isAuthentic, parseRefreshToken } from './refresh-token.ts'
import type { TokenSet, TokenSetParts } from './token-set.ts'
import { issueTokenSet } from './token-set.ts'

export interface Device {
  readonly label: string
  readonly addressPrefix: string
  /** How its refresh tokens travel, for as long as the session lives (P16). */
  readonly transport: Transport
  readonly scope: string
}

export interface RefreshRequest {
  readonly refreshToken: string
  /** When the request names one, it must be the session's (RFC 6749 §6). */
  readonly clientId: string | undefined
  readonly retryKey: string | undefined
  readonly scope: string | undefined
  /** What the access token is for (RFC 8707). */
  readonly resource: string | undefined
  /** How the token came. */
  readonly transport: Transport
}

export type RefreshResult =
  | { readonly status: 'issued'; readonly tokens: TokenSet }
  | Extract<RefreshOutcome, { status: 'refused' | 'wait' }>
  | {
      readonly status: 'refused'
      readonly error: 'invalid_target' | 'invalid_scope'
      readonly code: 'request_invalid'
      readonly detail: string
    }
  /** The token's secret is registered nowhere: a fault of configuration, never the client's (P6). */
  | { readonly status: 'secret_unknown' }

export interface SessionTokens {
  /**
   * Undefined when the account was disabled or its credentials changed since they were verified (P2).
   *
   * @param audience Whom the first access token is for. Default the first of the server
   */
  begin(user: User, device: Device, audience?: string): Promise<TokenSet | undefined>
  /** The row of a new session, for a caller who writes it in a transaction of its own. */
  prepare(user: Pick<User, 'id' | 'credentialVersion'>, device: Device): Session
  /** The tokens of a session that has been written. */
  issue(session: Session, roles: readonly string[]): Promise<TokenSet>
  refresh(request: RefreshRequest): Promise<RefreshResult>
  /**
   * Ends the session of an authentic refresh token of any generation; any other text changes nothing, and neither does one
   * of another client than `clientId`, where that is given.
   */
  endByRefreshToken(text: string, clientId?: string): Promise<void>
  /** Ends a session that belongs to a user; false when there is no such live session. */
  endById(sid: string, userId: string, reason: EndReason): Promise<boolean>
}

export interface SessionTokensOptions extends SessionRules, TokenSetParts {
  readonly issuer: string
  readonly audiences: Audiences
  readonly sessions: SessionStore
  readonly group: SessionGroup
  readonly secrets: ServerSecrets
  /** Waits until this process knows which secret is in use (P6). */
  readonly ensureSecrets: () => Promise<void> | undefined
  readonly graceSeconds: number
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
  readonly clock: ClockWatch
  /** Until when a client may be ahead of its session, as NumericDate; 0: never (P7). */
  readonly recoveredUntil: number
  readonly rotations: RotationMemory
  readonly refreshCounts: RefreshCounts
  readonly log: Log
}

export function createSessionTokens(options: SessionTokensOptions): SessionTokens {
  const { sessions, group, secrets, keepSeconds, nowMs } = options
  return {
    begin: async (user, device, audience) => {
      await options.ensureSecrets()
      const session = beginSession(options, { user, ...device })
      const isBegun = await sessions.insert(session, sessionBegunEvent(session, nowMs()))
      if (!isBegun) return undefined
      // Roles and scopes as they are now: they may have changed since the password was looked at (P11).
      const begun = await sessions.find(session.sid)
      if (begun === undefined || begun.endedAt !== null) return undefined
      return issueTokenSet(options, {
        session: begun,
        roles: begun.user.roles,
        scope: ordinaryScope(begun.scope),
        ...(audience !== undefined && { audience }),
      })
    },
    prepare: (user, device) => beginSession(options, { user, ...device }),
    issue: (session, roles) =>
      issueTokenSet(options, { session, roles, scope: ordinaryScope(session.scope) }),
    refresh: async (request) => {
      try {
        return await refresh(options, request)
      } catch (error) {
        options.refreshCounts.note('failed')
        throw error
      }
    },
    endByRefreshToken: async (text, clientId) => {
      const token = parseRefreshToken(text)
      if (token === undefined || secrets.get(token.kid) === undefined) return
      await group.decide({
        sid: token.sid,
        admit: (session) =>
          session !== undefined &&
          isAuthentic(token, session, secrets) &&
          (clientId ?? session.clientId) === session.clientId
            ? undefined
            : false,
        judge: (session) => end(session, 'logout', { nowMs, keepSeconds }),
      })
    },
    endById: (sid, userId, reason) =>
      group.decide({
        sid,
        admit: (session) => (session?.userId === userId ? undefined : false),
        judge: (session) => end(session, reason, { nowMs, keepSeconds }),
      }),
  }
}

function end(
  session: SessionWithUser,
  reason: EndReason,
  { nowMs, keepSeconds }: { nowMs: () => number; keepSeconds: number },
) {
  const atMs = nowMs()
  if (!isLive(session, atMs)) return { outcome: false }
  return { outcome: true, change: endSession(session, { atMs, reason, keepSeconds }) }
}

async function refresh(options: SessionTokensOptions, request: RefreshRequest): Promise<RefreshResult> {
  const { group, secrets, refreshCounts } = options
  const token = parseRefreshToken(request.refreshToken)
  if (token === undefined) {
    refreshCounts.note('malformed')
    return refused('malformed', 'expected a refresh token of this server, got another text')
  }
  await options.ensureSecrets()
  const refusal = refuseSecret(options, token.kid)
  if (refusal !== undefined) return refusal
  const target = refreshTarget(request, options)
  if (target.kind === 'refused') {
    const { error, detail } = target
    refreshCounts.note('request_invalid')
    return { status: 'refused', error, code: 'request_invalid', detail }
  }
  const attempt = { generation: token.generation, retryKey: request.retryKey, scope: request.scope }
  const outcome = await group.decide<RefreshOutcome>({
    sid: token.sid,
    admit: (session) => admit(session, { token, secrets, clientId: request.clientId }),
    judge: (session, clockMs) => {
      if (session.transport !== request.transport) {
        return {
          outcome: refused('malformed', `expected the token of this session in its ${session.transport}`),
        }
      }
      if (target.kind === 'admin' && !isFreshLogin(session, options.nowMs() / 1000)) return staleLogin
      return judgeRefresh(session, attempt, rulesOf(options, session, clockMs))
    },
  })
  refreshCounts.note(refreshStatus(outcome))
  if (outcome.status === 'rotated') options.rotations.note(outcome.session)
  return answer(options, token, { attempt, outcome, target })
}

/** A secret that was dropped on purpose ends its tokens; one that is merely not held is a fault of ours (P6). */
function refuseSecret(
  { secrets, refreshCounts, log }: SessionTokensOptions,
  kid: string,
): RefreshResult | undefined {
  if (secrets.isDropped(kid)) {
    refreshCounts.note('ended')
    return refused('revoked', 'the session has ended')
  }
  if (secrets.get(kid) !== undefined) return undefined
  refreshCounts.note('kid_unknown')
  log.error({ kid }, 'a refresh token names a server secret that is not registered')
  return { status: 'secret_unknown' }
}

/** No fault of the refresh token, which stays as it is. */
const staleLogin = {
  outcome: {
    status: 'refused',
    error: 'invalid_scope',
    code: 'request_invalid',
    detail: `scope: admin needs a log-in of the last ${adminLoginSeconds} seconds: sign in again`,
  },
} as const

function rulesOf(options: SessionTokensOptions, session: SessionWithUser, clockMs: number | undefined) {
  const { clock, graceSeconds, idleSeconds, secrets, keepSeconds, epoch, recoveredUntil } = options
  const { nowMs, lifeMs, isUncertain } = clock.read()
  return {
    nowMs,
    lifeMs,
    isUncertain,
    clockMs: clockMs ?? nowMs,
    ownAgeMs: options.rotations.ageMs(session),
    graceMs: graceSeconds * 1000,
    idleSeconds,
    currentKid: secrets.current.kid,
    keepSeconds,
    storeEpoch: epoch,
    recoveredUntil,
  }
}

interface Admission {
  readonly token: ParsedRefreshToken
  readonly secrets: ServerSecrets
  readonly clientId: string | undefined
}

function admit(
  session: SessionProof | undefined,
  { token, secrets, clientId }: Admission,
): RefreshOutcome | undefined {
  if (session === undefined) return refused('revoked', 'the session does not exist')
  if (!isAuthentic(token, session, secrets)) {
    return refused('malformed', 'expected a refresh token of this server, got one that it did not make')
  }
  if (clientId !== undefined && clientId !== session.clientId) {
    return refused('malformed', 'expected the client that the refresh token was issued to, got another')
  }
  return undefined
}

type GrantedTarget = Exclude<RefreshTarget, { kind: 'refused' }>

async function answer(
  options: SessionTokensOptions,
  { sid }: ParsedRefreshToken,
  { attempt, outcome, target }: { attempt: RefreshAttempt; outcome: RefreshOutcome; target: GrantedTarget },
): Promise<RefreshResult> {
  if (outcome.status === 'refused' && outcome.ended !== undefined) {
    options.log.warn(
      { sid, reason: outcome.ended, generation: attempt.generation },
      'a refresh ended its session',
    )
  }
  if (outcome.status === 'refused' || outcome.status === 'wait') return outcome
  const { session, scope } = outcome
  return {
    status: 'issued',
    tokens: await issueTokenSet(options, {
      session,
      roles: session.user.roles,
      ...partsFor(target, scope, options),
    }),
  }
}

/** What sets a token for the administration apart from an ordinary one (P10). */
function partsFor(target: GrantedTarget, scope: string, { issuer }: SessionTokensOptions) {
  if (target.kind === 'ordinary') return { scope: ordinaryScope(scope), audience: target.audience }
  return { scope, audience: adminAudience(issuer), lifeSeconds: adminTokenSeconds }
}

function refused(
  code: 'malformed' | 'revoked',
  detail: string,
): Extract<RefreshOutcome, { status: 'refused' }> {
  return { status: 'refused', error: 'invalid_grant', code, detail }
}
