/** The server's own refresh, from the token's text to the committed row, without HTTP and without signing access tokens. */
import { createLiveRevocations } from '../../src/sessions/live-revocations.ts'
import type { LiveRevocations } from '../../src/sessions/live-revocations.ts'
import { createClockWatch } from '../../src/sessions/clock-watch.ts'
import { createRotationMemory } from '../../src/sessions/rotation-memory.ts'
import { createSessionGroup } from '../../src/sessions/session-group.ts'
import { deriveServerSecrets } from '../../src/keys/server-secrets.ts'
import { openSqliteStore } from '../../src/store/open-sqlite.ts'
import type { Store, User } from '../../src/store/store.ts'
import type { AccessToken, IssueAccessToken } from '../../src/tokens/access-token.ts'
import { createRefreshCounts } from '../../src/tokens/refresh-counts.ts'
import { createSessionTokens } from '../../src/tokens/session-tokens.ts'
import type { TokenSet } from '../../src/tokens/token-set.ts'
import { user } from '../../src/store/contract/records.ts'

export const engineSecret = 'a-server-secret-of-the-tests-of-this-folder'

export interface RefreshEngine {
  readonly store: Store
  readonly owner: User
  readonly revocations: LiveRevocations
  /** Begins a session; tells its refresh token. */
  begin(): Promise<string>
  /** Begins a session of an account as it was when its password was looked at; undefined: it is not that any more. */
  signIn(as: User): Promise<Begun | undefined>
  /** Ends the session of a refresh token. */
  end(refreshToken: string): Promise<void>
  /** The successor, or why there is none. */
  refresh(refreshToken: string, retryKey: string | undefined): Promise<EngineAnswer>
  close(): Promise<void>
}

/** A refresh token, and what the access token beside it would say. */
export interface Begun {
  readonly token: string
  readonly claims: { readonly sid: string; readonly sv: number; readonly roles: readonly string[] }
}

export type EngineAnswer = Begun | { readonly refused: string } | { readonly waitSeconds: number }

/** What it would be signed over. */
const unsigned = ({ session: { sid, sessionVersion: sv }, roles }: IssueAccessToken): AccessToken => ({
  token: JSON.stringify({ sid, sv, roles }),
  expiresInSeconds: 600,
})

const toBegun = ({ access_token, refresh_token: token }: TokenSet): Begun => ({
  token,
  claims: JSON.parse(access_token) as Begun['claims'],
})

const device = {
  label: 'a test',
  addressPrefix: '203.0.113.0/24',
  transport: 'body',
  scope: 'account',
} as const
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** @param place The path of a file, or an open store. Default a store in memory. */
export async function createRefreshEngine(
  nowMs: () => number,
  place: string | Store = ':memory:',
): Promise<RefreshEngine> {
  const store = typeof place === 'string' ? await openSqliteStore({ path: place }) : place
  const ada = user()
  await store.users.insert(ada, { atMs: nowMs(), event: 'user.created' })
  const revocations = createLiveRevocations(store.revocations, nowMs)
  const tokens = createSessionTokens({
    sessions: store.sessions,
    group: createSessionGroup(store.sessions, revocations),
    secrets: deriveServerSecrets([engineSecret]),
    withCurrentSecret: (work) => work(),
    accessTokens: {
      issue: async (request) => unsigned(request),
      issueToClient: () => Promise.reject(new Error('expected no client')),
      isOurs: () => true,
    },
    issuer: 'https://auth.example.test',
    audiences: ['https://auth.example.test'],
    epoch: store.epoch,
    recoveredUntil: store.recoveredUntil,
    idleSeconds: 14 * 86_400,
    absoluteSeconds: 90 * 86_400,
    graceSeconds: 30,
    keepSeconds: 660,
    nowMs,
    clock: createClockWatch({ nowMs, monotonicMs: nowMs }),
    rotations: createRotationMemory(nowMs),
    refreshCounts: createRefreshCounts(),
    alarmUnknownSecret: () => undefined,
    log,
  })
  return {
    store,
    owner: ada,
    revocations,
    end: (refreshToken) => tokens.endByRefreshToken(refreshToken),
    begin: async () => {
      const begun = await tokens.begin(ada, device)
      if (begun === undefined) throw new Error('expected a session')
      return begun.refresh_token
    },
    signIn: async (as) => {
      const begun = await tokens.begin(as, device)
      return begun && toBegun(begun)
    },
    refresh: async (refreshToken, retryKey) => {
      const result = await tokens.refresh({
        refreshToken,
        retryKey,
        clientId: undefined,
        scope: undefined,
        transport: 'body',
        resource: undefined,
      })
      if (result.status === 'issued') return toBegun(result.tokens)
      if (result.status === 'wait') return { waitSeconds: result.retryAfterSeconds }
      return { refused: result.status === 'refused' ? result.code : result.status }
    },
    close: () => store.close(),
  }
}
