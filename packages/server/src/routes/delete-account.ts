/** `DELETE /me`: the end of an account, by whoever knows its password. */
import { problem, tokenProblem } from '@tessera/guard'
import { z } from 'zod'
import { noContent, problemAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import { refuseCredentials } from './credentials.ts'
import type { Endpoint } from './desk.ts'

export const deleteBody: z.ZodObject<{ current_password: z.ZodString }> = z.object({
  current_password: z.string(),
})

/** Every session ends, and the name is free again. What the audit trail says of the account stays. */
export const deleteAccount: Endpoint = async (desk, { request, addressPrefix }) => {
  const { config, door, accounts, store, revocations, ending } = desk
  const entry = await door.admit(request)
  if (!entry.ok) return problemAnswer(entry.problem)
  if (config.authenticate !== undefined) {
    return problemAnswer(problem('not_found', 'accounts are kept elsewhere: delete yours there'))
  }
  const body = await readJson(request, deleteBody)
  if (!body.ok) return problemAnswer(body.problem)
  const user = await store.users.findById(entry.visitor.userId)
  if (user === undefined) return problemAnswer(tokenProblem('revoked', 'the account does not exist any more'))

  const { sessionId } = entry.visitor
  const password = body.value.current_password
  const verdict = await accounts.confirm(user, { password, sessionId, addressPrefix })
  if (!verdict.ok) return refuseCredentials(verdict)
  const ended = await store.users.remove(user.id, user.credentialVersion, ending('user_deleted'))
  // Changed by somebody else since the password was verified (P2).
  if (ended === undefined) return refuseCredentials({ code: 'credentials_invalid' })
  revocations.add(ended)
  return noContent
}
