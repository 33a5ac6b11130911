/**
 * What can be done with sessions by those who prove that they may: begin one with verified credentials, refresh and
 * end one with its refresh token. Every step that changes a session goes through the group commit.
 */
import { endSession, isLive } from '../sessions/end-session.ts'
import type {
  EndReason,
  Refund,
  Session,
  SessionStore,
  SessionWithUser,
  Transport,
  User,
} from '../store/store.ts'
import type { GrantedTarget } from './admin-target.ts'
import { ordinaryScope, tokenRequest } from './admin-target.ts'
import type { SessionRules } from './begin-session.ts'
import { beginSession, sessionBegunEvent } from './begin-session.ts'
import type { RefreshOptions, RefreshRequest, RefreshResult } from './refresh.ts'
import { refresh } from './refresh.ts'
import { isAuthentic, parseRefreshToken } from './refresh-token.ts'
import type { TokenSet } from './token-set.ts'
import { issueTokenSet } from './token-set.ts'

export interface Device {
  readonly label: string
  readonly addressPrefix: string
  /** How its refresh tokens travel, for as long as the session lives (P16). */
  readonly transport: Transport
  readonly scope: string
}

export interface Beginning {
  /** What the first access token is for. Default the first API of the server. */
  readonly target?: GrantedTarget
  readonly refund?: Refund
}

export interface SessionTokens {
  /**
   * Undefined when the account was disabled or its credentials changed since they were verified (P2).
   *
   * What the log-in was charged is given back in the transaction that begins the session.
   */
  begin(user: User, device: Device, beginning?: Beginning): Promise<TokenSet | undefined>
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

export interface SessionTokensOptions extends SessionRules, RefreshOptions {
  readonly sessions: SessionStore
}

export function createSessionTokens(options: SessionTokensOptions): SessionTokens {
  const { sessions, group, secrets, keepSeconds, nowMs } = options
  const ordinary: GrantedTarget = { kind: 'ordinary', audience: options.audiences[0] }
  return {
    begin: async (user, device, { target = ordinary, refund } = {}) => {
      // With roles and scopes as they are then: they may have changed since the password was looked at (P11).
      const begun = await options.withCurrentSecret(() => {
        const session = beginSession(options, { user, ...device })
        return sessions.insert(session, sessionBegunEvent(session, nowMs()), refund)
      })
      if (begun === undefined) return undefined
      if (target.kind === 'admin' && !begun.scope.split(' ').includes('admin')) return undefined
      const request = tokenRequest(target, { session: begun, scope: begun.scope }, options.issuer)
      return issueTokenSet(options, request)
    },
    prepare: (user, device) => beginSession(options, { user, ...device }),
    issue: (session, roles) =>
      issueTokenSet(options, { session, roles, scope: ordinaryScope(session.scope) }),
    refresh: (request) =>
      refresh(options, request).catch((error: unknown) => {
        options.refreshCounts.note('failed')
        throw error
      }),
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
