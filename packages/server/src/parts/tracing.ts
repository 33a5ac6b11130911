/** The rooms, telling of their work on the channels where somebody listens. */
import type { Accounts } from '../accounts/accounts.ts'
import type { Hasher } from '../accounts/hasher.ts'
import type { AccountTrace } from '../channels.ts'
import { channels, traceWork } from '../channels.ts'
import type { AccessTokens } from '../tokens/access-token.ts'
import type { RefreshResult } from '../tokens/refresh.ts'
import type { SessionTokens } from '../tokens/session-tokens.ts'

export function withTracedAccounts(accounts: Accounts): Accounts {
  const { signIn, signUp } = accounts
  return {
    ...accounts,
    signIn: (credentials) => {
      if (!channels.login.hasSubscribers) return signIn(credentials)
      return traceWork(channels.login, { trace: {}, work: () => signIn(credentials), told: outcomeOf })
    },
    signUp: (credentials) => {
      if (!channels.signup.hasSubscribers) return signUp(credentials)
      return traceWork(channels.signup, { trace: {}, work: () => signUp(credentials), told: outcomeOf })
    },
  }
}

type Verdict = { readonly ok: true } | { readonly ok: false; readonly code: string }

function outcomeOf(verdict: Verdict): AccountTrace {
  return { outcome: verdict.ok ? 'ok' : verdict.code }
}

export function withTracedTokens(tokens: SessionTokens): SessionTokens {
  const { refresh } = tokens
  return {
    ...tokens,
    refresh: (request) => {
      if (!channels.refresh.hasSubscribers) return refresh(request)
      return traceWork(channels.refresh, { trace: {}, work: () => refresh(request), told: refreshOutcome })
    },
  }
}

function refreshOutcome(result: RefreshResult) {
  const { status: outcome } = result
  return result.status === 'refused' ? { outcome, code: result.code } : { outcome }
}

export function withTracedSigning(tokens: AccessTokens): AccessTokens {
  const { issue, issueToClient } = tokens
  return {
    ...tokens,
    issue: (request) => {
      if (!channels.sign.hasSubscribers) return issue(request)
      return traceWork(channels.sign, { trace: { subject: 'user' }, work: () => issue(request) })
    },
    issueToClient: (request) => {
      if (!channels.sign.hasSubscribers) return issueToClient(request)
      return traceWork(channels.sign, { trace: { subject: 'client' }, work: () => issueToClient(request) })
    },
  }
}

/** An unknown name is told like any other: who reads traces learns no more than who signs in. */
export function withTracedHasher(hasher: Hasher): Hasher {
  const traced = <Result>(operation: 'hash' | 'verify', work: () => Promise<Result>): Promise<Result> =>
    channels.hash.hasSubscribers ? traceWork(channels.hash, { trace: { operation }, work }) : work()
  return {
    ...hasher,
    hash: (password, turn) => traced('hash', () => hasher.hash(password, turn)),
    verify: (phc, password, turn) => traced('verify', () => hasher.verify(phc, password, turn)),
    verifyNothing: (password, decoy, turn) =>
      traced('verify', () => hasher.verifyNothing(password, decoy, turn)),
  }
}
