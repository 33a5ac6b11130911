/**
 * The session of an administrator (PROTOCOL P10): a log-in that asked for `admin`, and tokens of minutes for the administration
 * alone, got by `resource` and `scope`. All of it stays in the memory of the page. When the log-in has become too old, calls wait
 * until the password was given again.
 */
import { ClientError } from '@tessera/client'
import { decodeUnverified } from '@tessera/jose/unverified'
import { faultOf, isGood, type Answer, type Outgoing, type Send } from './send.ts'

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
  readonly method: Outgoing['method']
  /** Below `/admin`. */
  readonly path: string
  readonly json?: unknown
}

export interface AdminSessionOptions {
  readonly send: Send
  /** Milliseconds of a clock that only goes forward. Default the page's. */
  readonly nowMs?: () => number
}

interface Held extends Administrator {
  readonly refreshToken: string
  /** The same for every attempt with one refresh token, so that a lost answer costs nothing (P17). */
  readonly retryKey: string
  readonly access: { readonly token: string; readonly dueMs: number } | null
}

type Exchanged =
  | { readonly kind: 'renewed'; readonly token: string }
  | { readonly kind: 'stale' | 'ended'; readonly answer: Answer }

/** After this part of its life a token is renewed before it is used. */
const dueFraction = 0.8

export function createAdminSession({
  send,
  nowMs = () => performance.now(),
}: AdminSessionOptions): AdminSession {
  const listeners = new Set<() => void>()
  let state: AdminState = { status: 'signed-out' }
  let held: Held | null = null
  let flight: Promise<string> | null = null
  let resource: string | null = null
  /** Those who wait for the password. */
  let waiting: { resolve(): void; reject(error: unknown): void }[] = []

  function set(next: AdminState): void {
    state = next
    for (const listener of listeners) listener()
  }

  /** The audience of the administration is named after the issuer, which may go by another name than this page. */
  async function findResource(): Promise<string> {
    if (resource !== null) return resource
    const answer = await send({ method: 'GET', path: '/.well-known/oauth-authorization-server' })
    const issuer = answer.body['issuer']
    if (typeof issuer !== 'string') throw faultOf(answer)
    resource = `${issuer.replace(/\/$/, '')}/admin`
    return resource
  }

  async function exchange(from: Held): Promise<Exchanged> {
    const form = { grant_type: 'refresh_token', refresh_token: from.refreshToken, scope: 'admin' }
    const answer = await send({
      method: 'POST',
      path: '/token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': from.retryKey,
      },
      body: String(new URLSearchParams({ ...form, resource: await findResource() })),
    })
    if (answer.body['error'] === 'invalid_scope') return { kind: 'stale', answer }
    if (answer.body['error'] === 'invalid_grant') return { kind: 'ended', answer }
    const { access_token: token, refresh_token: refreshToken, expires_in: life } = answer.body
    if (!isGood(answer) || typeof token !== 'string' || typeof refreshToken !== 'string')
      throw faultOf(answer)
    const dueMs = nowMs() + Number(life) * 1000 * dueFraction
    if (held === from) held = { ...from, refreshToken, retryKey: makeRetryKey(), access: { token, dueMs } }
    return { kind: 'renewed', token }
  }

  async function renew(from: Held): Promise<string> {
    const exchanged = await exchange(from)
    if (exchanged.kind === 'renewed') return exchanged.token
    return passwordAgain(exchanged.kind)
  }

  /** Has the password asked for, and gives a token when it was given. */
  async function passwordAgain(why: 'stale' | 'ended'): Promise<string> {
    if (state.status === 'signed-out') throw signedOut()
    const asked = new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
    if (state.status === 'signed-in') set({ ...state, status: 'asking', why })
    await asked
    if (held === null || held.access === null) throw signedOut()
    return held.access.token
  }

  async function currentToken(): Promise<string> {
    if (held === null) throw signedOut()
    if (state.status === 'asking') return passwordAgain(state.why)
    if (held.access !== null && nowMs() < held.access.dueMs) return held.access.token
    flight ??= renew(held).finally(() => (flight = null))
    return flight
  }

  function answerWaiting(answer: (one: (typeof waiting)[number]) => void): void {
    const all = waiting
    waiting = []
    for (const one of all) answer(one)
  }

  async function signIn(username: string, password: string): Promise<void> {
    const json = { username, password, scope: 'admin' }
    const answer = await send({ method: 'POST', path: '/login', ...asJson(json) })
    const { access_token: token, refresh_token: refreshToken, session_id: sessionId } = answer.body
    if (!isGood(answer) || typeof token !== 'string' || typeof refreshToken !== 'string')
      throw faultOf(answer)
    const userId = String(decodeUnverified(token).unverified.claims['sub'])
    const who = { username, userId, sessionId: String(sessionId) }
    await replace({ ...who, refreshToken, retryKey: makeRetryKey(), access: null })
    set({ status: 'signed-in', ...who })
    answerWaiting(({ resolve }) => resolve())
  }

  /** Puts a new session in the place of the one before, if it gets a token for the administration. */
  async function replace(fresh: Held): Promise<void> {
    const before = held
    held = fresh
    try {
      const exchanged = await exchange(fresh)
      if (exchanged.kind !== 'renewed') throw faultOf(exchanged.answer)
    } catch (error) {
      held = before
      endAtServer(fresh)
      throw error
    }
    if (before !== null) endAtServer(before)
  }

  function endAtServer({ refreshToken }: Held): void {
    void send({
      method: 'POST',
      path: '/logout',
      keepalive: true,
      ...asJson({ refresh_token: refreshToken }),
    })
  }

  function signOut(): void {
    const before = held
    held = null
    flight = null
    set({ status: 'signed-out' })
    answerWaiting(({ reject }) => reject(signedOut()))
    if (before !== null) endAtServer(before)
  }

  async function call({ method, path, json }: Call): Promise<Answer['body']> {
    for (let attempt = 1; ; attempt += 1) {
      const token = await currentToken()
      const given = asJson(json)
      const headers = { ...given.headers, authorization: `Bearer ${token}` }
      const answer = await send({ method, path: `/admin${path}`, ...given, headers })
      if (isGood(answer)) return answer.body
      const isRefused = answer.status === 401 || answer.body['code'] === 'insufficient_scope'
      if (!isRefused || attempt === 2) throw faultOf(answer)
      // Refused before it was looked at: the token's session is over, or its log-in has just become too old. Once more.
      if (held?.access?.token === token) held = { ...held, access: null }
    }
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

function asJson(json: unknown): { headers: Record<string, string>; body?: string } {
  if (json === undefined) return { headers: {} }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
}

/** 128 bits in the letters that a retry key may have. */
function makeRetryKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function signedOut(): ClientError {
  return new ClientError('token_missing', '')
}
