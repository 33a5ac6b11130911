/** `POST /token`: the token endpoint (RFC 6749 §3.2). Errors after §5.2, with our `code` beside them. */
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, invalidRequest, oauthAnswer } from '../http/answer.ts'
import { readForm } from '../http/read-body.ts'
import { clientCredentialsGrant } from './client-credentials-grant.ts'
import type { Endpoint } from './desk.ts'
import { refreshGrant } from './refresh-grant.ts'

export const token: Endpoint = async (desk, exchange) => {
  const form = await readForm(exchange.request)
  if (!form.ok) return asOAuthAnswer(form.problem)
  const grant = form.value.get('grant_type')
  switch (grant) {
    case 'refresh_token':
      return refreshGrant(desk, exchange, form.value)
    case 'client_credentials':
      return clientCredentialsGrant(desk, exchange, form.value)
    case 'password':
      return unsupported('this grant is not offered (RFC 9700 section 2.4): sign in at /login')
    case undefined:
      return invalidRequest('grant_type: expected refresh_token or client_credentials, got none')
    default:
      return unsupported('grant_type: expected refresh_token or client_credentials, got another')
  }
}

function unsupported(detail: string): Answer {
  return oauthAnswer('unsupported_grant_type', 'request_invalid', detail)
}
