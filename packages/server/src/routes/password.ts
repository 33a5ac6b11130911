/** `POST /password`: a new password ends every other session; with `renew`, this one is replaced too (P32). */
import { problem, tokenProblem } from '@tessera/guard'
import { z } from 'zod'
import { noContent, problemAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import type { Session, User } from '../store/store.ts'
import { deviceOf, refuseCredentials } from './credentials.ts'
import type { Desk, Endpoint, Exchange } from './desk.ts'
import type { Visitor } from './door.ts'
import { askedTransport, tokenSetAnswer } from './transport.ts'

export const passwordBody: z.ZodObject<{
  current_password: z.ZodString
  new_password: z.ZodString
  renew: z.ZodOptional<z.ZodBoolean>
}> = z.object({
  current_password: z.string(),
  new_password: z.string(),
  renew: z.boolean().optional(),
})

export const changePassword: Endpoint = async (desk, exchange) => {
  const entry = await desk.door.admit(exchange.request)
  if (!entry.ok) return problemAnswer(entry.problem)
  if (desk.config.authenticate !== undefined) {
    return problemAnswer(problem('not_found', 'passwords are kept elsewhere: change yours there'))
  }
  const asked = askedTransport(exchange, desk.config)
  if (!asked.ok) return problemAnswer(asked.problem)
  const body = await readJson(exchange.request, passwordBody)
  if (!body.ok) return problemAnswer(body.problem)
  const wantsRenewal = body.value.renew === true
  const renewed = wantsRenewal ? await desk.store.sessions.find(entry.visitor.sessionId) : undefined
  // A session stays what it was begun as (P16).
  if (wantsRenewal && renewed?.transport !== asked.transport) {
    const detail = 'Tessera-Transport: expected the way in which the session was begun, got the other'
    return problemAnswer(problem('request_invalid', detail))
  }
  const user = await desk.store.users.findById(entry.visitor.userId)
  if (user === undefined) return problemAnswer(tokenProblem('revoked', 'the account does not exist any more'))

  const verdict = await desk.accounts.prepareNewPassword(user, {
    password: body.value.current_password,
    newPassword: body.value.new_password,
    sessionId: entry.visitor.sessionId,
    addressPrefix: exchange.addressPrefix,
  })
  if (!verdict.ok) return refuseCredentials(verdict)
  const { passwordHash, deviceSecret } = verdict
  const change = { user, passwordHash, deviceSecret, renewed, visitor: entry.visitor }
  return desk.registry.withCurrent(() => writePassword(desk, exchange, change))
}

interface Change {
  readonly user: User
  readonly visitor: Visitor
  readonly passwordHash: string
  readonly deviceSecret: string
  /** The session that another one like it takes the place of (P32). */
  readonly renewed: Pick<Session, 'transport' | 'scope'> | undefined
}

async function writePassword(
  { store, tokens, revocations, ending, nowMs }: Desk,
  exchange: Exchange,
  { user, visitor, passwordHash, deviceSecret, renewed: old }: Change,
) {
  const next = { id: user.id, credentialVersion: user.credentialVersion + 1 }
  const renewed = old && tokens.prepare(next, deviceOf(exchange, old))
  const ended = await store.users.changePassword({
    userId: user.id,
    credentialVersion: user.credentialVersion,
    passwordHash,
    currentSid: visitor.sessionId,
    ...(renewed !== undefined && { renewed }),
    ending: ending('password_changed'),
    event: {
      atMs: nowMs(),
      event: 'password.changed',
      userId: user.id,
      sid: visitor.sessionId,
      addressPrefix: exchange.addressPrefix,
    },
  })
  // Changed by somebody else since the current one was verified: it is not the current one any more.
  if (ended === undefined) return refuseCredentials({ code: 'credentials_invalid' })
  revocations.add(ended)
  if (renewed === undefined) return noContent
  const tokenSet = await tokens.issue(renewed, user.roles)
  return tokenSetAnswer(200, { ...tokenSet, device_secret: deviceSecret }, renewed.transport)
}
