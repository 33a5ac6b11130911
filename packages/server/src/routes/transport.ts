/**
 * How a session's refresh token travels: in bodies, or in a cookie that no script can read (P16). Whoever wants the cookie
 * says so in a header of our own, which no form and no foreign page can send without being asked about by CORS first.
 */
import type { ProblemAnswer } from '@tessera/guard'
import { problem } from '@tessera/guard'
import type { CheckedConfig } from '../config/check-config.ts'
import type { Answer } from '../http/answer.ts'
import { tokenAnswer } from '../http/answer.ts'
import { readSessionCookie, setSessionCookie } from '../http/session-cookie.ts'
import type { Transport } from '../store/store.ts'
import type { TokenSet } from '../tokens/token-set.ts'
import type { Exchange } from './desk.ts'

export type AskedTransport =
  | { readonly ok: true; readonly transport: 'body' }
  | { readonly ok: true; readonly transport: 'cookie'; readonly refreshToken: string | undefined }
  | { readonly ok: false; readonly problem: ProblemAnswer }

/** The header that asks for cookie mode, and its one value. */
const transportHeader = 'tessera-transport'

/** What a request that may carry or set the cookie asks for. */
export function askedTransport({ request }: Exchange, config: CheckedConfig): AskedTransport {
  const asked = request.headers.get(transportHeader)
  const cookie = readSessionCookie(request.headers.get('cookie'))
  if (asked === null && cookie.kind === 'none') return { ok: true, transport: 'body' }
  if (!isOwnPage(request.headers.get('origin'), config)) {
    return refused(
      'origin_rejected',
      'Origin: expected a page that TESSERA_ORIGINS lists, got another or none',
    )
  }
  if (asked !== 'cookie') {
    return refused(
      'request_invalid',
      'Tessera-Transport: expected "cookie" beside the cookie, got none or another',
    )
  }
  if (cookie.kind === 'several') {
    return refused('request_invalid', 'Cookie: expected one session cookie, got several')
  }
  const refreshToken = cookie.kind === 'one' ? cookie.refreshToken : undefined
  return { ok: true, transport: 'cookie', refreshToken }
}

/** A listed page, or one that this server serves itself. Absent and `null` are neither. */
function isOwnPage(origin: string | null, { origins, issuer }: CheckedConfig): boolean {
  return origin !== null && (origins.has(origin) || origin === new URL(issuer).origin)
}

function refused(code: 'origin_rejected' | 'request_invalid', detail: string): AskedTransport {
  return { ok: false, problem: problem(code, detail) }
}

/** The answer that hands tokens out: in cookie mode without the refresh token, which the cookie carries. */
export function tokenSetAnswer(status: number, tokens: TokenSet, transport: Transport): Answer {
  if (transport === 'body') return tokenAnswer(status, tokens)
  const { refresh_token: refreshToken, ...shown } = tokens
  const { headers, body } = tokenAnswer(status, shown)
  const cookie = setSessionCookie(refreshToken, tokens.refresh_expires_in)
  return { status, headers: { ...headers, 'set-cookie': cookie }, body }
}
