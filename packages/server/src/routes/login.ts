/** `POST /login`: user name and password for a session. */
import { problemAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import { credentialsBody, deviceOf, refuseCredentials } from './credentials.ts'
import type { Endpoint } from './desk.ts'
import { askedTransport, tokenSetAnswer } from './transport.ts'

export const login: Endpoint = async ({ config, accounts, tokens }, exchange) => {
  const asked = askedTransport(exchange, config)
  if (!asked.ok) return problemAnswer(asked.problem)
  const body = await readJson(exchange.request, credentialsBody)
  if (!body.ok) return problemAnswer(body.problem)

  const verdict = await accounts.signIn({ ...body.value, addressPrefix: exchange.addressPrefix })
  if (!verdict.ok) return refuseCredentials(verdict)

  // Nothing, when the password was changed or the account disabled while this one was being verified (P2).
  const tokenSet = await tokens.begin(verdict.user, deviceOf(exchange, asked.transport))
  return tokenSet === undefined
    ? refuseCredentials({ code: 'credentials_invalid' })
    : tokenSetAnswer(200, tokenSet, asked.transport)
}
