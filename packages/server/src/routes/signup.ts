/** `POST /signup`: a new account, signed in at once. */
import { problem } from '@tessera/guard'
import { z } from 'zod'
import { problemAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import { loginTarget } from '../tokens/admin-target.ts'
import { credentialsBody, deviceOf, refuseCredentials } from './credentials.ts'
import type { Endpoint } from './desk.ts'
import { askedTransport, tokenSetAnswer } from './transport.ts'

/** An address is taken as it is; whether it is theirs, a message shows. `resource` as at log-in (RFC 8707). */
export const signUpBody: z.ZodObject<{
  username: z.ZodString
  password: z.ZodString
  email: z.ZodOptional<z.ZodString>
  resource: z.ZodOptional<z.ZodString>
}> = credentialsBody.extend({
  email: z
    .string()
    .max(255)
    .regex(/^[^\s@]+@[^\s@]+$/)
    .optional(),
  resource: z.string().max(1024).optional(),
})

export const signup: Endpoint = async ({ config, accounts, messages, tokens }, exchange) => {
  if (config.signup === 'closed' || config.authenticate !== undefined) {
    return problemAnswer(problem('signup_closed', 'accounts of this server are made by its operator'))
  }
  const asked = askedTransport(exchange, config)
  if (!asked.ok) return problemAnswer(asked.problem)
  const body = await readJson(exchange.request, signUpBody)
  if (!body.ok) return problemAnswer(body.problem)

  const { resource, ...account } = body.value
  // Nobody who signs up is an administrator.
  const target = loginTarget({ resource }, config)
  if (target.kind === 'refused') return problemAnswer(problem('body_invalid', target.detail))

  const verdict = await accounts.signUp({ ...account, addressPrefix: exchange.addressPrefix })
  if (!verdict.ok) return refuseCredentials(verdict)

  if (verdict.user.email !== null) messages.sendEmailVerification(verdict.user)
  const device = deviceOf(exchange, asked)
  const tokenSet = await verdict.attempt.refundWith((refund) =>
    tokens.begin(verdict.user, device, { target, refund }),
  )
  return tokenSet === undefined
    ? refuseCredentials({ code: 'credentials_invalid' })
    : tokenSetAnswer(201, { ...tokenSet, device_secret: verdict.deviceSecret }, asked.transport)
}
