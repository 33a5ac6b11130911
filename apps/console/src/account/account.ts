/** What a person can do with the sessions of his account, through the client. */
import { ClientError, createClient, type Client, type SessionState } from '@tessera/client'
import { faultOf, isGood, readAnswer, type Answer } from '../answer.ts'

/** A session as `GET /sessions` tells of it. Dates are NumericDates. */
export interface OwnSession {
  readonly session_id: string
  readonly created_at: number
  readonly last_used_at: number
  readonly label: string
  readonly address_prefix: string
  /** It is that of this page. */
  readonly current: boolean
}

export interface Account {
  readonly session: Client['session']
  /** @throws {ClientError} such as `credentials_invalid`, `throttled` */
  signIn(username: string, password: string): Promise<SessionState>
  /** Forgets everything here at once, and ends the session at the server. */
  signOut(): void
  /** The live sessions, that of this page first. @throws {ClientError} */
  list(): Promise<readonly OwnSession[]>
  /** Ends one session; with that of this page one is signed out here. @throws {ClientError} */
  end(session: OwnSession): Promise<void>
  /** @throws {ClientError} */
  endOthers(): Promise<void>
  /** A new password; every other session ends. @throws {ClientError} such as `password_rejected` */
  changePassword(current: string, next: string): Promise<void>
  /** Ends every session, that of this page last. @throws {ClientError} */
  endAll(): Promise<void>
}

const timeoutMs = 15_000

/**
 * @param server the address of the token server
 * @throws {ClientError} `option_invalid` where passwords would travel in the open
 */
export function createAccount(server: string, fetch: typeof globalThis.fetch = globalThis.fetch): Account {
  const client = createClient({ issuer: server, fetch: (input, init) => fetch(input, init), locks: null })

  async function call(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    json?: object,
  ): Promise<Answer['body']> {
    const init: RequestInit = {
      method,
      headers: { accept: 'application/json', ...(json && { 'content-type': 'application/json' }) },
      ...(json && { body: JSON.stringify(json) }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }
    const answer = await readAnswer(() => client.fetch(`${server}${path}`, init))
    if (!isGood(answer)) throw faultOf(answer)
    return answer.body
  }

  const endById = (id: string) => call('DELETE', `/sessions/${encodeURIComponent(id)}`)
  async function endOwn(): Promise<void> {
    const { state } = client.session
    // Asked of the server first: what it did not end is not told to be over.
    if (state.status === 'signed-in') await endById(state.sessionId)
    await client.logout()
  }

  return {
    session: client.session,
    signIn: (username, password) => client.login({ username, password }),
    signOut: () => void client.logout(),
    list: async () => {
      const { sessions } = await call('GET', '/sessions')
      if (!Array.isArray(sessions)) throw new ClientError('unavailable', '')
      const isCurrent = ({ current }: OwnSession): number => (current ? 1 : 0)
      return [...(sessions as OwnSession[])].sort((one, other) => isCurrent(other) - isCurrent(one))
    },
    end: async ({ session_id: id, current }) => (current ? endOwn() : void (await endById(id))),
    endOthers: async () => void (await call('POST', '/sessions/revoke-others')),
    changePassword: async (current, next) =>
      void (await call('POST', '/password', { current_password: current, new_password: next })),
    endAll: async () => {
      await call('POST', '/sessions/revoke-others')
      await endOwn()
    },
  }
}
