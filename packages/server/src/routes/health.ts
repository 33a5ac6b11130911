/** `GET /healthz` says that the process answers, `GET /readyz` that it can do its work. */
import { jsonAnswer, problemAnswer, waitProblem } from '../http/answer.ts'
import type { Endpoint, PublicEndpoint } from './desk.ts'

const ok = jsonAnswer(200, { status: 'ok' })

export const healthz: PublicEndpoint = { document: () => ok }

export const readyz: Endpoint = async ({ store, revocations }) => {
  await store.check()
  if (revocations.source.isCurrent()) return jsonAnswer(200, { status: 'ready' })
  return problemAnswer(waitProblem('unavailable', 'the list of revoked sessions is not current', 5))
}
