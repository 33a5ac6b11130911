/** A client as ours is: it makes a retry key for each refresh token and keeps it until it has the next one (P17). */
import { randomBytes } from 'node:crypto'
import { password } from '../create-test-server.ts'
import type { Answer } from './requests.ts'
import { send } from './requests.ts'

export interface RefreshClient {
  readonly sessionId: string
  readonly refreshToken: string
  readonly accessToken: string
  /** How often the token was rotated, as this client knows. */
  readonly rotations: number
  /** Sends the token with its saved key once, and keeps the successor when the answer brings one. */
  attempt(): Promise<Answer | undefined>
  /** Sends the token before the current one again, with its key. */
  repeat(): Promise<Answer | undefined>
}

const newRetryKey = (): string => randomBytes(16).toString('base64url')

export function refreshRequest(
  url: string,
  refreshToken: string,
  retryKey?: string,
): Promise<Answer | undefined> {
  return send(`${url}/token`, {
    method: 'POST',
    form: { grant_type: 'refresh_token', refresh_token: refreshToken },
    headers: retryKey === undefined ? {} : { 'idempotency-key': retryKey },
  })
}

interface Held {
  readonly refreshToken: string
  readonly retryKey: string
}

function createRefreshClient(url: string, { body }: Answer): RefreshClient {
  let current: Held = { refreshToken: String(body['refresh_token']), retryKey: newRetryKey() }
  let previous: Held | undefined
  let accessToken = String(body['access_token'])
  let rotations = 0
  return {
    sessionId: String(body['session_id']),
    get refreshToken() {
      return current.refreshToken
    },
    get accessToken() {
      return accessToken
    },
    get rotations() {
      return rotations
    },
    attempt: async () => {
      const answer = await refreshRequest(url, current.refreshToken, current.retryKey)
      if (answer?.status !== 200) return answer
      previous = current
      current = { refreshToken: String(answer.body['refresh_token']), retryKey: newRetryKey() }
      accessToken = String(answer.body['access_token'])
      rotations += 1
      return answer
    },
    repeat: async () =>
      previous === undefined ? undefined : refreshRequest(url, previous.refreshToken, previous.retryKey),
  }
}

/** Signs one user in `count` times. */
export async function signIn(
  url: string,
  count: number,
  username = 'ada',
): Promise<readonly RefreshClient[]> {
  const credentials = { method: 'POST', json: { username, password } } as const
  await send(`${url}/signup`, credentials)
  const clients: RefreshClient[] = []
  while (clients.length < count) {
    const answer = await send(`${url}/login`, credentials)
    if (answer?.status !== 200) throw new Error(`expected a session, got ${JSON.stringify(answer)}`)
    clients.push(createRefreshClient(url, answer))
  }
  return clients
}
