/** The client: log in, then `fetch` as ever. The token goes where it may, and is renewed before anybody notices. */
import { prepareRequest } from './attach.ts'
import { ClientError } from './errors.ts'
import { createIssuer, type Credentials, type Issuer } from './issuer.ts'
import { createLock, type Lock } from './lock.ts'
import { checkNames } from './names.ts'
import { checkOptions, type ClientOptions } from './options.ts'
import { createRefresh, notSignedIn, type Refresh } from './refresh.ts'
import { createSend } from './send.ts'
import { createSession, type Session, type SessionKeeper, type SessionState } from './session.ts'
import { createRecords } from './token-records.ts'

export interface Client {
  /** Opens a session with user name and password. @throws {ClientError} such as `credentials_invalid`. */
  login(credentials: Credentials): Promise<SessionState>
  /** Creates an account and opens a session. @throws {ClientError} such as `username_taken`, `password_rejected`. */
  signup(credentials: Credentials): Promise<SessionState>
  /**
   * Ends the session here at once, and at the server. Never throws for a server out of reach: then `revoked` is
   * false, and the session lives on at the server until it expires.
   */
  logout(): Promise<{ readonly revoked: boolean }>
  /** Renews the tokens now. Seldom needed: `fetch` does it in time. @throws {ClientError} `token_missing` when signed out. */
  refresh(): Promise<SessionState>
  /**
   * Like the global `fetch`, with the access token for the allowed origins. Renews the token ahead of its end, and once
   * when an answer says that it was refused; the request is then sent again if its body can be.
   * A relative address counts from the page, or from the issuer where there is no page.
   *
   * @throws {ClientError} when the access token has expired and cannot be renewed: `unavailable` and its kin while
   *   the session goes on, the issuer's code when it ended the session. Everything else as `fetch` does.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  readonly session: Session
}

interface Parts {
  readonly keeper: SessionKeeper
  readonly issuer: Issuer
  readonly lock: Lock
  readonly refresh: Refresh
}

/**
 * A client of one token server.
 *
 * @throws {ClientError} `option_invalid` for an unknown, lost or wrong option.
 */
export function createClient(options: ClientOptions): Client {
  const settings = checkOptions(options)
  const { storage, transport, clock, locks, random } = settings
  const keeper = createSession(storage, createRecords(transport, clock))
  const issuer = createIssuer(settings)
  const lock = createLock(`tessera:${settings.issuer}`, locks)
  const refresh = createRefresh({ keeper, issuer, lock, clock, random })
  const send = createSend(keeper, refresh, clock)

  async function open(path: '/login' | '/signup', credentials: Credentials): Promise<SessionState> {
    checkCredentials(path, credentials)
    await lock(async () => keeper.begin(await issuer.logIn(path, credentials)))
    refresh.reset()
    return keeper.session.state
  }

  return {
    login: (credentials) => open('/login', credentials),
    signup: (credentials) => open('/signup', credentials),
    logout: () => (transport === 'cookie' ? logOutByCookie : logOut)({ keeper, issuer, lock, refresh }),
    async refresh() {
      await keeper.session.ready()
      const tokens = keeper.tokens()
      if (tokens === null) throw notSignedIn()
      await refresh.renew(tokens)
      return keeper.session.state
    },
    fetch: async (input, init) => send(prepareRequest(input, init, settings)),
    session: keeper.session,
  }
}

/** Here at once, then at the server, and last in the storage: a refresh of another tab may have written meanwhile. */
async function logOut({ keeper, issuer, lock, refresh }: Parts): Promise<{ readonly revoked: boolean }> {
  await keeper.session.ready().catch(() => {})
  const tokens = keeper.tokens()
  refresh.reset()
  if (tokens === null) return { revoked: true }
  const forgotten = keeper.forget()
  const revoked = issuer.logOut(tokens.refreshToken).then(
    () => true,
    () => false,
  )
  await forgotten
  await lock(() => keeper.erase(tokens.sessionId))
  return { revoked: await revoked }
}

/**
 * Here at once, then at the server: alone among all tabs, for only whoever holds the lock may have cookies set. An answer
 * that comes after the log-out would bring the session's cookie back, so that a refresh of this page is given up first and
 * one of another page is waited for (P16).
 */
async function logOutByCookie({
  keeper,
  issuer,
  lock,
  refresh,
}: Parts): Promise<{ readonly revoked: boolean }> {
  await keeper.session.ready().catch(() => {})
  const sessionId = keeper.tokens()?.sessionId
  refresh.reset()
  refresh.abandon()
  // Without a session there may be a cookie: the storage was cleared, the browser's own store was not.
  await keeper.forget()
  return lock(async () => {
    const revoked = await issuer.logOut('').then(
      () => true,
      (error: ClientError) => error.code === 'token_missing',
    )
    if (sessionId !== undefined) await keeper.erase(sessionId)
    return { revoked }
  })
}

function checkCredentials(path: string, credentials: Credentials): void {
  checkNames(credentials, ['username', 'password'], path.slice(1))
  for (const name of ['username', 'password'] as const) {
    if (typeof credentials[name] !== 'string' || credentials[name] === '') {
      throw new ClientError('option_invalid', `${path.slice(1)}: expected a ${name}, got none`)
    }
  }
}
