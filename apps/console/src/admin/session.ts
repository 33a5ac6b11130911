/**
 * The session of an administrator (PROTOCOL P10): the client's, with tokens of minutes for the administration alone, asked for
 * by `resource` and `scope`. All of it stays in the memory of the page. When the log-in has become too old, calls wait until
 * the password was given again.
 */
import { ClientError, createClient, isClientError, memoryStorage, type Client } from '@tessera/client'
import { decodeUnverified } from '@tessera/jose/unverified'
import { faultOf, isGood, readAnswer, type Answer } from '../answer.ts'

export interface Administrator {
  readonly username: string
  readonly userId: string
  readonly sessionId: string
}

export type AdminState =
  | { readonly status: 'signed-out' }
  | ({ readonly status: 'signed-in' } & Administrator)
  /** The password is needed again: the log-in is too old, or somebody ended the session. */
  | ({ readonly status: 'asking'; readonly why: 'stale' | 'ended' } & Administrator)

export interface AdminSession {
  state(): AdminState
  subscribe(listener: () => void): () => void
  /** Begins a session, or goes on with one that is asked for. @throws {ClientError} such as `insufficient_scope` */
  signIn(username: string, password: string): Promise<void>
  /** Forgets everything here at once, and ends the session at the server. */
  signOut(): void
  /** A call of the administration; waits while the password is asked for. @throws {ClientError} the server's code */
  call(request: Call): Promise<Answer['body']>
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below `/admin`. */
  readonly path: string
  readonly json?: unknown
}

export interface AdminSessionOptions {
  /** The address of the server, without a slash at its end. */
  readonly server: string
  /** Sends every request. Default the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

export function createAdminSession({
  server,
  fetch = globalThis.fetch.bind(globalThis),
}: AdminSessionOptions): AdminSession {
  const listeners = new Set<() => void>()
  const deviceStorage = memoryStorage()
  let state: AdminState = { status: 'signed-out' }
  let held: Client | null = null
  let resource: string | null = null
  /** Rises with every sign-out: what was begun before it comes to nothing. */
  let turn = 0
  /** Those who wait for the password. */
  let waiting: { resolve(): void; reject(error: unknown): void }[] = []

  function set(next: AdminState): void {
    state = next
    for (const listener of listeners) listener()
  }

  function answerWaiting(answer: (one: (typeof waiting)[number]) => void): void {
    const all = waiting
    waiting = []
    for (const one of all) answer(one)
  }

  /** The audience of the administration is named after the issuer, which may go by another name than this page. */
  async function findResource(): Promise<string> {
    if (resource !== null) return resource
    const address = `${server}/.well-known/oauth-authorization-server`
    const answer = await readAnswer(() => fetch(address, { credentials: 'omit' }))
    const issuer = answer.body['issuer']
    if (typeof issuer !== 'string') throw faultOf(answer)
    resource = `${issuer.replace(/\/$/, '')}/admin`
    return resource
  }

  async function signIn(username: string, password: string): Promise<void> {
    const before = turn
    const asked = { resource: await findResource(), scope: 'admin' }
    // One for each log-in: the session before stays what it is until the new one has begun.
    const client = createClient({ issuer: server, ...asked, deviceStorage, fetch, locks: null })
    const begun = await client.login({ username, password })
    if (before !== turn || begun.status === 'signed-out') {
      void client.logout()
      throw signedOut()
    }
    void held?.logout()
    held = client
    const userId = String(decodeUnverified(begun.accessToken).unverified.claims['sub'])
    set({ status: 'signed-in', username, userId, sessionId: begun.sessionId })
    answerWaiting(({ resolve }) => resolve())
  }

  function signOut(): void {
    turn += 1
    void held?.logout()
    held = null
    set({ status: 'signed-out' })
    answerWaiting(({ reject }) => reject(signedOut()))
  }

  /** Has the password asked for, and goes on when it was given. */
  async function passwordAgain(why: 'stale' | 'ended'): Promise<void> {
    if (state.status === 'signed-out') throw signedOut()
    const asked = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
    if (state.status === 'signed-in') set({ ...state, status: 'asking', why })
    await asked
  }

  async function currentClient(): Promise<Client> {
    if (state.status === 'asking') await passwordAgain(state.why)
    if (held === null) throw signedOut()
    return held
  }

  /** Undefined: it was refused before it was looked at, and is worth another attempt. */
  async function attempt(client: Client, request: Call, isLast: boolean): Promise<Answer | undefined> {
    try {
      const answer = await send(client, server, request)
      if (client.session.status === 'signed-in') {
        if (answer.body['code'] !== 'insufficient_scope' || isLast) return answer
        // The log-in has become too old for a token that is still alive: the refresh tells.
        await client.refresh()
        return undefined
      }
    } catch (error) {
      if (client.session.status === 'signed-in') {
        if (!isStale(error)) throw error
        if (held === client) await passwordAgain('stale')
        return undefined
      }
    }
    if (held === client) await passwordAgain('ended')
    return undefined
  }

  async function call(request: Call): Promise<Answer['body']> {
    for (let left = mostAttempts; left > 0; left -= 1) {
      const answer = await attempt(await currentClient(), request, left === 1)
      if (answer === undefined) continue
      if (isGood(answer)) return answer.body
      throw faultOf(answer)
    }
    throw new ClientError('insufficient_scope', '')
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    signIn,
    signOut,
    call,
  }
}

/** A server that gives good tokens and refuses them is not asked for ever. */
const mostAttempts = 3
const timeoutMs = 15_000

function send(client: Client, server: string, { method, path, json }: Call): Promise<Answer> {
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      ...(json !== undefined && { 'content-type': 'application/json' }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    credentials: 'omit',
    cache: 'no-store',
    // A redirect would carry what is sent to an address that nobody chose.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }
  return readAnswer(() => client.fetch(`${server}/admin${path}`, init))
}

/** What a refresh for the administration is refused with when the log-in has become too old; the session goes on. */
function isStale(error: unknown): boolean {
  return isClientError(error) && error.code === 'request_invalid'
}

function signedOut(): ClientError {
  return new ClientError('token_missing', '')
}
