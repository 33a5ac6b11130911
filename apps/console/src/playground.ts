/** The state behind the page: the real client, and what it was last given. */
import { createClient, memoryStorage, type Client, type SessionState } from '@tessera/client'

/** The tokens of the last answer of the token server. They stay in sight when the session is over. */
export interface IssuedTokens {
  readonly accessToken: string
  readonly refreshToken: string
  readonly sessionId: string
  readonly lifeSeconds: number
  /** On the page's monotonic clock. */
  readonly receivedMs: number
}

export interface View {
  readonly session: SessionState
  readonly issued: IssuedTokens | null
}

export interface Playground {
  readonly client: Client
  readonly view: () => View
  subscribe(listener: () => void): () => void
}

/**
 * A playground against a token server.
 *
 * @throws {ClientError} `option_invalid` where the client refuses the address: plain http to another machine.
 */
export function createPlayground(issuer: string): Playground {
  let noted: IssuedTokens | null = null
  const watched: typeof globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init)
    noted = (await readIssued(response)) ?? noted
    return response
  }
  const client = createClient({ issuer, storage: memoryStorage(), fetch: watched })
  const listeners = new Set<() => void>()
  let view: View = { session: client.session.state, issued: null }
  client.session.subscribe((session) => {
    const isNew = session.status === 'signed-in' && noted?.accessToken === session.accessToken
    view = { session, issued: isNew ? noted : view.issued }
    for (const listener of listeners) listener()
  })
  return {
    client,
    view: () => view,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** The tokens in an answer that carries some. The answer stays readable. */
async function readIssued(response: Response): Promise<IssuedTokens | null> {
  if (!response.ok || response.status === 204) return null
  try {
    const body = (await response.clone().json()) as Record<string, unknown>
    const { access_token, refresh_token, expires_in, session_id } = body
    if (typeof access_token !== 'string' || typeof refresh_token !== 'string') return null
    return {
      accessToken: access_token,
      refreshToken: refresh_token,
      sessionId: String(session_id),
      lifeSeconds: Number(expires_in),
      receivedMs: performance.now(),
    }
  } catch {
    return null
  }
}
