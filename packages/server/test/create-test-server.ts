/**
 * The only way to start a server in a test: a real token server on a store of its own, with a clock that stands still
 * until it is moved and Argon2 parameters that cost nothing.
 */
import { onTestFinished } from 'vitest'
import type { Hasher } from '../src/accounts/hasher.ts'
import { createHasher } from '../src/accounts/hasher.ts'
import type { HashParameters } from '../src/config/hash-parameters.ts'
import type { ServerConfig } from '../src/config/server-config.ts'
import { openSqliteStore } from '../src/store/open-sqlite.ts'
import type { SessionWithUser, Store } from '../src/store/store.ts'
import { openTestStore, testDatabase } from './store/open-test-database.ts'
import type { StreamingTokenServer, TokenServer } from '../src/token-server.ts'
import { createTokenServerWith } from '../src/token-server.ts'
import type { TokenSet } from '../src/tokens/token-set.ts'

export const issuer = 'https://auth.example.test'
export const serverSecret = 'a server secret of a test, 32 bytes and more'
export const password = 'correct horse battery staple'

export const cheapHash: HashParameters = { memoryKib: 32, passes: 1, lanes: 1 }

/** A hasher that counts its calls. */
export function countingHasher(hasher: Hasher = createHasher({ parameters: cheapHash })): Hasher & {
  readonly calls: { hash: number; verify: number; verifyNothing: number }
} {
  const calls = { hash: 0, verify: 0, verifyNothing: 0 }
  return {
    calls,
    hash: (text, turn) => ((calls.hash += 1), hasher.hash(text, turn)),
    verify: (phc, text, turn) => ((calls.verify += 1), hasher.verify(phc, text, turn)),
    verifyNothing: (text, decoy, turn) => (
      (calls.verifyNothing += 1),
      hasher.verifyNothing(text, decoy, turn)
    ),
    isOutdated: (phc) => hasher.isOutdated(phc),
    expectRoom: (turn) => hasher.expectRoom(turn),
  }
}

export interface TestServerOptions {
  readonly config?: Partial<ServerConfig>
  readonly hasher?: Hasher
  /** Default a store in memory. */
  readonly path?: string
  /** In the place of the store that tests have otherwise. */
  readonly openStore?: () => Promise<Store>
  /** Wraps the store, to watch it or to make it fail. */
  readonly wrapStore?: (store: Store) => Store
  /** Milliseconds since 1970 at the start. Default 2026-01-01. */
  readonly startMs?: number
}

export interface Reply<Body = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface TestServer {
  readonly store: Store
  /** The server's own face. */
  handle: TokenServer['handle']
  /** What the HTTP of the stand-alone server asks. */
  answer: StreamingTokenServer['answer']
  readonly on: TokenServer['on']
  readonly lines: readonly Record<string, unknown>[]
  /** Lets time pass. */
  wait(seconds: number): void
  /** Sets the wall clock forward or back; no time passes. */
  setClock(seconds: number): void
  nowMs(): number
  /** Sends a request and reads the JSON of its answer; `{}` when there is no body. */
  send(method: string, path: string, request?: SendOptions): Promise<Reply>
  signup(username?: string): Promise<TokenSet>
  login(username?: string): Promise<TokenSet>
  refresh(refreshToken: string, request?: { retryKey?: string; scope?: string }): Promise<Reply>
  me(accessToken: string): Promise<Reply>
  /** The row of a session, ended ones too. */
  rowOf(sid: string): Promise<SessionWithUser>
  close(): Promise<void>
}

export interface SendOptions {
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly body?: BodyInit
  readonly bearer?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  let clockMs = options.startMs ?? Date.UTC(2026, 0, 1)
  let elapsedMs = 0
  let store: Store | undefined
  let inner: Store | undefined
  const lines: Record<string, unknown>[] = []
  const note = (fields: object, message: string): void => void lines.push({ ...fields, message })
  const noteError = (fields: object, message: string): void => note({ ...fields, level: 'error' }, message)
  const log = { info: note, warn: note, error: noteError }
  const server = createTokenServerWith(
    { issuer, secrets: [serverSecret], log, ...options.config },
    {
      nowMs: () => clockMs,
      monotonicMs: () => elapsedMs,
      hasher: options.hasher ?? createHasher({ parameters: cheapHash }),
      openStore: async () => {
        inner = await (options.openStore?.() ?? openStore(options.path, () => clockMs))
        store = options.wrapStore?.(inner) ?? inner
        return store
      },
    },
  )
  await server.ready
  if (store === undefined || inner === undefined) throw new Error('expected an open store')
  const opened = inner
  let isClosed = false
  const close = async (): Promise<void> => {
    if (!isClosed) await server.close()
    isClosed = true
  }
  onTestFinished(close)

  const send: TestServer['send'] = async (method, path, request = {}) => {
    const response = await server.handle(toRequest(method, path, request), {
      remoteAddress: request.remoteAddress ?? '203.0.113.7',
    })
    const text = await response.text()
    const { status, headers } = response
    return { status, headers, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
  }
  const credentials = (username: string) => ({ json: { username, password } })
  const tokens = async (reply: Promise<Reply>): Promise<TokenSet> => {
    const { status, body } = await reply
    if (status !== 200 && status !== 201)
      throw new Error(`expected tokens, got ${status} ${JSON.stringify(body)}`)
    return body as unknown as TokenSet
  }
  return {
    store,
    on: server.on,
    lines,
    handle: server.handle,
    answer: server.answer,
    wait: (seconds) => {
      clockMs += seconds * 1000
      elapsedMs += seconds * 1000
    },
    setClock: (seconds) => void (clockMs += seconds * 1000),
    nowMs: () => clockMs,
    send,
    signup: (username = 'ada') => tokens(send('POST', '/signup', credentials(username))),
    login: (username = 'ada') => tokens(send('POST', '/login', credentials(username))),
    refresh: (refreshToken, { retryKey, scope } = {}) =>
      send('POST', '/token', {
        form: {
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          ...(scope !== undefined && { scope }),
        },
        ...(retryKey !== undefined && { headers: { 'idempotency-key': retryKey } }),
      }),
    me: (accessToken) => send('GET', '/me', { bearer: accessToken }),
    rowOf: (sid) => readRow(opened, sid),
    close,
  }
}

/** On PostgreSQL where `npm run test:postgres` runs the tests, unless a test is about a file. */
function openStore(path: string | undefined, clockMs: () => number): Promise<Store> {
  if (path === undefined && testDatabase !== undefined) return openTestStore(clockMs)
  return openSqliteStore({ path: path ?? ':memory:' })
}

/** Read through a change that changes nothing: the store has no other verb that shows a whole row. */
async function readRow(store: Store, sid: string): Promise<SessionWithUser> {
  let row: SessionWithUser | undefined
  await store.sessions.change([sid], (found) => {
    row = found.get(sid)
    return []
  })
  if (row === undefined) throw new Error('expected the session to exist')
  return row
}

function toRequest(
  method: string,
  path: string,
  { json, form, body, bearer, headers }: SendOptions,
): Request {
  const formText = form === undefined ? undefined : new URLSearchParams(form).toString()
  const content = json !== undefined ? JSON.stringify(json) : (formText ?? body)
  const type =
    json !== undefined
      ? 'application/json'
      : form !== undefined
        ? 'application/x-www-form-urlencoded'
        : undefined
  return new Request(`${issuer}${path}`, {
    method,
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
    // A body that is a stream must say so (Fetch §5.4).
    ...(content instanceof ReadableStream && { duplex: 'half' }),
  })
}
