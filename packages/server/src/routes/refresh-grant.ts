/** `grant_type=refresh_token` (RFC 6749 §6). */
import { problem } from '@tessera/guard'
import type { Answer } from '../http/answer.ts'
import { asOAuthAnswer, invalidRequest, oauthAnswer, waitProblem } from '../http/answer.ts'
import type { Form } from '../http/form.ts'
import type { Transport } from '../store/store.ts'
import { isRetryKey } from '../tokens/refresh-token.ts'
import type { RefreshResult } from '../tokens/refresh.ts'
import { callingClient } from './calling-client.ts'
import type { Desk, Exchange } from './desk.ts'
import { askedTransport, tokenSetAnswer } from './transport.ts'

export async function refreshGrant(desk: Desk, exchange: Exchange, form: Form): Promise<Answer> {
  const asked = askedTransport(exchange, desk.config)
  if (!asked.ok) return asOAuthAnswer(asked.problem)
  const { transport } = asked
  const inBody = form.get('refresh_token')
  if (transport === 'cookie' && inBody !== undefined) {
    return invalidRequest('refresh_token: expected it in the cookie, got one in the body')
  }
  const refreshToken = transport === 'cookie' ? asked.refreshToken : inBody
  // A page cannot see the cookie: this tells it that there is none any more.
  if (transport === 'cookie' && refreshToken === undefined)
    return oauthAnswer('invalid_request', 'token_missing', 'expected the session cookie, got none: log in')
  if (refreshToken === undefined) return invalidRequest('refresh_token: expected a refresh token, got none')
  const retryKey = exchange.request.headers.get('idempotency-key') ?? undefined
  if (retryKey !== undefined && !isRetryKey(retryKey)) {
    return invalidRequest('Idempotency-Key: expected 22 to 128 letters, digits, - and _')
  }
  const caller = await callingClient(desk, exchange, form)
  if (!caller.ok) return caller.answer

  const clientId = caller.client?.clientId ?? form.get('client_id')
  const scope = form.get('scope')
  const resource = form.get('resource')
  const result = await desk.tokens.refresh({ refreshToken, clientId, retryKey, transport, scope, resource })
  return answer(result, transport)
}

function answer(result: RefreshResult, transport: Transport): Answer {
  switch (result.status) {
    case 'issued':
      return tokenSetAnswer(200, result.tokens, transport)
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
