/** The session of this page: what is known in memory, kept in step with the storage, and observable. */
import { ClientError, type ClientErrorCode } from './errors.ts'
import type { TokenStorage } from './storage.ts'
import type { TokenRecords } from './token-records.ts'
import { isSameSet, type TokenSet } from './token-set.ts'

/** Nobody is signed in. `code` tells why, when it was the issuer who ended the session. */
export interface SignedOut {
  readonly status: 'signed-out'
  readonly code?: ClientErrorCode
}

export interface SignedIn {
  readonly status: 'signed-in'
  readonly sessionId: string
  readonly scope: string
  /**
   * The present access token. It changes with every refresh: do not keep it. Empty in cookie mode until this page has sent
   * its first request.
   */
  readonly accessToken: string
}

export type SessionState = SignedOut | SignedIn

/** The observable side of the session. */
export interface Session {
  readonly status: SessionState['status']
  /** A snapshot; a new object whenever something changes. */
  readonly state: SessionState
  /** Calls back after each change, until the returned function is called. */
  subscribe(listener: (state: SessionState) => void): () => void
  /** Resolves once the storage has been read. At once for a synchronous storage. */
  ready(): Promise<SessionState>
}

/** The session as the client's own files use it. */
export interface SessionKeeper {
  readonly session: Session
  /** Whether other pages write into the same storage. */
  readonly isShared: boolean
  /** What is in memory now. */
  tokens(): TokenSet | null
  /** Reads the storage again and adopts what another page has written. */
  reload(): Promise<TokenSet | null>
  /** Begins a session. Stored first: a session that could not be stored has not begun. */
  begin(tokens: TokenSet): Promise<void>
  /** Stores a retry key beside the refresh token that is about to be sent. */
  mark(tokens: TokenSet, retryKey: string): Promise<TokenSet | null>
  /** Puts `next` in the place of `sent`, unless that session has ended or been replaced meanwhile. */
  replace(sent: TokenSet, next: TokenSet): Promise<TokenSet | null>
  /** Ends the session whose refresh token is still that of `sent`; adopts any other. */
  end(sent: TokenSet, code: ClientErrorCode): Promise<TokenSet | null>
  /** Forgets the session in memory at once, then in the storage. */
  forget(): Promise<void>
  /** Removes what the storage still holds of the session with this id, whoever wrote it, while nobody is signed in. */
  erase(sessionId: string): Promise<void>
}

