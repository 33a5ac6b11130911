/** What a request is told that the server could not answer. */
import type { ProblemAnswer } from '@tessera/guard'
import { HasherBusy } from '../accounts/hash-pool.ts'
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, problemAnswer, waitProblem } from '../http/answer.ts'
import { NoUsableSecret } from '../keys/server-secrets.ts'
import { SessionGroupBusy } from '../sessions/session-group.ts'
import { StoreError } from '../store/store-error.ts'
import { oauthPaths } from './reference/token-operations.ts'

/** What the server could not do is never the fault of the request, and never a reason to drop a session. */
export function refusalOf(error: unknown): ProblemAnswer {
  if (error instanceof HasherBusy) {
    return waitProblem('overloaded', 'too many passwords are being checked: try again shortly', 2)
  }
  if (error instanceof SessionGroupBusy) {
    return waitProblem('overloaded', 'too many sessions are being refreshed: try again shortly', 2)
  }
  if (lacksSecret(error)) {
    return waitProblem('unavailable', 'the server secrets are being changed: try again shortly', 5)
  }
  const detail =
    error instanceof StoreError
      ? wasHandedOver(error)
        ? 'this database was handed over to another server'
        : 'the database is not available: try again shortly'
      : 'the server could not do this: try again shortly'
  return waitProblem('unavailable', detail, 5)
}

/** A server that says no by design is not at fault: a flood must not fill the log with stacks. */
export function isExpected(error: unknown): error is Error {
  const isBusy = error instanceof HasherBusy || error instanceof SessionGroupBusy
  return isBusy || lacksSecret(error) || (error instanceof StoreError && wasHandedOver(error))
}

const lacksSecret = (error: unknown): boolean =>
  error instanceof NoUsableSecret || (error instanceof StoreError && error.isOfDroppedSecret)

const wasHandedOver = ({ databaseCode }: StoreError): boolean => databaseCode === 'MOVED'

/** A refusal as its route tells it: RFC 6749 §5.2 at OAuth endpoints, RFC 9457 elsewhere. */
export function shapeRefusal(route: string | undefined, refusal: ProblemAnswer): Answer {
  return route !== undefined && oauthPaths.has(route) ? asOAuthAnswer(refusal) : problemAnswer(refusal)
}
