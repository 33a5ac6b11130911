/**
 * `POST /logout`: ends the session of a bearer token, or of a refresh token in the body, whatever its generation. What
 * stands for no live session ends nothing, and the answer does not tell.
 */
import { noContent, problemAnswer } from '../http/answer.ts'
import { readOptionalText } from '../http/read-body.ts'
import type { Endpoint } from './desk.ts'

export const logout: Endpoint = async ({ door, tokens }, { request }) => {
  const body = await readOptionalText(request, 'refresh_token')
  if (!body.ok) return problemAnswer(body.problem)
  if (body.value !== undefined) {
    await tokens.endByRefreshToken(body.value)
    return noContent
  }

  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)
  await tokens.endById(entry.visitor.sessionId, entry.visitor.userId, 'logout')
  return noContent
}
