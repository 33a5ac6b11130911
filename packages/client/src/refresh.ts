/**
 * Refresh: one flight at a time, in this tab and across tabs, safe to repeat. A reply that was lost is asked for again
 * with the same retry key, so that the issuer can tell an honest second attempt from a thief's first.
 */
import { createBackoff } from './backoff.ts'
import type { Clock } from './clock.ts'
import { ClientError } from './errors.ts'
import type { Issuer, RefreshOutcome } from './issuer.ts'
import type { Lock } from './lock.ts'
import type { SessionKeeper } from './session.ts'
import { isSameSet, type TokenSet } from './token-set.ts'

export interface Refresh {
  /**
   * Tokens that are not `old`: those of a flight under way, of another tab, or of a refresh begun now.
   *
   * @throws {ClientError} the issuer's code when it ended the session; `unavailable`, `throttled` or another code when
   *   the refresh failed and the session goes on.
   */
  renew(old: TokenSet): Promise<TokenSet>
  /** Resolves when the flight under way has taken longer than a request should wait whose token is still good. */
  patience(): Promise<void>
  /** Forgets earlier failures: a new session has begun. */
  reset(): void
  /** Gives up the refresh under way: its answer, if it still comes, changes nothing. */
  abandon(): void
}

export interface RefreshParts {
  readonly keeper: SessionKeeper
  readonly issuer: Issuer
  readonly lock: Lock
  readonly clock: Clock
  readonly random: () => number
}

const patienceMs = 1000
const secondAttemptMs = 300
/** How long another page's tokens may be on their way into this page's view of the storage, and how often to look. */
const arrivalMs = 250
const lookMs = 25

export function createRefresh({ keeper, issuer, lock, clock, random }: RefreshParts): Refresh {
  let flight: Promise<TokenSet> | null = null
  let patience: Promise<void> | null = null
  let abandoning = new AbortController()
  const backoff = createBackoff(clock, random)

  /** Runs under the lock. */
  async function rotate(old: TokenSet, hasWaited: boolean): Promise<TokenSet> {
    const kept = await reloadArrived(old, hasWaited)
    if (kept === null) throw notSignedIn()
    // Another tab had the lock before and has done the work.
    if (kept.accessToken !== old.accessToken && clock.monotonicMs() < kept.deadMs) return kept
    const sent = kept.retryKey === undefined ? await keeper.mark(kept, createRetryKey()) : kept
    if (sent === null) throw notSignedIn()
    return settle(sent, await exchange(sent))
  }

  /**
   * The tokens in the storage. A browser may give a page the lock before it shows it what the holder before has stored.
   * Whoever waited for the lock, or finds a retry key that somebody has left, waits a little for tokens in the place of `old`:
   * otherwise they would be asked for twice, at worst with another key.
   */
  async function reloadArrived(old: TokenSet, hasWaited: boolean): Promise<TokenSet | null> {
    const untilMs = clock.monotonicMs() + arrivalMs
    // In cookie mode no tokens are stored.
    const mayFollow = hasWaited && old.refreshToken !== ''
    const mayArrive = (kept: TokenSet | null): boolean =>
      kept !== null && (kept.retryKey !== undefined || (mayFollow && isSameSet(kept, old)))
    let kept = await keeper.reload()
    while (keeper.isShared && mayArrive(kept) && clock.monotonicMs() < untilMs) {
      await clock.sleep(lookMs)
      kept = await keeper.reload()
    }
    return kept
  }

  /** A lost reply is asked for once more at once: most come from a connection that broke a moment ago. */
  async function exchange(sent: TokenSet): Promise<RefreshOutcome> {
    const { refreshToken, retryKey = '' } = sent
    const { signal } = abandoning
    const first = await issuer.refresh(refreshToken, retryKey, signal)
    if (first.kind !== 'failed' || !first.isReplyLost) return first
    await clock.sleep(secondAttemptMs)
    return keeper.tokens() === sent ? issuer.refresh(refreshToken, retryKey, signal) : first
  }

  async function settle(sent: TokenSet, outcome: RefreshOutcome): Promise<TokenSet> {
    if (outcome.kind === 'failed') {
      if (keeper.tokens() === sent) backoff.note(outcome.error)
      throw outcome.error
    }
    backoff.reset()
    const now =
      outcome.kind === 'renewed'
        ? await keeper.replace(sent, outcome.tokens)
        : await keeper.end(sent, outcome.error.code)
    if (now !== null) return now
    throw outcome.kind === 'refused' ? outcome.error : notSignedIn()
  }

  return {
    async renew(old) {
      const now = keeper.tokens()
      if (now === null) throw notSignedIn()
      if (now.accessToken !== old.accessToken && now.accessToken !== '') return now
      if (flight === null) {
        backoff.check()
        flight = lock((hasWaited) => rotate(old, hasWaited)).finally(() => {
          flight = null
          patience = null
        })
      }
      return flight
    },
    patience() {
      if (flight === null) return Promise.resolve()
      patience ??= clock.sleep(patienceMs)
      return patience
    },
    reset: backoff.reset,
    abandon() {
      abandoning.abort()
      abandoning = new AbortController()
    },
  }
}

/** 128 random bits as base64url, made for one refresh token and sent with every attempt to use it. */
function createRetryKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const base64 = btoa(String.fromCharCode(...bytes))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** What a call without a session gets. */
export function notSignedIn(): ClientError {
  return new ClientError('token_missing', 'refresh: expected a session, got none. Log in first.')
}
