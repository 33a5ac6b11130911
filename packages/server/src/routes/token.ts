/** `POST /token`: the token endpoint (RFC 6749 §3.2), for refresh. Errors after §5.2, with our `code` beside them. */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, oauthAnswer, tokenAnswer, waitProblem } from '../http/answer.ts'
import type { Form } from '../http/form.ts'
import { readForm } from '../http/read-body.ts'
import { isRetryKey } from '../tokens/refresh-token.ts'
import type { RefreshResult } from '../tokens/session-tokens.ts'
import type { Endpoint } from './desk.ts'

export const token: Endpoint = async ({ tokens }, { request }) => {
  const form = await readForm(request)
  if (!form.ok) return asOAuthAnswer(form.problem)
  const refusal = refuseGrant(form.value)
  if (refusal !== undefined) return refusal

  const refreshToken = form.value.get('refresh_token')
  if (refreshToken === undefined) return invalidRequest('refresh_token: expected a refresh token, got none')
  const retryKey = request.headers.get('idempotency-key') ?? undefined
  if (retryKey !== undefined && !isRetryKey(retryKey)) {
    return invalidRequest('Idempotency-Key: expected 22 to 128 letters, digits, - and _')
  }

  const clientId = form.value.get('client_id')
  const scope = form.value.get('scope')
  return answer(await tokens.refresh({ refreshToken, clientId, retryKey, scope }))
}

function refuseGrant(form: Form): Answer | undefined {
  const grant = form.get('grant_type')
  if (grant === 'refresh_token') return undefined
  if (grant === undefined) return invalidRequest('grant_type: expected refresh_token, got none')
  const detail =
    grant === 'password'
      ? 'this grant is not offered (RFC 9700 section 2.4): sign in at /login'
      : 'grant_type: expected refresh_token, got another'
  return oauthAnswer('unsupported_grant_type', 'request_invalid', detail)
}

function invalidRequest(detail: string): Answer {
  return oauthAnswer('invalid_request', 'request_invalid', detail)
}

function answer(result: RefreshResult): Answer {
  switch (result.status) {
    case 'issued':
      return tokenAnswer(200, result.tokens)
    case 'refused':
      return oauthAnswer(result.error, result.code, result.detail)
    case 'wait': {
      const detail = 'the same refresh was asked for a moment ago: wait'
      return asOAuthAnswer(waitProblem('throttled', detail, result.retryAfterSeconds))
    }
    case 'secret_unknown':
      return asOAuthAnswer(problem('unavailable', 'the server cannot judge this token now: try again later'))
  }
}
