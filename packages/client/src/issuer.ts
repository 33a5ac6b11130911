/** The calls to the token server. Only here does the client know its paths and the forms of its answers. */
import type { Clock } from './clock.ts'
import { createDevice } from './device.ts'
import { ClientError, isCode, nextStep, type ClientErrorCode } from './errors.ts'
import type { Settings } from './options.ts'
import { placeTokens, type TokenResponse, type TokenSet, type Transport } from './token-set.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** What became of a refresh. Only `refused` ends a session: the issuer itself said that it is over. */
export type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly tokens: TokenSet }
  | { readonly kind: 'refused'; readonly error: ClientError }
  | { readonly kind: 'failed'; readonly error: ClientError; readonly isReplyLost: boolean }

export interface Issuer {
  logIn(path: '/login' | '/signup', credentials: Credentials): Promise<TokenSet>
  /** @param signal gives up: an answer that comes later changes nothing, cookies included */
  refresh(refreshToken: string, retryKey: string, signal: AbortSignal): Promise<RefreshOutcome>
  /** Ends the session at the server. */
  logOut(refreshToken: string): Promise<void>
}

/** How long one answer may take. A refresh holds the lock of all tabs meanwhile. */
const timeoutMs = 15_000
/** The longest wait that the client accepts from a `Retry-After`. */
const maxRetryAfterSeconds = 3600

interface Answer {
  readonly call: string
  /** 0 when no answer came. */
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
  readonly asked: { readonly monotonicMs: number; readonly wallMs: number }
}

export function createIssuer(settings: Settings): Issuer {
  const isCookie = settings.transport === 'cookie'
  const { wanted } = settings
  const send = (path: string, body: string, more: Pick<Call, 'headers' | 'signal'>): Promise<Answer> =>
    post(settings, { path, body, ...more })
  const device = createDevice(settings.deviceStorage)
  const place = (answer: Answer): TokenSet | null => {
    const isGood = answer.status === 200 || answer.status === 201
    const tokens = isGood ? parseTokens(answer.body, settings.transport) : null
    return tokens && placeTokens(tokens, answer.asked, settings.random)
  }
  return {
    async logIn(path, { username, password }) {
      const known = path === '/login' ? await device.secret() : null
      // Nobody has another scope than the account's own when it is made.
      const { scope: _, ...atSignUp } = wanted
      const asked = path === '/login' ? wanted : atSignUp
      const credentials = { username, password, ...asked, ...(known !== null && { device_secret: known }) }
      const answer = await send(path, JSON.stringify(credentials), { headers: json })
      const tokens = place(answer)
      if (tokens === null) throw errorOf(answer)
      await device.keep(answer.body['device_secret'])
      return tokens
    },
    async refresh(refreshToken, retryKey, signal) {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        ...(!isCookie && { refresh_token: refreshToken }),
        ...wanted,
      })
      const headers = { ...form, 'idempotency-key': retryKey }
      const answer = await send('/token', String(body), { headers, signal })
      const tokens = place(answer)
      if (tokens !== null) return { kind: 'renewed', tokens }
      const isLost = isCookie && answer.body['code'] === 'token_missing'
      if (answer.status === 400 && (answer.body['error'] === 'invalid_grant' || isLost)) {
        return { kind: 'refused', error: errorOf(answer, 'revoked') }
      }
      return { kind: 'failed', error: errorOf(answer), isReplyLost: answer.status === 0 }
    },
    async logOut(refreshToken) {
      const body = isCookie ? '' : JSON.stringify({ refresh_token: refreshToken })
      const answer = await send('/logout', body, { headers: isCookie ? {} : json })
      if (answer.status !== 204 && answer.status !== 200) throw errorOf(answer)
    },
  }
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

interface Call {
  readonly path: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** The header that asks for cookie mode: no form and no foreign page can send it unasked (CORS). */
const cookieHeader = { 'tessera-transport': 'cookie' }

async function post(
  { issuer, fetch, clock, transport }: Settings,
  { path, body, headers, signal }: Call,
): Promise<Answer> {
  const asked = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() }
  const call = `POST ${path}`
  try {
    const response = await fetch(issuer + path, {
      method: 'POST',
      headers: { accept: 'application/json', ...headers, ...(transport === 'cookie' && cookieHeader) },
      body,
      credentials: transport === 'cookie' ? 'include' : 'omit',
      // A redirect would carry a password or a refresh token to an address that nobody configured.
      redirect: 'manual',
      // A log-out must still leave the page that is being closed.
      keepalive: path === '/logout',
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    })
    const text = await response.text()
    const retryAfterSeconds = readRetryAfter(response.headers.get('retry-after'), clock)
    return {
      call,
      status: response.status,
      body: readObject(text),
      asked,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    }
  } catch (cause) {
    return { call, status: 0, body: {}, cause, asked }
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Not JSON: the answer of something else than a token server.
  }
  return {}
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function readRetryAfter(value: string | null, clock: Clock): number | undefined {
  if (value === null) return undefined
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - clock.wallMs()) / 1000
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), maxRetryAfterSeconds)
}

/** Characters that may stand in an `Authorization` header (RFC 6750 §2.1). */
const tokenPattern = /^[\w.~+/-]+=*$/

/** @returns `null` for anything but a bearer token response (RFC 6749 §5.1) whose refresh token is where it belongs. */
function parseTokens(body: Readonly<Record<string, unknown>>, transport: Transport): TokenResponse | null {
  const { access_token, token_type, expires_in, refresh_token, scope = '', session_id = '' } = body
  if (typeof access_token !== 'string' || !tokenPattern.test(access_token)) return null
  if (typeof token_type !== 'string' || token_type.toLowerCase() !== 'bearer') return null
  if (typeof expires_in !== 'number' || !Number.isFinite(expires_in) || expires_in <= 0) return null
  const isInBody = typeof refresh_token === 'string' && refresh_token !== ''
  if (isInBody !== (transport === 'body')) return null
  return {
    accessToken: access_token,
    refreshToken: isInBody ? refresh_token : '',
    expiresInSeconds: expires_in,
    scope: String(scope),
    sessionId: String(session_id),
  }
}

/** An answer that holds no tokens, as an error: the server's own code where it gave one. */
function errorOf(answer: Answer, fallback: ClientErrorCode = 'unavailable'): ClientError {
  const { call, status, body, retryAfterSeconds, cause } = answer
  const code = isCode(body['code']) ? body['code'] : status === 429 ? 'throttled' : fallback
  const detail = toldBy(body)
  const details = {
    ...(status !== 0 && { status }),
    ...(detail !== undefined && { detail }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(cause !== undefined && { cause }),
  }
  return new ClientError(
    code,
    `${call}: ${describe(answer, code)} ${nextStep(code, retryAfterSeconds)}`,
    details,
  )
}

/** What the answer says of this case, in the words of RFC 9457 or RFC 6749. */
function toldBy(body: Answer['body']): string | undefined {
  const told = [body['detail'], body['error_description']].find((text) => typeof text === 'string')
  return told === undefined ? undefined : String(told).slice(0, 300)
}

function describe({ status, body }: Answer, code: ClientErrorCode): string {
  if (status === 0)
    return 'expected an answer, got none: the server is out of reach, or slow, or refuses this origin.'
  const told = toldBy(body)
  if (told !== undefined) return `got ${status} ${code}. ${told}`
  if (isCode(body['code'])) return `got ${status} ${code}.`
  return `expected the answer of a token server, got ${status} without a code. Is \`issuer\` right?`
}
