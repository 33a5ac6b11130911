/** `POST /login`: user name and password for a session. */
import { problemAnswer, tokenAnswer } from '../http/answer.ts'
import { readJson } from '../http/read-body.ts'
import { credentialsBody, deviceOf, refuseCredentials } from './credentials.ts'
import type { Endpoint } from './desk.ts'

export const login: Endpoint = async ({ accounts, tokens }, exchange) => {
  const body = await readJson(exchange.request, credentialsBody)
  if (!body.ok) return problemAnswer(body.problem)

  const verdict = await accounts.signIn({ ...body.value, addressPrefix: exchange.addressPrefix })
  if (!verdict.ok) return refuseCredentials(verdict)

  // Nothing, when the password was changed or the account disabled while this one was being verified (P2).
  const tokenSet = await tokens.begin(verdict.user, deviceOf(exchange))
  return tokenSet === undefined
    ? refuseCredentials({ code: 'credentials_invalid' })
    : tokenAnswer(200, tokenSet)
}
