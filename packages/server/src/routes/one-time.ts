/** What is done with the one-time token of a message, and how one is asked for (P30). */
import { problem } from '@tessera/guard'
import { z } from 'zod'
import { oneTimeTokenId } from '../accounts/messages.ts'
import type { Answer } from '../http/answer.ts'
import { noContent, problemAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import { refuseCredentials } from './credentials.ts'
import type { Desk, Endpoint, Exchange } from './desk.ts'

export const forgotBody: z.ZodObject<{ username: z.ZodString }> = z.object({ username: z.string() })
export const resetBody: z.ZodObject<{ token: z.ZodString; new_password: z.ZodString }> = z.object({
  token: z.string(),
  new_password: z.string(),
})
export const verifyBody: z.ZodObject<{ token: z.ZodString }> = z.object({ token: z.string() })

/** `POST /password/forgot`: the same answer, at the same time, whether the account exists or not. */
export const forgotPassword: Endpoint = async ({ messages, throttle }, { request, addressPrefix }) => {
  if (!messages.isOffered) return notOffered
  const body = await readJson(request, forgotBody)
  if (!body.ok) return problemAnswer(body.problem)
  const { username } = body.value
  const charge = await throttle.chargeMessage(username, addressPrefix)
  if (!charge.ok) return refuseCredentials({ code: 'throttled', ...charge })
  messages.sendPasswordReset(username)
  return noContent
}

/** `POST /password/reset`: the new password ends every session, and begins none. */
export const resetPassword: Endpoint = async (desk, exchange) => {
  const { accounts, messages, store, revocations, ending, nowMs } = desk
  if (!messages.isOffered) return notOffered
  const body = await readJson(exchange.request, resetBody)
  if (!body.ok) return problemAnswer(body.problem)

  const id = oneTimeTokenId(body.value.token)
  const owner = await store.oneTimeTokens.find(id, 'password_reset', Math.floor(nowMs() / 1000))
  if (owner === undefined) return wrongToken(desk, exchange)
  const { addressPrefix } = exchange
  const { username } = owner
  const hashed = await accounts.hashNewPassword({
    password: body.value.new_password,
    username,
    addressPrefix,
  })
  if (!hashed.ok) return refuseCredentials(hashed)

  const event = { atMs: nowMs(), event: 'password.reset' as const, userId: owner.userId, addressPrefix }
  const { passwordHash } = hashed
  const use = { id, passwordHash, ending: ending('password_reset'), event }
  const ended = await store.oneTimeTokens.resetPassword(use)
  if (ended === undefined) return wrongToken(desk, exchange)
  revocations.add(ended)
  return noContent
}

/** `POST /email/verify`. */
export const verifyEmail: Endpoint = async (desk, exchange) => {
  const { messages, store, nowMs } = desk
  if (!messages.isOffered) return notOffered
  const body = await readJson(exchange.request, verifyBody)
  if (!body.ok) return problemAnswer(body.problem)

  const event = { atMs: nowMs(), event: 'email.verified' as const, addressPrefix: exchange.addressPrefix }
  const use = { id: oneTimeTokenId(body.value.token), now: Math.floor(nowMs() / 1000), event }
  return (await store.oneTimeTokens.verifyEmail(use)) ? noContent : wrongToken(desk, exchange)
}

const notOffered: Answer = problemAnswer(problem('not_found', 'this server sends no messages'))

/** Guesses are charged by where they come from; who holds a right token is never kept waiting. */
async function wrongToken({ throttle }: Desk, { addressPrefix }: Exchange): Promise<Answer> {
  const charge = await throttle.charge(`one-time token ${addressPrefix}`, addressPrefix)
  if (!charge.ok) return refuseCredentials({ code: 'throttled', ...charge })
  const detail =
    'token: expected one that is in force, got one that is unknown, used or too old: ask for a new one'
  return problemAnswer(problem('credentials_invalid', detail))
}
