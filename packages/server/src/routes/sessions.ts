/** `/sessions`: a person's own sessions, seen and ended. */
import { problem } from '@tessera/guard'
import { jsonAnswer, noContent, problemAnswer } from '../http/answer.ts'
import type { Endpoint } from './desk.ts'

/** `GET /sessions`. Times are NumericDates. */
export const listSessions: Endpoint = async ({ door, store, nowMs }, { request }) => {
  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)

  const { userId, sessionId } = entry.visitor
  const live = await store.sessions.listLive(userId, Math.floor(nowMs() / 1000))
  const sessions = live.map((session) => ({
    session_id: session.sid,
    created_at: session.createdAt,
    last_used_at: session.lastUsedAt,
    label: session.label,
    address_prefix: session.addressPrefix,
    current: session.sid === sessionId,
  }))
  return jsonAnswer(200, { sessions })
}

/** `DELETE /sessions/:id`. The session of somebody else is as unknown as one that never was. */
export const endSession: Endpoint = async ({ door, tokens }, { request, path }) => {
  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)

  const hasEnded = await tokens.endById(path['id'] ?? '', entry.visitor.userId, 'ended_by_user')
  return hasEnded ? noContent : problemAnswer(problem('not_found', 'expected one of your live sessions'))
}

/** `POST /sessions/revoke-others`. */
export const endOtherSessions: Endpoint = async ({ door, store, revocations, ending }, { request }) => {
  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)

  const { userId, sessionId } = entry.visitor
  revocations.add(await store.sessions.endOthers(userId, sessionId, ending('ended_by_user')))
  return noContent
}