export function createSession(storage: TokenStorage, records: TokenRecords): SessionKeeper {
  const listeners = new Set<(state: SessionState) => void>()
  let tokens: TokenSet | null = null
  let state: SessionState = { status: 'signed-out' }
  /** What the storage holds, as far as this page knows. */
  let known: string | null = null
  /** Changes by this page that have not reached the storage. */
  let pending = 0
  let last: Promise<unknown> = Promise.resolve()

  /** Runs the operations on the storage one after another. */
  function inTurn<Result>(what: string, operation: () => Promise<Result>): Promise<Result> {
    const turn = last.then(operation).catch((cause: unknown) => {
      throw cause instanceof ClientError ? cause : storageFailed(what, cause)
    })
    last = turn.catch(() => {})
    return turn
  }

  function change<Result>(what: string, operation: () => Promise<Result>): Promise<Result> {
    pending++
    return inTurn(what, operation).finally(() => pending--)
  }

  function set(next: TokenSet | null, code?: ClientErrorCode): void {
    const before = state
    tokens = next
    state = stateOf(next, code)
    if (isSameState(before, state)) {
      state = before
      return
    }
    for (const listener of listeners) notify(listener, state)
  }

  /** Takes over what another page has written, unless this page is about to write itself. */
  function adopt(text: string | null): TokenSet | null {
    if (text !== known && pending === 0) {
      known = text
      set(records.read(text, tokens))
    }
    return tokens
  }

  async function write(next: TokenSet): Promise<void> {
    const text = records.write(next)
    await storage.write(text)
    known = text
  }

  async function remove(): Promise<void> {
    await storage.remove()
    known = null
  }

  /** Whether storage and memory both still hold the refresh token that was sent. */
  async function stillHolds(sent: TokenSet): Promise<boolean> {
    const text = await storage.read()
    const stored = records.read(text, tokens)
    if (isSameSet(stored, sent)) return isSameSet(tokens, sent)
    if (tokens !== null && text !== known) {
      known = text
      set(stored)
    }
    return false
  }

  const reload = (): Promise<TokenSet | null> => inTurn('read', async () => adopt(await storage.read()))

  const ready = firstRead(storage, adopt, reload)
  storage.subscribe?.(() => void reload().catch(() => {}))

  return {
    session: {
      get status() {
        return state.status
      },
      get state() {
        return state
      },
      subscribe(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      ready: () => ready().then(() => state),
    },
    isShared: storage.subscribe !== undefined,
    tokens: () => tokens,
    reload,
    begin: (next) =>
      change('write', async () => {
        await write(next)
        set(next)
      }),
    mark: (current, retryKey) =>
      change('write', async () => {
        if (tokens !== current) return null
        const marked = { ...current, retryKey }
        await write(marked)
        if (tokens !== current) return null
        tokens = marked
        return marked
      }),
    replace: (sent, next) =>
      change('write', async () => {
        if (!(await stillHolds(sent))) return tokens
        // Memory first: if the storage fails now, this is the only copy of the new refresh token.
        set(next)
        await write(next)
        return tokens
      }),
    end: (sent, code) =>
      change('remove', async () => {
        if (!(await stillHolds(sent))) return tokens
        set(null, code)
        await remove()
        return null
      }),
    forget() {
      const sessionId = tokens?.sessionId
      set(null)
      return change('remove', async () => {
        // Another page may have begun a session that this one has not heard of.
        const stored = records.read(await storage.read(), tokens)
        if (stored === null || stored.sessionId === sessionId) await remove()
      })
    },
    erase: (sessionId) =>
      change('remove', async () => {
        const stored = records.read(await storage.read(), tokens)
        if (tokens === null && stored?.sessionId === sessionId) await remove()
      }),
  }
}

/** Reads a synchronous storage now, so that the first look at the session is right, and any other when asked. */
function firstRead(
  storage: TokenStorage,
  adopt: (text: string | null) => void,
  reload: () => Promise<unknown>,
): () => Promise<unknown> {
  let read: Promise<unknown> | null = null
  try {
    const text = storage.read()
    if (typeof text === 'string' || text === null) {
      adopt(text)
      return () => Promise.resolve()
    }
    read = text.then(adopt)
    // A fault is told to whoever waits for the session; until somebody does, it is nobody's.
    read.catch(() => {})
  } catch {
    // The same for a storage that throws at once.
  }
  return () => {
    read = (read ?? reload()).catch(reload)
    return read
  }
}

function stateOf(tokens: TokenSet | null, code?: ClientErrorCode): SessionState {
  if (tokens === null) return code === undefined ? { status: 'signed-out' } : { status: 'signed-out', code }
  const { sessionId, scope, accessToken } = tokens
  return { status: 'signed-in', sessionId, scope, accessToken }
}

function isSameState(a: SessionState, b: SessionState): boolean {
  if (a.status === 'signed-in' && b.status === 'signed-in')
    return a.accessToken === b.accessToken && a.sessionId === b.sessionId
  return a.status === 'signed-out' && b.status === 'signed-out' && a.code === b.code
}

/** A listener that throws must not stop a refresh half-way. */
function notify(listener: (state: SessionState) => void, state: SessionState): void {
  try {
    listener(state)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function storageFailed(what: string, cause: unknown): ClientError {
  return new ClientError(
    'unavailable',
    `storage: expected to ${what} the session, got an error. Check that the page may use its storage.`,
    { cause },
  )
}
