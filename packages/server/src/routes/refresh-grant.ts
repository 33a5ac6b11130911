/** `grant_type=refresh_token` (RFC 6749 §6). */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, invalidRequest, oauthAnswer, tokenAnswer, waitProblem } from '../http/answer.ts'
import type { Form } from '../http/form.ts'
import { isRetryKey } from '../tokens/refresh-token.ts'
import type { RefreshResult } from '../tokens/session-tokens.ts'
import { callingClient } from './calling-client.ts'
import type { Desk, Exchange } from './desk.ts'

export async function refreshGrant(desk: Desk, exchange: Exchange, form: Form): Promise<Answer> {
  const refreshToken = form.get('refresh_token')
  if (refreshToken === undefined) return invalidRequest('refresh_token: expected a refresh token, got none')
  const retryKey = exchange.request.headers.get('idempotency-key') ?? undefined
  if (retryKey !== undefined && !isRetryKey(retryKey)) {
    return invalidRequest('Idempotency-Key: expected 22 to 128 letters, digits, - and _')
  }
  const caller = await callingClient(desk, exchange, form)
  if (!caller.ok) return caller.answer

  const clientId = caller.client?.clientId ?? form.get('client_id')
  return answer(await desk.tokens.refresh({ refreshToken, clientId, retryKey, scope: form.get('scope') }))
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
