/** The answer to a login or a refresh, from a session that has been committed (RFC 6749 §5.1). */
import type { ServerSecrets } from '../keys/server-secrets.ts'
import { expiresAt } from '../sessions/end-session.ts'
import type { AccessTokens, IssueAccessToken } from './access-token.ts'
import { mintRefreshToken } from './refresh-token.ts'

/** Members as they go over the wire. */
export interface TokenSet {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly refresh_token: string
  readonly refresh_expires_in: number
  readonly scope: string
  readonly session_id: string
  /** After a password was proven: what this device is known by at its next log-in (P15). No key to anything. */
  readonly device_secret?: string
}

export interface TokenSetParts {
  readonly accessTokens: AccessTokens
  readonly secrets: ServerSecrets
  readonly nowMs: () => number
}

/** Issues an access token and tells the refresh token of the session's current generation. */
export async function issueTokenSet(
  { accessTokens, secrets, nowMs }: TokenSetParts,
  request: IssueAccessToken,
): Promise<TokenSet> {
  const { session, scope } = request
  const { token, expiresInSeconds } = await accessTokens.issue(request)
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: expiresInSeconds,
    refresh_token: mintRefreshToken(session, secrets),
    refresh_expires_in: Math.max(0, expiresAt(session) - Math.floor(nowMs() / 1000)),
    scope,
    session_id: session.sid,
  }
}
