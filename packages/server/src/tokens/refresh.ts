/**
 * A refresh, from the token's text to the tokens that follow it: its shape and secret, what it is asked for, the verdict in the
 * group's transaction, and then, when that is committed, the answer.
 */
import type { Audiences } from '../config/audiences.ts'
import type { Log } from '../config/server-config.ts'
import type { SecretRegistry } from '../keys/secret-registry.ts'
import type { ServerSecrets } from '../keys/server-secrets.ts'
import type { ClockWatch } from '../sessions/clock-watch.ts'
import type { RotationMemory } from '../sessions/rotation-memory.ts'
import type { SessionGroup } from '../sessions/session-group.ts'
import type { SessionProof, SessionWithUser, Transport } from '../store/store.ts'
import type { GrantedTarget } from './admin-target.ts'
import { adminLoginSeconds, isFreshLogin, refreshTarget, tokenRequest } from './admin-target.ts'
import type { RefreshAttempt, RefreshOutcome } from './judge-refresh.ts'
import { judgeRefresh } from './judge-refresh.ts'
import type { RefreshCounts } from './refresh-counts.ts'
import { refreshStatus } from './refresh-counts.ts'
import type { ParsedRefreshToken } from './refresh-token.ts'
import { isAuthentic, parseRefreshToken } from './refresh-token.ts'
import type { TokenSet, TokenSetParts } from './token-set.ts'
import { issueTokenSet } from './token-set.ts'
import type { UnknownSecretAlarm } from './unknown-secret-alarm.ts'

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

export interface RefreshOptions extends TokenSetParts {
  readonly issuer: string
  readonly audiences: Audiences
  readonly group: SessionGroup
  readonly secrets: ServerSecrets
  /** Does it with the secret that is in use (P6). */
  readonly withCurrentSecret: SecretRegistry['withCurrent']
  readonly epoch: string
  readonly idleSeconds: number
  readonly graceSeconds: number
  /** How long an entry in the revocation feed is kept, in seconds. */
  readonly keepSeconds: number
  readonly nowMs: () => number
  readonly clock: ClockWatch
  /** Until when a client may be ahead of its session, as NumericDate; 0: never (P7). */
  readonly recoveredUntil: number
  readonly rotations: RotationMemory
  readonly refreshCounts: RefreshCounts
  readonly alarmUnknownSecret: UnknownSecretAlarm
  readonly log: Log
}

export async function refresh(options: RefreshOptions, request: RefreshRequest): Promise<RefreshResult> {
  const { refreshCounts } = options
  const token = parseRefreshToken(request.refreshToken)
  if (token === undefined) {
    refreshCounts.note('malformed')
    return refused('malformed', 'expected a refresh token of this server, got another text')
  }
  return options.withCurrentSecret(() => refreshWith(options, request, token))
}

async function refreshWith(
  options: RefreshOptions,
  request: RefreshRequest,
  token: ParsedRefreshToken,
): Promise<RefreshResult> {
  const { group, secrets, refreshCounts } = options
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
  { secrets, refreshCounts, alarmUnknownSecret }: RefreshOptions,
  kid: string,
): RefreshResult | undefined {
  if (secrets.isDropped(kid)) {
    refreshCounts.note('ended')
    return refused('revoked', 'the session has ended')
  }
  if (secrets.get(kid) !== undefined) return undefined
  refreshCounts.note('kid_unknown')
  alarmUnknownSecret(kid)
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

function rulesOf(options: RefreshOptions, session: SessionWithUser, clockMs: number | undefined) {
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

/** What the one who asked is told, now that it is committed. */
function answer(
  options: RefreshOptions,
  { sid }: ParsedRefreshToken,
  { attempt, outcome, target }: { attempt: RefreshAttempt; outcome: RefreshOutcome; target: GrantedTarget },
): RefreshResult | Promise<RefreshResult> {
  if (outcome.status === 'refused' && outcome.ended !== undefined) {
    options.log.warn(
      { sid, reason: outcome.ended, generation: attempt.generation },
      'a refresh ended its session',
    )
  }
  if (outcome.status === 'refused' || outcome.status === 'wait') return outcome
  const { session, scope } = outcome
  const issued = issueTokenSet(options, tokenRequest(target, { session, scope }, options.issuer))
  return issued.then((tokens) => ({ status: 'issued', tokens }))
}

function refused(
  code: 'malformed' | 'revoked',
  detail: string,
): Extract<RefreshOutcome, { status: 'refused' }> {
  return { status: 'refused', error: 'invalid_grant', code, detail }
}
