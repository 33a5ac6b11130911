/** `POST /login`: user name and password for a session. */
import { problem } from '@tessera/guard'
import { z } from 'zod'
import { problemAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import type { User } from '../store/store.ts'
import { loginTarget } from '../tokens/admin-target.ts'
import { credentialsBody, deviceOf, refuseCredentials } from './credentials.ts'
import type { Endpoint } from './desk.ts'
import { askedTransport, tokenSetAnswer } from './transport.ts'

/**
 * `scope` beside `account` is asked for by name, and never had by default (P10). `resource` is the API that the access token
 * is for (RFC 8707), or with the scope `admin` the administration. `device_secret` is what an earlier log-in of this device was
 * answered with (P15).
 */
export const loginBody: z.ZodObject<{
  username: z.ZodString
  password: z.ZodString
  scope: z.ZodOptional<z.ZodString>
  resource: z.ZodOptional<z.ZodString>
  device_secret: z.ZodOptional<z.ZodString>
}> = credentialsBody.extend({
  scope: z.string().max(1024).optional(),
  resource: z.string().max(1024).optional(),
  device_secret: z.string().optional(),
})

export const login: Endpoint = async ({ config, accounts, tokens }, exchange) => {
  const asked = askedTransport(exchange, config)
  if (!asked.ok) return problemAnswer(asked.problem)
  const body = await readJson(exchange.request, loginBody)
  if (!body.ok) return problemAnswer(body.problem)

  const { username, password, device_secret: deviceSecret } = body.value
  const target = loginTarget(body.value, config)
  if (target.kind === 'refused') return problemAnswer(problem('body_invalid', target.detail))
  const { addressPrefix } = exchange
  const verdict = await accounts.signIn({ username, password, deviceSecret, addressPrefix })
  if (!verdict.ok) return refuseCredentials(verdict)
  const scope = grantedScope(verdict.user, body.value.scope)
  if (scope === undefined) {
    await verdict.attempt.refund()
    return problemAnswer(problem('insufficient_scope', 'scope: expected scopes of the account, got another'))
  }
  // Nothing, when the password was changed or the account disabled while this one was being verified (P2).
  const { transport } = asked
  const device = deviceOf(exchange, { transport, scope })
  const tokenSet = await verdict.attempt.refundWith((refund) =>
    tokens.begin(verdict.user, device, { target, refund }),
  )
  return tokenSet === undefined
    ? refuseCredentials({ code: 'credentials_invalid' })
    : tokenSetAnswer(200, { ...tokenSet, device_secret: verdict.deviceSecret }, transport)
}

function grantedScope({ scope: held }: User, asked = ''): string | undefined {
  const wanted = new Set(['account', ...asked.split(' ').filter((part) => part !== '')])
  return [...wanted].every((part) => held.split(' ').includes(part)) ? [...wanted].join(' ') : undefined
}
