/**
 * `POST /logout`: ends the session of a bearer token, of a refresh token in the body, or of the session cookie, whatever the
 * generation. What stands for no live session ends nothing, and the answer does not tell.
 */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { noContent, problemAnswer } from '../http/answer.ts'
import { readOptionalText } from '../http/read-body.ts'
import { clearSessionCookie } from '../http/session-cookie.ts'
import type { Endpoint } from './desk.ts'
import { askedTransport } from './transport.ts'

export const logout: Endpoint = async ({ config, door, tokens }, exchange) => {
  const { request } = exchange
  const asked = askedTransport(exchange, config)
  if (!asked.ok) return problemAnswer(asked.problem)
  const body = await readOptionalText(request, 'refresh_token')
  if (!body.ok) return problemAnswer(body.problem)
  const inCookie = asked.transport === 'cookie' ? asked.refreshToken : undefined
  if (inCookie !== undefined && body.value !== undefined) {
    return problemAnswer(problem('request_invalid', 'expected a refresh token in cookie or body, got both'))
  }
  const refreshToken = inCookie ?? body.value
  if (refreshToken !== undefined) await tokens.endByRefreshToken(refreshToken)
  else {
    const entry = await door.admit(request)
    if (!entry.ok) return problemAnswer(entry.problem)
    await tokens.endById(entry.visitor.sessionId, entry.visitor.userId, 'logout')
  }
  return asked.transport === 'cookie' ? withoutCookie : noContent
}

/** Cleared last, when the session has ended. */
const withoutCookie: Answer = {
  ...noContent,
  headers: { ...noContent.headers, 'set-cookie': clearSessionCookie },
}
