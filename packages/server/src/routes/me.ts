/** `GET /me`: who the bearer of an access token is. */
import { tokenProblem } from '@tessera/guard'
import { jsonAnswer, problemAnswer } from '../http/answer.ts'
import type { Endpoint } from './desk.ts'

export const me: Endpoint = async ({ door, store }, { request }) => {
  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)

  const { userId, sessionId, scope } = entry.visitor
  const user = await store.users.findById(userId)
  if (user === undefined) return problemAnswer(tokenProblem('revoked', 'the account does not exist any more'))
  const { username, roles } = user
  return jsonAnswer(200, { sub: userId, username, roles, scope, session_id: sessionId })
}
